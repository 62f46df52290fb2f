"""Whatever is sent, by whomever: a kind answer or a deliberate silence, no bug, and nobody else's data."""

import asyncio
import random
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import conversations
from bot.rights import Right
from core.bookings import BookingState
from core.slots import utc_now
from models import bookings, chats, drafts, people, watches
from models.database import Session
from models.watch import WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.hostile_cast import EVERY, ODD, SILENT, aimed, forged, names_somebody, updates_of_nobody
from tests.bot.privacy_cast import HELD, Booked, booked, contact
from tests.telegram.server import Telegram

Log = list[MutableMapping[str, Any]]
STALE = "gilt nicht mehr"


@pytest.fixture
def logged() -> Iterator[Log]:
    """All that is logged meanwhile; a bug in it fails the test."""
    with capture_logs() as lines:
        yield lines
    bugs = [one for one in lines if one["event"] in ("bot.failed", "update.unanswered", "outbox.failed")]
    assert bugs == []


async def members(bot: RunningBot, count: int) -> list[User]:
    """One for each thing, since a chat hears one message a second."""
    return [await bot.member(f"M{number}") for number in range(count)]


async def answered(user: User) -> list[str]:
    await user.hears(1, within=60)
    return list(user.bot_said())


@pytest.mark.usefixtures("logged")
async def test_a_member_gets_one_kind_answer_to_anything(bot: RunningBot) -> None:
    those = await members(bot, len(ODD))

    await asyncio.gather(*(send(one) for send, one in zip(ODD.values(), those, strict=True)))

    for what, one in zip(ODD, those, strict=True):
        [said] = await answered(one)
        expected = ("Mit einer solchen Datei",) if what == "a file" else ("nicht verstanden", "Alles bereit")
        assert any(words in said for words in expected), what


@pytest.mark.usefixtures("logged")
async def test_a_stranger_sees_the_door_whatever_they_send(bot: RunningBot, telegram: Telegram) -> None:
    those = [telegram.user(f"S{number}", language_code="xx-\u202e") for number in range(len(ODD))]

    await asyncio.gather(*(send(one) for send, one in zip(ODD.values(), those, strict=True)))

    for what, one in zip(ODD, those, strict=True):
        [said] = await answered(one)
        assert "invitation code" in said, what
        assert await bot.chat(one) is None


@pytest.mark.usefixtures("logged")
async def test_some_things_are_met_with_silence(bot: RunningBot, telegram: Telegram) -> None:
    those = await members(bot, len(SILENT))

    for send, one in zip(SILENT.values(), those, strict=True):
        await send(one)
        await one.send("/help")
    for what, one in zip(SILENT, those, strict=True):
        assert ["Das verstehe ich" in text for text in await answered(one)] == [True], what

    anna = await bot.member("Anna")
    for number, update in enumerate(updates_of_nobody(anna)):
        telegram.store.updates.append({"update_id": 90_000_000 + number, **update})
    await anna.settled()
    assert telegram.calls("sendMessage", chat=anna.id) == []


@pytest.mark.usefixtures("logged")
async def test_a_group_hears_only_what_it_asks_for(bot: RunningBot, telegram: Telegram) -> None:
    anna, bert = telegram.user("Anna"), telegram.user("Bert")
    group = telegram.group("Familie", anna, bert)
    here = anna.at(group)
    await here.send(f"/start {await bot.invite()}")
    await here.click("Weiter")
    await here.click("Ja, einverstanden")
    await here.sees("Alles bereit")
    before = len(here.bot_said())

    for send in (*ODD.values(), *SILENT.values()):
        if send not in (ODD["an argument of 4,000"], ODD["something forwarded"]):
            await send(bert.at(group))
    first = await bert.at(group).send("what shall we eat?")
    await bert.at(group).edit(first, "where?")
    await here.settled()
    assert len(here.bot_said()) == before

    await bert.at(group).send("/help@mta_test_bot")
    await here.sees("Das verstehe ich")


@pytest.mark.usefixtures("logged")
async def test_a_place_that_goes_on_changing_is_no_edit(bot: RunningBot, telegram: Telegram) -> None:
    anna = await bot.member("Anna")
    sent = await anna.send_location(48.1, 11.6)
    await anna.sees("nicht verstanden")

    for _ in range(3):
        await anna.edit(sent, "")
    await anna.settled()

    assert len(telegram.calls("sendMessage", chat=anna.id)) == 1


