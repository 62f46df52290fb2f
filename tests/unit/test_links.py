"""Addresses made for the City's page, and read from what a person pastes."""

import base64
import json
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bookings import HoldKey
from core.errors import BadInput
from portal import links

SITE = "https://stadt.example/buergerservice/termin.html"
KEY = HoldKey(100042, "ab" * 32)
keys = st.builds(
    HoldKey,
    st.integers(min_value=1, max_value=2**53 - 1),
    st.text(min_size=1, max_size=64) | st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
)


def payload(**fields: object) -> str:
    return base64.b64encode(json.dumps(fields).encode()).decode()


def confirm(written: str) -> str:
    return f"{SITE}#/appointment/confirm/{written}"


@given(keys, st.integers(min_value=0, max_value=5), st.sampled_from(["", "=", "=="]))
def test_a_mailed_link_is_read_however_often_it_was_encoded(key: HoldKey, times: int, padding: str) -> None:
    site, _, fragment = links.confirm_link(SITE, key).partition("#")
    fragment += padding
    for _ in range(times):
        fragment = quote(fragment, safe="")
    assert links.parse_confirm_link(f"{site}#{fragment}", SITE) == key


@given(key=keys, padded=st.booleans())
def test_padding_may_be_there_or_not(key: HoldKey, *, padded: bool) -> None:
    written = payload(id=key.process_id, authKey=key.auth_key)
    assert links.parse_confirm_link(confirm(written if padded else written.rstrip("=")), SITE) == key


def test_a_link_encoded_more_often_is_not_ours() -> None:
    fragment = links.confirm_link(SITE, KEY).partition("#")[2]
    for _ in range(6):
        fragment = quote(fragment, safe="")
    with pytest.raises(BadInput):
        links.parse_confirm_link(f"{SITE}#{fragment}", SITE)


@pytest.mark.parametrize("around", ["{}", "Bitte hier: {} Danke", "<{}>", "https://example.org/ {}", "\n{}\n"])
def test_a_link_is_found_anywhere_in_what_was_pasted(around: str) -> None:
    assert links.parse_confirm_link(around.format(links.confirm_link(SITE, KEY)), SITE) == KEY


@given(keys, st.sampled_from(["cancel", "reschedule"]))
def test_an_action_never_survives(key: HoldKey, action: str) -> None:
    written = payload(id=key.process_id, authKey=key.auth_key, action=action, scope={"id": 1})
    read = links.parse_confirm_link(confirm(written), SITE)
    made = links.confirm_link(SITE, read)
    assert read == key
    assert set(json.loads(decoded(made))) == {"id", "authKey"}


def decoded(link: str) -> bytes:
    written = urlsplit(link).fragment.rpartition("/confirm/")[2]
    return base64.b64decode(written + "=" * (-len(written) % 4))


@pytest.mark.parametrize(
    "site",
    [
        "https://elsewhere.example/termin.html",
        "http://stadt.example/buergerservice/termin.html",
        "https://stadt.example:8443/buergerservice/termin.html",
        "https://stadt.example.evil.example/",
        "https://stadt.example@evil.example/",
        "https://[broken/",
    ],
)
def test_a_link_to_another_site_is_refused(site: str) -> None:
    with pytest.raises(BadInput) as refused:
        links.parse_confirm_link(links.confirm_link(site, KEY), SITE)
    assert refused.value.field == "link"


def test_another_page_of_the_site_may_be_named_in_the_mail() -> None:
    link = links.confirm_link("https://stadt.example/anderswo/", KEY)
    assert links.parse_confirm_link(link, SITE) == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ja, bestätigt",
        SITE,
        f"{SITE}#/appointment/{payload(id=1, authKey='a')}",
        confirm(""),
        confirm("%%%"),
        confirm(payload(id=1)),
        confirm(payload(authKey="a")),
        confirm(payload(id=0, authKey="a")),
        confirm(payload(id=True, authKey="a")),
        confirm(payload(id=1.5, authKey="a")),
        confirm(payload(id=2**53, authKey="a")),
        confirm(payload(id="12a", authKey="a")),
        confirm(payload(id=1, authKey="")),
        confirm(payload(id=1, authKey=7)),
        confirm(base64.b64encode(b"[1]").decode()),
        confirm(base64.b64encode(b"\xff\xfe").decode()),
        confirm(base64.b64encode(b"[" * 100_000).decode()),
    ],
)
def test_what_is_no_link_or_a_damaged_one_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        links.parse_confirm_link(text, SITE)
    assert (refused.value.field, bool(refused.value.hint)) == ("link", True)


@given(st.text())
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    with pytest.raises(BadInput):
        links.parse_confirm_link(f"https://stadt.example/#/appointment/confirm/{text}", SITE)


def test_a_number_may_be_written_as_text() -> None:
    assert links.parse_confirm_link(confirm(payload(id="100042", authKey=KEY.auth_key)), SITE) == KEY


@pytest.mark.parametrize("site", [SITE, f"{SITE}#/old", f"{SITE}?exclusiveLocation=1"])
def test_a_target_is_a_deep_link(site: str) -> None:
    base = site.partition("#")[0]
    assert links.target_link(site, service_id=1063475, office_id=102522) == f"{base}#/services/1063475/locations/102522"
    assert links.target_link(site, service_id=1063475, office_id=None) == f"{base}#/services/1063475"


@given(keys)
def test_what_must_not_be_shown_of_a_link_is_known(key: HoldKey) -> None:
    assert links.appointment_link(SITE, key) == f"{SITE}#/appointment/{links.payload_of(key)}"
    assert key.auth_key not in repr(key) or len(key.auth_key) < 4
