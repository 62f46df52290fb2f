"""An operator's word to everybody, on both databases: one notice for each active chat, and no second one."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.errors import BadInput
from models import broadcasts, chats, deliveries, notices
from models.broadcasts import PAUSE, Spread
from models.database import Database
from tests.models_cast import ADA, BELA, NOW, RING


def chat(session: Session, telegram_id: int, *, agreed: bool = True) -> int:
    made = chats.meet(session, RING, telegram_id, language="de", now=NOW)
    if agreed:
        chats.agree(session, made.id, "2026-11", now=NOW)
    return made.id


def test_each_active_chat_gets_one_whomever_it_stands_for(database: Database) -> None:
    with database.transaction() as session:
        family, alone, barred = chat(session, 1), chat(session, 2), chat(session, 3)
        chat(session, 4, agreed=False)
        chats.bar(session, barred, now=NOW)
        for contact in (ADA, BELA):
            chats.adopt(session, RING, family, contact, now=NOW)

        counts = [broadcasts.send(session, "a_c", kind="operator.over", facts={}, now=NOW) for _ in range(2)]

        assert (counts, broadcasts.readers(session)) == ([2, 2], 2)
        waiting = notices.untold(session)
        assert [one.chat_id for one in waiting] == [family, alone]
        assert list(deliveries.with_due_notices(session, now=NOW)) == [family, alone]
        assert list(notices.chats_of(session, [one.id for one in waiting])) == [family, alone]
        assert list(notices.due(session, NOW)) == [], "they are no concern of the terminal's"
        [mine] = notices.for_chat(session, family)
        notices.told(session, mine.id, now=NOW)
        assert broadcasts.spread(session, "a_c") == Spread(written=2, told=1)
        assert broadcasts.spread(session, "abc") == Spread(written=0, told=0)


def test_two_words_are_some_minutes_apart(database: Database) -> None:
    with database.transaction() as session:
        chat(session, 1)
        broadcasts.send(session, "one", kind="operator.over", facts={}, now=NOW)

        with pytest.raises(BadInput, match="a moment ago"):
            broadcasts.send(session, "two", kind="operator.over", facts={}, now=NOW + PAUSE - timedelta(seconds=1))
        assert broadcasts.send(session, "two", kind="operator.over", facts={}, now=NOW + PAUSE) == 1


def test_who_is_forgotten_takes_the_word_along(database: Database) -> None:
    with database.transaction() as session:
        number = chat(session, 1)
        broadcasts.send(session, "one", kind="operator.word", facts={"text": "Hallo"}, now=NOW)

        chats.forget(session, number, now=NOW)

        assert broadcasts.spread(session, "one") == Spread(written=0, told=0)
