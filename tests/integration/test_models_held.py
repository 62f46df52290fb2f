"""News that quiet hours held back, when the chat chooses others."""

from datetime import time, timedelta

from sqlmodel import Session

from core.contact import Contact
from models import chats, notices
from models.chat import ChatSettings
from models.database import Database
from models.notice import Notice
from tests.models_cast import NOW, RING

MORNING = NOW + timedelta(hours=9)


def told_of(session: Session, telegram_id: int, *, attempts: int = 0) -> tuple[int, Notice]:
    """A chat, and a notice to it that is held back until the morning."""
    chat = chats.meet(session, RING, telegram_id, language="de", now=NOW)
    contact = Contact("Anna", "Probe", f"anna{telegram_id}@example.org")
    person = chats.adopt(session, RING, chat.id, contact, now=NOW)
    notice = notices.write(session, person_id=person.id, kind="watch.ended", facts={}, now=NOW)
    notice.attempts = attempts
    session.flush()
    notices.hold_back(session, [notice.id], until=MORNING)
    return chat.id, notice


def test_a_choice_lets_go_of_what_this_chat_was_to_hear_and_of_nothing_else(database: Database) -> None:
    def happens(session: Session) -> list[Notice]:
        chat_id, mine = told_of(session, 1)
        _, theirs = told_of(session, 2)
        chats.choose(session, chat_id, ChatSettings(quiet_from=time(22)), now=NOW + timedelta(hours=1))
        for one in (mine, theirs):
            session.refresh(one)
        return [mine, theirs]

    mine, theirs = database.transact(happens)

    assert (mine.next_try_at, theirs.next_try_at) == (NOW + timedelta(hours=1), MORNING)


def test_what_was_told_or_refused_or_given_up_is_left_alone(database: Database) -> None:
    def happens(session: Session) -> list[Notice]:
        found = [told_of(session, 1, attempts=2), told_of(session, 2), told_of(session, 3)]
        (_, refused), (_, told), (_, given_up) = found
        notices.told(session, told.id, now=NOW)
        notices.failed(session, given_up.id, None)
        for chat_id, _ in found:
            chats.choose(session, chat_id, ChatSettings(digest=False), now=NOW)
        every = [refused, told, given_up]
        for one in every:
            session.refresh(one)
        return every

    refused, told, given_up = database.transact(happens)

    assert [one.next_try_at for one in (refused, told, given_up)] == [MORNING, MORNING, None]
