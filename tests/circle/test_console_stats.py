"""mta stats releases: what an operator is told of when new slots appear, in words, as JSON and as a picture."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from core.catalog import Catalog, Office, Relation, Scope, Service
from core.looks import Answer, Dialect
from core.services import ServiceCount
from core.slots import BERLIN, Slot, utc_now
from models import catalogs, slots_seen, targets
from tests.circle.conftest import Operator
from tests.models_cast import KEY, looked, opened

NOWHERE = "http://127.0.0.1:9"
PASS, CARD, NEW_CARD, UNSEEN = 1063453, 1063441, 1063442, 1063443
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INFO = (
    "Neue Termine werden Mo–Fr von 7 bis 8 Uhr für denselben Tag freigeschaltet. "
    "Wir schalten laufend weitere Termine frei. Geöffnet von 8 bis 12 Uhr."
)
CATALOG = Catalog(
    offices=(Office(id=1, name="Rathaus", scope=Scope(id=1, info=INFO)),),
    services=(
        Service(id=PASS, name="Reisepass"),
        Service(id=CARD, name="Ausweis"),
        Service(id=NEW_CARD, name="Ausweis"),
        Service(id=UNSEEN, name="Fundsache abholen"),
    ),
    relations=tuple(Relation(office_id=1, service_id=one) for one in (PASS, CARD, NEW_CARD, UNSEEN)),
)
BEGIN = (utc_now() - 3 * DAY).replace(minute=0, second=0, microsecond=0)


def look_for_an_hour(session: Session, target_id: int) -> None:
    """Every five minutes but the last; two slots come at five past, one of them goes at a quarter past."""
    same_day, in_a_week = (Slot(BEGIN + 20 * HOUR, 1), Slot(BEGIN + 7 * DAY, 1))
    for minutes in range(0, 55, 5):
        offered = {0: (), 5: (same_day, in_a_week), 10: (same_day, in_a_week)}.get(minutes, (in_a_week,))
        at = BEGIN + minutes * MINUTE
        slots_seen.record(session, target_id, looked(Answer.FREE, *offered, at=at), now=at)


def look_twice(session: Session, target_id: int) -> None:
    for minutes in (0, 5):
        at = BEGIN + 5 * HOUR + minutes * MINUTE
        slots_seen.record(session, target_id, looked(Answer.NONE, at=at), now=at)


def recorded(session: Session) -> None:
    catalogs.keep(session, NOWHERE, Dialect.AUG, CATALOG, now=utc_now() - 300 * DAY)
    target_id = targets.join(session, [ServiceCount(CARD), ServiceCount(PASS)], captcha=False).id
    look_for_an_hour(session, target_id)
    look_twice(session, target_id)


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator with records, an old catalogue, and no City to ask."""
    home = tmp_path_factory.mktemp("clerk")
    database = opened(f"sqlite:///{home / 'data' / 'mta.sqlite3'}")
    (home / "data" / "keys").write_text(KEY)
    (home / "data" / "keys").chmod(0o600)
    database.migrate()
    database.transact(recorded)
    database.close()
    return Operator(home, {"MTA_SITE_URL": NOWHERE})


def cell(moment: datetime, told: dict[str, Any]) -> dict[str, Any]:
    local = moment.astimezone(BERLIN)
    return dict(told["hours"][local.weekday() * 24 + local.hour])


def test_what_was_seen_is_told_with_what_it_rests_on(clerk: Operator) -> None:
    told = clerk.says("stats", "releases", str(PASS), "--json").json()

    assert told["service"] == {"id": PASS, "name": "Reisepass"}
    assert (told["looks"], told["sight_hours"], told["new_slots"]) == (13, round(55 / 60, 2), 2)
    assert told["known_to_within_seconds"] == 300
    assert told["stay"] == {
        "median_seconds": 600,
        "at_least_seconds": None,
        "seen_to_go": 1,
        "not_seen_to_go": 1,
    }
    assert told["recorded"] == [], "one busy morning is no pattern"


