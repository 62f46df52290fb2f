"""mta watch replay, on rows as a week of looking leaves them. No city is needed for it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from core.looks import Answer
from core.slots import BERLIN, Slot, utc_now
from core.wishes import HourRange, WishRules
from models import bookings, looks, slots_seen, watches
from models.database import Database
from models.encryption import Keyring
from tests.circle.conftest import Operator
from tests.models_cast import LICENCE, PASSPORT, TO_CONFIRMED, looked, walk, watch_of

RUPPERT, PASING = 10489, 54261
MINUTE = timedelta(minutes=1)
WOHNSITZ = str(PASSPORT.service_id)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path, {"MTA_SITE_URL": "http://127.0.0.1:9"})


@contextmanager
def rows_of(operator: Operator) -> Iterator[Database]:
    """The rows the command reads, made by a first command."""
    operator.says("watch", "list")
    data = operator.home / "data"
    with closing(Database(f"sqlite:///{data / 'mta.sqlite3'}", keys=Keyring.from_file(data / "keys"))) as database:
        yield database


def morning(hour: int, *, office: int, days: int = 9) -> Slot:
    day = utc_now().astimezone(BERLIN).date() + timedelta(days=days)
    return Slot(datetime.combine(day, time(hour), BERLIN), office)


def look(session: Session, target_id: int, at: datetime, *slots: Slot, office_ids: frozenset[int]) -> None:
    answer = Answer.FREE if slots else Answer.NONE
    seen = looked(answer, *slots, at=at, office_ids=office_ids)
    looks.record(session, target_id, "main", seen)
    slots_seen.record(session, target_id, seen, now=at)


@pytest.fixture
def watch(operator: Operator) -> str:
    """Who takes Ruppertstraße before noon. Yesterday two slots came there and three at Pasing, which only one saw."""

    def yesterday(session: Session) -> int:
        found = watch_of(session, services=[PASSPORT], office_ids=(RUPPERT,), now=utc_now() - timedelta(days=2))
        found.rules = WishRules(hours=(HourRange(start=time(8), end=time(12)),))
        began, both, alone = utc_now() - timedelta(days=1), frozenset({RUPPERT, PASING}), frozenset({RUPPERT})
        stays, flees, evening = (morning(hour, office=RUPPERT) for hour in (9, 10, 15))
        elsewhere = [morning(hour, office=PASING) for hour in (8, 9, 10)]
        look(session, found.target_id, began, stays, flees, evening, *elsewhere, office_ids=both)
        look(session, found.target_id, began + MINUTE, stays, evening, *elsewhere, office_ids=both)
        look(session, found.target_id, began + 4 * MINUTE, evening, office_ids=alone)
        look(session, found.target_id, began + 64 * MINUTE, evening, office_ids=alone)
        return found.id

    with rows_of(operator) as database:
        return str(database.transact(yesterday))


def test_a_watch_hears_what_it_would_have_had_and_what_would_help_most(operator: Operator, watch: str) -> None:
    told = operator.says("watch", "replay", watch, "--json").json()

    assert (told["slots"], told["lasting"], told["fleeting"], told["unclear"]) == (2, 1, 1, 0)
    assert [one["office_id"] for one in told["pleasing"]] == [RUPPERT, RUPPERT]
    assert [(one["code"], one["more"], one["slots"]) for one in told["relaxations"]] == [
        ("office:54261", 3, 5),
        ("hours:any", 1, 3),
    ]


def test_only_time_between_looks_at_an_office_counts_as_in_sight(operator: Operator, watch: str) -> None:
    told = operator.says("watch", "replay", watch, "--days", "2", "--json").json()

    assert told["hours"] == 48
    assert told["hours_in_sight"] == 0.1
    assert {one["office_id"]: (one["slots"], one["hours_in_sight"]) for one in told["offices_known"]} == {
        RUPPERT: (3, 0.1),
        PASING: (3, 0.0),
    }


def test_an_operator_reads_it_in_sentences(operator: Operator, watch: str) -> None:
    said = operator.says("watch", "replay", watch)

    assert (said.status, said.err) == (0, "")
    assert "such slots:" in said.out
    assert "2 in the last 7 days, for appointments on 1 day; they came on 1 day" in said.out
    assert f"09:00, office {RUPPERT}; it came" in said.out
    assert "stayed 60 s to 4 min" in said.out
    assert "1 seen by one look only and gone at the next" in said.out
    assert "0.1 of 168 hours" in said.out
    assert f"add office {PASING} ({PASING})" in said.out
    assert "Counted is what was looked at." in said.out


@pytest.mark.usefixtures("watch")
def test_rules_can_be_tried_before_there_is_a_watch(operator: Operator) -> None:
    words = ("--service", WOHNSITZ, "--office", str(PASING), "--hours", "9-10", "--json")

    told = operator.says("watch", "replay", *words).json()

    assert (told["offices"], told["slots"]) == ([PASING], 1)
    assert {one["change"]: one["slots"] for one in told["relaxations"]} == {
        "any hour of the same days": 3,
        "begin 1 h earlier": 2,
        "end 1 h later": 2,
        f"add office {RUPPERT} ({RUPPERT})": 2,
    }


@pytest.mark.usefixtures("watch")
def test_every_rule_that_is_typed_is_applied(operator: Operator) -> None:
    day = morning(9, office=PASING).day
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    asked = ("watch", "replay", "--service", WOHNSITZ, "--json")

    def slots(*words: str) -> int:
        return int(operator.says(*asked, *words).json()["slots"])

    assert slots() == 6
    assert slots("--exclude", str(day)) == 0
    assert slots("--from", str(before), "--to", str(before)) == 0
    assert slots("--from", str(before), "--to", str(after)) == 6
    assert slots("--latest", str(before)) == 0
    assert slots("--notice", "12d") == 0


def test_what_nobody_looked_for_is_not_called_nothing(operator: Operator, watch: str) -> None:
    with rows_of(operator) as database:
        other = database.transact(lambda session: watch_of(session, services=[LICENCE], now=utc_now()).id)

    said = operator.says("watch", "replay", str(other))

    assert "none that was seen in the last 7 days" in said.out
    assert "0 of 168 hours: nobody looked, so nothing can be said" in said.out
    assert watch != str(other)


def test_who_has_an_appointment_already_is_told_of_earlier_ones_alone(operator: Operator, watch: str) -> None:
    def with_an_appointment(session: Session) -> None:
        found = watches.get(session, int(watch))
        found.improves_id = confirmed(session, found.id, morning(10, office=RUPPERT))
        found.minimum_gain = timedelta(minutes=30)

    with rows_of(operator) as database:
        database.transact(with_an_appointment)

    assert operator.says("watch", "replay", watch, "--json").json()["slots"] == 1


def confirmed(session: Session, watch_id: int, slot: Slot) -> int:
    booking = bookings.want(session, watch=watches.get(session, watch_id), slot=slot, now=utc_now())
    walk(session, booking.id, *TO_CONFIRMED, now=utc_now())
    return booking.id


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Neither a watch nor a service was named."),
        (("1", "--hours", "8-12"), "A watch has rules of its own."),
        (("999",), "There is no watch 999."),
        (("--service", "1063475=x"), "“1063475=x” is not a service."),
        (("--service", WOHNSITZ, "--hours", "12-8"), "the hours end before they begin"),
        (("--service", WOHNSITZ, "--from", "2026-12-01"), "Every first day (from) needs its last one (to)."),
        (("--service", WOHNSITZ, "--days", "31"), "less than or equal to 30"),
    ],
    ids=lambda value: None if isinstance(value, str) else " ".join(value)[:30],
)
def test_what_cannot_be_replayed_is_refused_in_a_sentence(
    operator: Operator, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in operator.says("watch", "replay", *words).refusal(status=2)
