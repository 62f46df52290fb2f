"""mta halt, mta resume and mta halts, as an operator uses them."""

import pytest
from sqlmodel import Session

from core.slots import utc_now
from models import events, halting, lanes, targets
from models.database import Database
from models.keyring import Keyring
from tests.circle.conftest import Operator
from tests.models_cast import BELA, LICENCE, PASSPORT, watch_of

PASS, LIC = str(PASSPORT.service_id), str(LICENCE.service_id)


@pytest.fixture(scope="module")
def rows(operator: Operator) -> Database:
    """What the operator's commands work on: two wishes."""
    operator.says("chats", "list")
    keyring = Keyring.from_file(operator.home / "data" / "keys")
    database = Database(f"sqlite:///{operator.home / 'data' / 'mta.sqlite3'}", keys=keyring)
    with database.transaction() as session:
        watch_of(session, now=utc_now())
        watch_of(session, BELA, services=(LICENCE,), now=utc_now())
    return database


def halted(database: Database) -> list[bool]:
    with database.reading() as session:
        return [one.halted for one in targets.list(session)]


def noted(database: Database) -> list[tuple[str, object, object]]:
    with database.reading() as session:
        every = [one for one in events.since(session, 0) if one.kind.startswith("operator.")]
    return [(one.kind, one.fields.get("service_id"), one.fields["by"]) for one in every]


def test_one_service_is_halted_and_goes_on_and_it_is_known_who_did_it(operator: Operator, rows: Database) -> None:
    who = {"SUDO_USER": "anna"}
    rows.transact(lambda session: halting.halt(session, LICENCE.service_id, by="chat 7", now=utc_now()))

    said = operator.says("halt", PASS, **who)
    both = halted(rows)
    listed = operator.says("halts", "--json").json()
    table = operator.says("halts").out
    resumed = operator.says("resume", PASS, LIC, **who)

    assert said.out == f"Nobody looks any more for: service {PASS}. Go on with: mta resume {PASS}\n"
    assert (both, halted(rows)) == ([True, True], [False, False])
    assert {str(one["service"]): one["by"] for one in listed} == {LIC: "chat 7", PASS: "shell of anna"}
    assert "shell of anna" in table
    assert resumed.out == f"Not halted any more: service {PASS}; service {LIC}.\n"
    assert operator.says("halts").out == "No service is halted.\n"
    assert noted(rows)[-3:] == [
        ("operator.halted", PASSPORT.service_id, "shell of anna"),
        ("operator.lifted", PASSPORT.service_id, "shell of anna"),
        ("operator.lifted", LICENCE.service_id, "shell of anna"),
    ]


def test_everything_stops_and_goes_on_but_what_rests_by_itself(operator: Operator, rows: Database) -> None:
    def blocked(session: Session) -> None:
        lane = lanes.ensure_known(session, "second")
        lane.trouble, lane.reason, lane.breaker_until = "blocked", "blocked", utc_now().replace(year=2099)

    rows.transact(blocked)
    operator.says("halt", PASS)

    said = operator.says("halt", "--all")
    closed = {one["name"]: one["state"] for one in operator.says("lane", "list", "--json").json()}
    one_alone = operator.says("resume", PASS).out
    resumed = operator.says("resume", "--all").out
    after = {one["name"]: one["state"] for one in operator.says("lane", "list", "--json").json()}

    assert said.out == "Nobody is looking any more. Paused: main, second. Go on with: mta resume --all\n"
    assert closed == {"main": "paused", "second": "paused"}
    assert "Lane main is closed all the same (by the operator). See: mta lane list" in one_alone
    assert resumed == "Nothing is halted any more.\nLane second is closed all the same (blocked). See: mta lane list\n"
    assert after == {"main": "open", "second": "rests"}
    assert [kind for kind, _, _ in noted(rows)][-4:] == [
        "operator.halted",
        "operator.paused",
        "operator.lifted",
        "operator.resumed",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("halt",), "Which service? Name its number, or say --all."),
        (("resume", "--all", PASS), "Either services or --all, not both."),
        (("halt", PASS, "4711"), "Nobody knows a service 4711. See: mta catalog search"),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(value),
)
def test_what_cannot_be_is_said_in_a_sentence(
    operator: Operator, rows: Database, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in operator.says(*words).refusal(status=2)
    assert halted(rows) == [False, False], "all of them or none"