@pytest.mark.usefixtures("logged")
async def test_a_command_is_one_however_it_is_written(bot: RunningBot) -> None:
    those = await members(bot, 4)

    for said, one in zip(("/HELP", "/Help@MTA_Test_Bot", " /help ", "/help\nplease"), those, strict=True):
        await one.send(said)

    for one in those:
        assert "Das verstehe ich" in (await answered(one))[0]


async def as_it_was(bot: RunningBot, victim: User, theirs: Booked) -> bool:
    """Nobody but they has touched it."""

    def look(session: Session) -> bool:
        person, booking = people.get(session, theirs.person_id), bookings.get(session, theirs.booking.id)
        watch, chat = watches.get(session, booking.watch_id), chats.get(session, theirs.chat_id)
        same = people.contact(bot.keyring, person) == contact("Adelheid")
        untouched = booking.cancel_asked_at is None and booking.answered_yes is None
        return (
            same
            and untouched
            and (booking.state, watch.state) == (BookingState.HELD, WatchState.OPEN)
            and chat.sealed_id is not None
            and chat.barred_at is None
            and [one.id for one in chats.people_of(session, chat.id)] == [person.id]
        )

    their_own = len(victim.bot_said()) <= 1  # the message that shows how their booking stands
    return await bot.database.read(look) and their_own


@pytest.mark.usefixtures("logged")
async def test_no_button_reaches_another_chat(bot: RunningBot, tmp_path: Path) -> None:
    victim = await bot.member("Vera")
    theirs = await booked(bot, victim, tmp_path, *HELD)
    victims = {"person_id": theirs.person_id, "watch_id": theirs.booking.watch_id, "booking_id": theirs.booking.id}
    those = await members(bot, len(EVERY))
    for one in those:
        await one.send("/language")

    for kind, one in zip(EVERY, those, strict=True):
        await answered(one)
        named = [name for name in victims if name in kind.__dataclass_fields__] or ["person_id"]
        toast = await one.press(aimed(kind, victims[named[0]]))
        refused = names_somebody(kind) or kind.right is Right.OPERATOR
        assert not refused or STALE in toast.text, kind.__name__
        await one.settled()
        assert "Adelheid" not in str(one), kind.__name__

    assert await as_it_was(bot, victim, theirs)


@pytest.mark.usefixtures("logged")
async def test_no_forged_data_is_a_bug(bot: RunningBot, tmp_path: Path) -> None:
    victim = await bot.member("Vera")
    theirs = await booked(bot, victim, tmp_path, *HELD)
    data = forged(random.Random(7), 40)
    those = await members(bot, 8)
    for one in those:
        await one.send("/language")
        await answered(one)

    for number, forgery in enumerate(data):
        await those[number % len(those)].press(forgery, message_id=2)

    assert len(data) > 60
    assert await as_it_was(bot, victim, theirs)


async def keep(bot: RunningBot, chat_id: int, kind: str) -> None:
    await bot.act(lambda session: drafts.keep(session, bot.keyring, chat_id, kind, {}, now=utc_now()))


@pytest.mark.parametrize("kind", sorted(conversations.table().typed) or ["none"])
@pytest.mark.usefixtures("logged")
async def test_a_draft_of_another_time_is_no_trap(bot: RunningBot, kind: str) -> None:
    """Its content is one that this program would not have kept."""
    anna, bert = await bot.member("Anna"), await bot.member("Bert")
    for one in (anna, bert):
        chat = (await bot.chat(one)) or pytest.fail("no chat")
        await keep(bot, chat.id, kind)

    await anna.send("x" * 4096)
    await bert.send_sticker()
    await answered(anna)
    await answered(bert)
    await anna.send("/cancel")

    await anna.sees("Verworfen")


@pytest.mark.usefixtures("logged")
async def test_buttons_of_before_a_restart_and_of_a_forgotten_chat_are_stale(bot: RunningBot) -> None:
    anna = await bot.member("Anna")
    await anna.send("/privacy")
    old = await anna.sees("Ihre Daten")
    await anna.send("/privacy")
    await anna.settled()
    await bot.restart()

    assert STALE in (await anna.press("1pverase:", message_id=old.id)).text
    await anna.click("Alles löschen")
    await anna.double_click("Ja, löschen")
    await anna.sees("Gelöscht.")
    assert STALE in (await anna.press("1pvhome", message_id=old.id)).text
    await anna.send("/help")
    await anna.sees("Einladungscode")

    assert await bot.chat(anna) is None
    assert "Gelöscht." in str(anna), "and no later tap has written over it"
