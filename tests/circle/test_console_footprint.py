"""mta stats footprint, on rows as a day leaves them; and that what a command asks of the City is in it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from core.footprint import Habit, Purpose, munich_day
from core.looks import Answer
from core.slots import utc_now
from models import footprints, looks
from models.database import Database
from models.encryption import Keyring
from tests.circle.conftest import Operator
from tests.models_cast import LICENCE, PASSPORT, looked, watch_of

LANE = "main"


def database_of(operator: Operator) -> Database:
    """The rows the command reads, made by a first command."""
    operator.says("watch", "list")
    data = operator.home / "data"
    return Database(f"sqlite:///{data / 'mta.sqlite3'}", keys=Keyring.from_file(data / "keys"))


@pytest.fixture
def nowhere(tmp_path: Path) -> Operator:
    return Operator(tmp_path, {"MTA_SITE_URL": "http://127.0.0.1:9"})


@pytest.fixture
def day(nowhere: Operator) -> Iterator[Database]:
    """Three people, two of whom wait behind the captcha box for the same; eleven requests."""

    def fill(session: Session) -> None:
        now = utc_now()
        yesterday = now - timedelta(days=1)
        boxed = [watch_of(session, services=[PASSPORT], captcha=True, now=yesterday) for _ in range(2)]
        watch_of(session, services=[LICENCE], now=yesterday)
        for look in (looked(Answer.NONE, at=now), looked(Answer.NONE, at=now)):
            looks.record(session, boxed[0].target_id, LANE, look)
        for purpose, requests in ((Purpose.LOOK, 4), (Purpose.BOOK, 3), (Purpose.READ, 2)):
            footprints.add(session, lane=LANE, purpose=purpose, requests=requests, received=1000, now=now)
        footprints.add(session, lane="second", purpose=Purpose.LOOK, requests=2, now=now)
        footprints.add(session, lane=LANE, purpose=Purpose.LOOK, requests=99, now=now - timedelta(days=1))

    with closing(database_of(nowhere)) as database:
        database.transact(fill)
        yield database


@pytest.mark.usefixtures("day")
def test_the_day_is_told_by_purpose_hour_target_and_person(nowhere: Operator) -> None:
    told = nowhere.says("stats", "footprint", "--json").json()

    assert (told["requests"], told["received"], told["people"]) == (11, 3000, 3)
    assert told["requests_per_person"] == 3.67
    assert {name: count for name, count in told["by_purpose"].items() if count} == {"look": 6, "book": 3, "read": 2}
    assert {(one["purpose"], one["requests"]) for one in told["by_hour"]} == {("look", 6), ("book", 3), ("read", 2)}
    assert [(one["services"], one["people"], one["looks"], one["requests"]) for one in told["by_target"]] == [
        ([str(PASSPORT)], 2, 2, 4)
    ]


@pytest.mark.usefixtures("day")
def test_what_the_same_people_would_send_by_hand_stands_beside_it(nowhere: Operator) -> None:
    told = nowhere.says("stats", "footprint", "--every", "1m", "--json").json()

    awake = Habit().awake(munich_day(utc_now()))
    minutes = max(0, (awake.end - awake.start) // timedelta(minutes=1))
    assert told["by_hand"]["requests"] in {(5 + 5 + 2) * some for some in (minutes - 1, minutes)}
    assert told["by_hand"]["every_minutes"] == 1
    by_hand = told["by_hand"]["requests"]
    assert told["ratio"] == (round(11 / by_hand, 3) if by_hand else None)


@pytest.mark.usefixtures("day")
def test_an_operator_reads_it_with_what_it_assumes(nowhere: Operator) -> None:
    said = nowhere.says("stats", "footprint")

    assert (said.status, said.err) == (0, "")
    assert "11: looks 6, bookings 3, reading back 2" in said.out
    assert "every 10 minutes from 07:00 to 22:00 (2 calls each time, 5 with the captcha box)" in said.out
    assert "Counted are calls of the City's API" in said.out


def test_a_day_without_anything_is_told_too(nowhere: Operator) -> None:
    told = nowhere.says("stats", "footprint", "--json").json()

    assert (told["requests"], told["people"], told["requests_per_person"], told["ratio"]) == (0, 0, None, None)
    assert nowhere.says("stats", "footprint").status == 0


@pytest.mark.parametrize(
    ("every", "sentence"), [("often", "“often” is not a span of time."), ("0m", "Nobody opens the page")]
)
def test_an_assumption_that_cannot_be_is_refused(nowhere: Operator, every: str, sentence: str) -> None:
    assert sentence in nowhere.says("stats", "footprint", "--every", every).refusal(status=2)


def test_what_commands_ask_of_the_city_is_in_it(operator: Operator) -> None:
    operator.says("catalog", "search", "Reisepass")
    looked_once = operator.says("look", "1064305", "--days", "2", "--json").json()
    operator.says("doctor")

    told = operator.says("stats", "footprint", "--json").json()

    assert {name: count for name, count in told["by_purpose"].items() if count} == {
        "catalog": 1,
        "look": looked_once["requests"],
        "check": 1,
    }