def test_hours_nobody_looked_into_are_not_said_to_be_empty(clerk: Operator) -> None:
    told = clerk.says("stats", "releases", str(PASS), "--json").json()

    seen, empty, unseen = (cell(BEGIN + hours * HOUR, told) for hours in (0, 5, 2))
    assert (seen["slots"], seen["sight_minutes"]) == (2, 50)
    assert (empty["slots"], empty["sight_minutes"]) == (0, 5)
    assert (unseen["slots"], unseen["sight_minutes"]) == (None, 0)
    assert told["hours_of_the_week_without_sight"] == 7 * 24 - 2


def test_the_table_marks_what_was_hardly_or_never_seen(clerk: Operator) -> None:
    lines = clerk.says("stats", "releases", str(PASS)).out.splitlines()

    hours = {line[:2]: line.split()[2:] for line in lines if line[5:7] == " h"}
    by_day = {hours: (BEGIN + hours * HOUR).astimezone(BERLIN) for hours in (0, 5, 2)}
    assert len(hours) == 24
    assert [hours[f"{day:%H}"][day.weekday()] for day in by_day.values()] == ["2", "0?", "-"]
    assert "13, in sight for 55 min" in "\n".join(lines)
    assert "166 of the 168 hours of a week" in "\n".join(lines)


def test_what_the_offices_publish_is_told_in_their_words(clerk: Operator) -> None:
    told = clerk.says("stats", "releases", str(UNSEEN), "--json").json()

    assert [(one["window"], one["lead_days"]) for one in told["published"]] == [
        ({"weekdays": ["mon", "tue", "wed", "thu", "fri"], "from": "07:00", "to": "08:00"}, 0),
        (None, None),
    ]
    assert told["published"][1]["said"] == "Wir schalten laufend weitere Termine frei."
    assert told["published"][0]["offices"] == [{"id": 1, "name": "Rathaus"}]


def test_where_nobody_looked_that_is_all_that_is_said(clerk: Operator) -> None:
    out = clerk.says("stats", "releases", str(UNSEEN)).out

    assert "Mon-Fri 07:00-08:00" in out
    assert "no hours that can be read" in out
    assert "Nobody looked." in out
    assert "0" not in out.partition("Nobody looked.")[2]


def test_a_service_is_found_by_its_words_without_asking_the_city(clerk: Operator) -> None:
    assert clerk.says("stats", "releases", "fundsach", "abhohlen", "--json").json()["service"]["id"] == UNSEEN


def test_the_span_is_what_was_asked_for(clerk: Operator) -> None:
    told = clerk.says("stats", "releases", str(PASS), "--days", "2", "--json").json()

    assert (told["looks"], told["new_slots"]) == (0, 0)
    assert all(one["slots"] is None for one in told["hours"])


@pytest.mark.parametrize("service", [PASS, UNSEEN], ids=["with slots", "never looked at"])
def test_a_picture_is_drawn_beside_the_words(clerk: Operator, service: int, tmp_path: Path) -> None:
    picture = tmp_path / "new" / "slots.png"

    said = clerk.says("stats", "releases", str(service), "--png", str(picture))

    assert said.status == 0
    assert said.err == f"Drawn: {picture}\n"
    assert picture.read_bytes().startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("106345",), 2, "The City has no service 106345. Nearest: Reisepass (1063453)"),
        (("Heiratsurkunde",), 2, "Nothing in the City's catalogue is called like “Heiratsurkunde”."),
        (("Ausweis",), 2, "“Ausweis” may be several services. Give the number: Ausweis (1063441), Ausweis (1063442)."),
        ((str(PASS), "--days", "0"), 2, "Invalid value for '--days'"),
        ((str(PASS), "--days", "366"), 2, "Invalid value for '--days'"),
        ((str(PASS), "--png", "/"), 2, "/ cannot be written: Is a directory."),
        (("Reisepass", "--site", "http://127.0.0.1:9/other"), 1, "The City's page could not be loaded."),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, tuple) else None,
)
def test_what_cannot_be_told_is_refused_in_a_sentence(
    clerk: Operator, words: tuple[str, ...], status: int, sentence: str
) -> None:
    assert sentence in clerk.says("stats", "releases", *words).refusal(status=status)


def test_records_can_be_read_where_no_catalogue_is_kept(clerk: Operator) -> None:
    said = clerk.says("stats", "releases", str(PASS), "--site", "http://127.0.0.1:9/other")

    assert f"service {PASS} ({PASS})" in said.out
    assert "What the offices publish is not known" in said.out
    assert "13, in sight for 55 min" in said.out
