"""The layers before the API: request limit, address filter, size, security headers, maintenance."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from rehearsal.client_address import client_address, listed
from rehearsal.limiter import Limiter
from rehearsal.protection import SECURITY_HEADERS
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import API, EVENING, OpenCity, Visitor, codes

MINUTE = timedelta(seconds=60)
FEW = 5


@pytest.fixture(params=list(Dialect), ids=str)
async def strict(request: pytest.FixtureRequest, open_city: OpenCity) -> Visitor:
    return await open_city(request.param, rate_limit=FEW)


async def test_the_sixty_first_request_is_refused(open_city: OpenCity) -> None:
    city = await open_city()

    statuses = [(await city.get("captcha-details")).status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]


async def test_the_remaining_count_told_is_one_too_low(strict: Visitor) -> None:
    answers = [await strict.get("captcha-details") for _ in range(FEW)]

    assert [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers] == [3, 2, 1, 0, 0]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"5"}
    expected = EVENING.timestamp() + 60
    assert abs(int(answers[0].headers["X-RateLimit-Reset"]) - expected) < 30


async def test_a_refusal_carries_neither_budget_nor_security_headers(strict: Visitor) -> None:
    for _ in range(FEW):
        await strict.get("captcha-details")

    refused = await strict.get("captcha-details")

    assert (refused.status_code, codes(refused)) == (429, ["rateLimitExceeded"])
    absent = {*SECURITY_HEADERS, "X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After"}
    assert all(name not in refused.headers for name in absent)


async def test_only_silence_clears_the_counter(strict: Visitor) -> None:
    # given five accepted requests, the last after 40 seconds
    for _ in range(FEW - 1):
        await strict.get("captcha-details")
    await strict.pass_time(minutes=40 / 60)
    await strict.get("captcha-details")

    # when asking 40 and again 65 seconds after the last accepted one
    await strict.pass_time(minutes=40 / 60)
    early = await strict.get("captcha-details")
    await strict.pass_time(minutes=25 / 60)
    late = await strict.get("captcha-details")

    # then the refused one did not renew the wait
    assert (early.status_code, late.status_code) == (429, 200)
    assert late.headers["X-RateLimit-Remaining"] == "3"


async def test_every_address_has_its_own_budget(strict: Visitor) -> None:
    for _ in range(FEW):
        await strict.get("captcha-details")

    other = await strict.get("captcha-details", headers={"X-Forwarded-For": "198.51.100.7"})

    assert other.status_code == 200


async def test_errors_and_unknown_routes_cost_budget_too(strict: Visitor) -> None:
    for _ in range(FEW):
        await strict.get("no-such-thing")

    assert (await strict.get("captcha-details")).status_code == 429


async def test_the_page_and_the_control_routes_cost_nothing(strict: Visitor) -> None:
    for _ in range(FEW + 1):
        await strict.look("state")
        await strict.raw("GET", "/")

    assert (await strict.get("captcha-details")).status_code == 200


async def test_maintenance_costs_budget_and_comes_with_headers(strict: Visitor) -> None:
    await strict.order("mood", moods=["maintenance"])

    answers = [await strict.get("offices-and-services") for _ in range(FEW + 1)]

    assert [answer.status_code for answer in answers] == [503] * FEW + [429]
    assert codes(answers[0]) == ["serviceUnavailable"]
    assert answers[0].headers["X-Frame-Options"] == "DENY"


async def test_every_security_header_is_on_a_good_answer(strict: Visitor) -> None:
    answer = await strict.get("captcha-details")

    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


async def test_a_blacklisted_address_is_refused_before_anything_is_counted(strict: Visitor) -> None:
    await strict.order("blacklist", ranges=["10.0.0.0/8", "127.0.0.0/8"])

    refused = await strict.get("captcha-details")
    from_elsewhere = await strict.get("captcha-details", headers={"Client-IP": "192.0.2.1"})

    assert (refused.status_code, codes(refused)) == (403, ["IP_BLACKLISTED"])
    assert "X-Frame-Options" not in refused.headers
    assert from_elsewhere.status_code == 200
    assert (await strict.look("state"))["limiter"] == {"192.0.2.1": 1}


async def test_a_blacklist_entry_that_is_no_address_is_refused(strict: Visitor) -> None:
    answer = await strict.raw("POST", "/rehearsal/blacklist", json={"ranges": ["nobody"]})

    assert answer.status_code == 422


async def test_a_request_too_large_is_refused_uncounted(open_city: OpenCity) -> None:
    city = await open_city(max_request_size=100)

    answer = await city.raw("POST", f"{API}/captcha-verify/", content=b"x" * 101)

    assert (answer.status_code, codes(answer)) == (413, ["requestEntityTooLarge"])
    assert "X-Frame-Options" not in answer.headers
    assert (await city.look("state"))["limiter"] == {}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "192.0.2.1"),
        ({"Forwarded": "203.0.113.5"}, "203.0.113.5"),
        ({"Forwarded": "for=203.0.113.5"}, "192.0.2.1"),
        ({"X-Forwarded-For": "unknown, 203.0.113.5, 203.0.113.6"}, "203.0.113.5"),
        ({"X-Forwarded-For": "203.0.113.5", "Client-IP": "203.0.113.7"}, "203.0.113.7"),
        ({"X-Cluster-Client-IP": "2001:db8::1", "Forwarded-For": "203.0.113.7"}, "2001:db8::1"),
        ({"X-Real-IP": "203.0.113.5"}, "192.0.2.1"),
    ],
)
def test_the_client_is_the_first_valid_address_in_the_citys_order(headers: dict[str, str], expected: str) -> None:
    assert client_address(Headers(headers), peer="192.0.2.1") == expected


def test_lists_of_addresses_take_blocks_and_pass_over_nonsense() -> None:
    assert listed("10.1.2.3", ["nonsense", "10.0.0.0/8"])
    assert not listed("11.1.2.3", ["nonsense", "10.0.0.0/8"])
    assert not listed("2001:db8::1", ["10.0.0.0/8"])
    assert not listed("testclient", ["0.0.0.0/0"])


@settings(max_examples=200, deadline=None)
@given(pauses=st.lists(st.integers(min_value=0, max_value=90), max_size=60), limit=st.integers(1, 6))
def test_the_limiter_follows_the_rule_whatever_the_rhythm(pauses: list[int], limit: int) -> None:
    """The rule told again: count accepted requests; each within a minute of the last accepted one adds up."""
    limiter = Limiter(limit=limit, window=MINUTE)
    now, last, count = EVENING, datetime.min.replace(tzinfo=EVENING.tzinfo), 0

    for pause in pauses:
        now += timedelta(seconds=pause)
        count = count if now < last + MINUTE else 0
        expected = count < limit

        assert limiter.accept("client", now=now) is expected

        if expected:
            count, last = count + 1, now
            assert limiter.headers("client", now=now)["X-RateLimit-Remaining"] == str(max(0, limit - count - 1))
