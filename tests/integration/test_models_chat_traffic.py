"""What goes in and out of a chat: codes, drafts, the messages that stand for something, and notices."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from models import (
    chat_messages,
    chats,
    deliveries,
    drafts,
    invitations,
    notices,
)
from models.chat import Role
from models.database import Database
from tests.chats_cast import met, told, with_watch
from tests.models_cast import BELA, MINUTE, NOW, RING, watch_of

DAY = timedelta(days=1)


def test_a_code_lets_in_as_often_as_it_says_and_until_it_says(database: Database) -> None:
    code = invitations.new_code()
    with database.transaction() as session:
        invitations.make(session, RING, code, role=Role.OPERATOR, uses=2, until=NOW + DAY, now=NOW)

    def use(typed: str, *, now: datetime = NOW) -> Role | None:
        return database.transact(lambda session: invitations.use(session, RING, typed, now=now))

    assert use(f"{code[:5].lower()} - {code[5:]}") is Role.OPERATOR
    assert use("ABCDEFGHJK") is None
    assert use(code, now=NOW + 2 * DAY) is None
    assert (use(code), use(code)) == (Role.OPERATOR, None)
    assert invitations.looks_like_one(code)
    assert not invitations.looks_like_one("hello there")


def test_the_newest_draft_is_what_typed_words_belong_to(database: Database) -> None:
    with database.transaction() as session:
        chat = met(session)
        for kind, later in (("wish", 0), ("person", 1), ("wish", 2)):
            drafts.keep(session, RING, chat.id, kind, {"step": later}, now=NOW + later * MINUTE)

        assert drafts.newest(session, chat.id) == "wish"
        assert drafts.load(session, RING, chat.id, "wish") == {"step": 2}
        assert drafts.drop(session, chat.id, "wish") == ["wish"]
        assert (drafts.newest(session, chat.id), drafts.drop(session, chat.id)) == ("person", ["person"])
        assert drafts.newest(session, chat.id) is None


def test_one_message_stands_for_a_purpose(database: Database) -> None:
    with database.transaction() as session:
        chat = met(session)

        first = chat_messages.put_down(session, chat.id, "booking:1", 10, now=NOW)
        same = chat_messages.put_down(session, chat.id, "booking:1", 10, now=NOW, shows="more")
        other = chat_messages.put_down(session, chat.id, "booking:1", 11, now=NOW)

        assert (first, same, other) == (None, None, (10, "more"))
        assert chat_messages.of_message(session, chat.id, 10) is None
        found = chat_messages.of_message(session, chat.id, 11)
        assert found is not None
        assert found.purpose == "booking:1"


def test_one_alone_delivers_to_a_chat_and_nobody_while_it_rests(database: Database) -> None:
    with database.transaction() as session:
        chat, _ = with_watch(session)
        told(session, chats.people_of(session, chat.id)[0].id)

        def lease(owner: str, at: int = 0) -> bool:
            now = NOW + at * MINUTE
            return deliveries.lease(session, chat.id, owner=owner, until=now + MINUTE, now=now)

        assert deliveries.with_due_notices(session, now=NOW) == (chat.id,)
        assert (lease("one"), lease("two"), lease("one"), lease("two", 3)) == (True, False, True, True)
        deliveries.release(session, chat.id, owner="two", rest_until=NOW + 9 * MINUTE)
        assert deliveries.with_due_notices(session, now=NOW + 4 * MINUTE) == ()
        assert (lease("one", 4), lease("one", 9)) == (False, True)


def test_who_has_a_chat_is_told_there_and_not_at_the_terminal(database: Database) -> None:
    with database.transaction() as session:
        chat, _ = with_watch(session)
        here = told(session, chats.people_of(session, chat.id)[0].id)
        elsewhere = told(session, watch_of(session, BELA).person_id)

        assert [one.id for one in notices.due(session, NOW)] == [elsewhere.id]
        assert [one.id for one in notices.for_chat(session, chat.id)] == [here.id]
        notices.hold_back(session, [here.id], until=NOW + MINUTE)
        assert deliveries.with_due_notices(session, now=NOW) == ()


def test_a_transactions_notices_are_announced_after_its_commit_alone(database_url: str) -> None:
    heard: list[int] = []
    database = Database(database_url, keys=RING, heard=heard.extend)

    def broken(session: Session) -> None:
        told(session, watch_of(session).person_id)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.transact(broken)
    with database.transaction() as session:
        written = told(session, watch_of(session).person_id)
        assert heard == []

    assert heard == [written.id]
    database.close()
