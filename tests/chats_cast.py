"""Chats of the database tests: met, with a watch, told something."""

from sqlmodel import Session

from models import chats, notices
from models.chat import Chat
from models.notice import Notice
from tests.models_cast import ADA, NOW, RING, watch_of

ANNA, BERT = 5_550_100_200, 5_550_100_300


def met(session: Session, telegram_id: int = ANNA) -> Chat:
    """Who has agreed."""
    chat = chats.meet(session, RING, telegram_id, language="en", now=NOW)
    return chats.agree(session, chat.id, "2026-11", now=NOW)


def with_watch(session: Session, telegram_id: int = ANNA) -> tuple[Chat, int]:
    chat = met(session, telegram_id)
    person = chats.adopt(session, RING, chat.id, ADA, now=NOW)
    return chat, watch_of(session, person_id=person.id).id


def told(session: Session, person_id: int, kind: str = "look.blind") -> Notice:
    return notices.write(session, person_id=person_id, kind=kind, facts={}, now=NOW)
