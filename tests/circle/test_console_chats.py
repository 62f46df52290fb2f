"""mta chats and mta bot, as an operator uses them."""

import pytest

from core.slots import utc_now
from models import chats, invitations, watches
from models.chat import Role
from models.database import Database
from models.keyring import Keyring
from tests.circle.conftest import Operator
from tests.models_cast import watch_of


@pytest.fixture
def rows(operator: Operator) -> tuple[Database, Keyring]:
    """What the operator's commands work on."""
    operator.says("chats", "list")
    keyring = Keyring.from_file(operator.home / "data" / "keys")
    return Database(f"sqlite:///{operator.home / 'data' / 'mta.sqlite3'}", keys=keyring), keyring


def test_an_invitation_is_shown_once_and_lets_in(operator: Operator, rows: tuple[Database, Keyring]) -> None:
    database, keyring = rows
    made = operator.says("chats", "invite", "--role", "operator", "--uses", "2", "--valid", "24h", "--json").json()
    said = operator.says("chats", "invite")

    role = database.transact(lambda session: invitations.use(session, keyring, made["code"], now=utc_now()))

    assert (role, made["uses"]) == (Role.OPERATOR, 2)
    assert "Lets in as person, once, until" in said.out
    database.close()


def test_a_chat_is_listed_entrusted_blocked_and_let_go_on(operator: Operator, rows: tuple[Database, Keyring]) -> None:
    database, keyring = rows
    with database.transaction() as session:
        watch = watch_of(session, now=utc_now())
        chat = chats.meet(session, keyring, 4711, language="en", now=utc_now())
        chats.agree(session, chat.id, "1", now=utc_now())
    number = str(chat.id)

    entrusted = operator.says("chats", "entrust", number, str(watch.person_id))
    [listed] = operator.says("chats", "list", "--json").json()
    blocked = operator.says("chats", "block", number)
    shown = operator.says("watch", "show", str(watch.id))
    [barred] = operator.says("chats", "list", "--state", "blocked", "--json").json()
    freed = operator.says("chats", "unblock", number)

    assert entrusted.out == f"Chat {number} stands for person {watch.person_id}.\n"
    assert (listed["persons"], listed["open_watches"], listed["state"]) == ([watch.person_id], 1, "active")
    assert blocked.out == f"Chat {number} is blocked; watches paused: 1.\n"
    assert "The chat takes no messages any more." in shown.out
    assert (barred["barred"], barred["open_watches"]) == (True, 0)
    assert freed.out == f"Chat {number} is active.\n"
    with database.reading() as session:
        assert watches.get(session, watch.id).state == "open"
    assert "4711" not in operator.says("chats", "list").out
    database.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("chats", "block", "999"), "There is no chat 999. See: mta chats list"),
        (("chats", "invite", "--role", "king"), "“king” is not a role. There are: person, operator."),
        (("chats", "invite", "--valid", "9999d"), "valid for a year at most"),
        (("chats", "list", "--state", "happy"), "“happy” is not a state."),
        (("bot",), "MTA_TELEGRAM_TOKEN is empty."),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(value[:3]),
)
def test_what_cannot_be_is_said_in_a_sentence(operator: Operator, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in operator.says(*words).refusal(status=2)
