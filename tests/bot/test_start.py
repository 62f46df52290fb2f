"""First contact: the door, the invitation, what is promised, and the consent, in both languages."""

from dataclasses import replace

import pytest

from bot.handlers.start import CONSENT
from bot.settings import Entry
from core.slots import utc_now
from models import chats
from models.chat import ChatState, Role
from tests.bot.conftest import RunningBot
from tests.telegram.server import Telegram

WORDS = {
    "de": (
        "Einladungscode",
        "Willkommen",
        "nicht gebilligt",
        "Weiter",
        "Ja, einverstanden",
        "Alles bereit",
        "Neuer Wunsch",
    ),
    "en": ("invitation code", "Welcome", "not approved", "Continue", "Yes, I agree", "All set", "New wish"),
}


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_somebody_invited_is_in_after_two_taps(bot: RunningBot, telegram: Telegram, language: str) -> None:
    door, welcome, stance, go_on, agree, ready, wish = WORDS[language]
    anna = telegram.user("Anna", language_code=language)
    code = await bot.invite()

    await anna.send("/start")
    await anna.sees(door)
    await anna.send(code.lower())
    shown = await anna.sees(welcome)
    await anna.click(go_on)
    await anna.click(agree)
    await anna.sees(ready)

    assert stance in shown.text
    chat = await bot.chat(anna)
    assert chat is not None
    assert (chat.state, chat.language, chat.consent_version) == (ChatState.ACTIVE, language, CONSENT)
    assert (chat.role, chat.consent_at is not None) == (Role.PERSON, True)
    left = [one.buttons for one in anna.screen() if one.by_bot][-1]
    assert left == ((wish,),), "what comes next, and nothing of what is done"


async def test_the_link_of_an_invitation_needs_no_typing(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")

    await anna.send(f"/start {await bot.invite()}")

    await anna.sees("Willkommen")


async def test_a_stranger_sees_a_closed_door_and_leaves_no_trace(bot: RunningBot, telegram: Telegram) -> None:
    stranger = telegram.user("Mallory", language_code="fr")

    for words in ("/start", "/help", "/language", "hello?", "ABCDEFGHJZ"):
        await stranger.send(words)
    await stranger.send_photo()
    await stranger.send_location(48.1, 11.6)
    await stranger.sees("This code is not valid")
    await stranger.click("Deutsch")
    await stranger.sees("Einladungscode")
    await stranger.settled()

    assert await bot.chat(stranger) is None
    said = [one for one in stranger.bot_said() if "invitation code" in one or "Einladungscode" in one]
    assert len(said) == len(stranger.bot_said()) == 7


async def test_a_code_is_used_up(bot: RunningBot, telegram: Telegram) -> None:
    code = await bot.invite(uses=1)
    anna, bert = telegram.user("Anna"), telegram.user("Bert")

    await anna.send(code)
    await anna.sees("Willkommen")
    await bert.send(code)
    await bert.sees("Dieser Code gilt nicht")

    assert await bot.chat(bert) is None


async def test_who_does_not_agree_is_forgotten(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    await anna.send(await bot.invite())
    await anna.click("Weiter")

    await anna.click("Nein, lieber nicht")

    await anna.sees("nichts von Ihnen gespeichert")
    await anna.settled()
    assert await bot.chat(anna) is None
    await anna.send("/start")
    await anna.sees("Einladungscode")


async def test_until_the_consent_everything_leads_to_it(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    await anna.send(await bot.invite())
    await anna.sees("Willkommen")

    await anna.send("/language")
    await anna.settled()

    assert [text[:10] for text in anna.bot_said()] == ["Willkommen"] * 2
    await anna.click("English")
    await anna.sees("Welcome")


async def test_a_restart_between_two_taps_is_not_noticed(bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    await anna.send(await bot.invite())
    await anna.sees("Willkommen")

    await bot.restart()
    await anna.click("Weiter")
    await bot.restart()
    await anna.click("Ja, einverstanden")

    await anna.sees("Alles bereit")


async def test_what_was_sent_while_the_bot_was_away_is_answered_once(bot: RunningBot) -> None:
    await bot.stop()
    anna = await bot.member()
    await anna.send("/language")

    await bot.start()

    await anna.sees("Ich spreche mit Ihnen Deutsch")
    await anna.settled()
    assert len(anna.bot_said()) == 1


LISTED, UNLISTED = frozenset({"Anna"}), frozenset({"Bert"})


@pytest.mark.parametrize(
    ("entry", "names", "seen"),
    [
        (Entry.INVITED, LISTED, "Einladungscode"),
        (Entry.LISTED, LISTED, "Willkommen"),
        (Entry.LISTED, UNLISTED, "Einladungscode"),
        (Entry.OPEN, UNLISTED, "Willkommen"),
    ],
)
async def test_who_is_let_in_is_the_operators_choice(
    idle_bot: RunningBot, telegram: Telegram, entry: Entry, names: frozenset[str], seen: str
) -> None:
    anna, bert = telegram.user("Anna"), telegram.user("Bert")
    allowed = frozenset(one.id for one in (anna, bert) if one.account.first_name in names)
    await idle_bot.restart(settings=replace(idle_bot.parts.settings, entry=entry, allowed=allowed))

    await anna.send("/start")

    await anna.sees(seen)


async def test_who_was_barred_is_told_so_and_stays_out(bot: RunningBot) -> None:
    anna = await bot.member()
    chat = await bot.chat(anna)
    assert chat is not None
    await bot.act(lambda session: chats.bar(session, chat.id, now=utc_now()))

    await anna.send("/help")

    await anna.sees("gesperrt")
    assert len(anna.bot_said()) == 1
