"""An operator asks what MTA can see: watches in words, and the canary."""

import pytest

from tests.circle.conftest import ERIKA, MANDATED, Operator

KFZ = "1064305"
NOWHERE = "http://127.0.0.1:9"


def test_a_watch_that_was_never_looked_at_says_so(operator: Operator) -> None:
    operator.starts("watch", "add", KFZ, *ERIKA, MANDATED)

    listed = operator.says("watch", "list", "--json").json()

    assert {one["sight"] for one in listed if one["state"] == "open"} == {"never yet"}
    assert "last good look" in operator.says("watch", "list").out
    assert operator.says("watch", "show", str(listed[-1]["id"]), "--json").json()["sight"] == "never yet"


def test_pages_that_are_as_known_are_told_with_status_0(operator: Operator) -> None:
    said = operator.starts("portal", "check", KFZ)
    report = operator.starts("portal", "check", KFZ, "--json").json()

    assert said.status == 0
    assert "1064305 Fahrzeug abmelden" in said.out
    assert (report["verdict"], report["dialect"], [one["id"] for one in report["services"]]) == (
        "as known",
        "aug",
        [1064305],
    )
    assert 0 < report["requests"] < 10


def test_a_city_that_is_not_there_is_told_with_status_1(operator: Operator) -> None:
    report = operator.starts("portal", "check", "--json", "--site", NOWHERE).json(status=1)

    assert (report["verdict"], report["catalogue"]["blind"], report["services"]) == ("blind", "failed", [])


@pytest.mark.parametrize("service", ["Reisepass", "99"])
def test_a_service_the_city_does_not_have_is_refused_with_status_2(operator: Operator, service: str) -> None:
    assert service in operator.starts("portal", "check", service).refusal(status=2)
