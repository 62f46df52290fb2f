"""/settings: what is set in plain words, chosen by taps alone, and what a choice does to news that wait."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.texts import LANGUAGES, Words
from core.slots import utc_now
from core.vigil import SIGN_OF_LIFE
from models import chats, notices
from models.chat import ChatSettings
from models.database import Session
from models.person import Language
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, alone, person_of, watch, write
from tests.jobs_fixtures import until

NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # 23:30 in Munich
WORDS = {
    "de": ("Ruhezeit: keine", "Ruhezeit ändern", "22:00 Uhr bis 07:00 Uhr", "täglich von 22:00 Uhr bis", "Frist"),
    "en": ("Quiet hours: none", "Change the quiet hours", "22:00 to 07:00", "every day from 22:00 to", "deadline"),
}


async def chosen(bot: RunningBot, user: User) -> ChatSettings:
    return ((await bot.chat(user)) or pytest.fail("no chat")).settings


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_quiet_hours_are_two_taps_away_and_say_what_they_mean(bot: RunningBot, language: str) -> None:
    none, change, usual, said, consequence = WORDS[language]
    anna = await bot.member("Anna", language_code=language)

    await anna.send("/settings")
    first = await anna.sees(none)
    await anna.click(change)
    await anna.click(usual)
    shown = await anna.sees(said)

    assert (shown.id, consequence in shown.text) == (first.id, True)
    assert await chosen(bot, anna) == ChatSettings(quiet_from=time(22), quiet_to=time(7))
    assert len(anna.bot_said()) == 1


async def test_own_quiet_hours_are_chosen_by_their_begin_and_end(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/settings")
    await anna.click("Ruhezeit ändern")
    await anna.click("Eigene Zeiten wählen")
    begins = await anna.sees("Wann soll die Ruhezeit beginnen?")
    await anna.click("20:00 Uhr")
    ends = await anna.sees("Sie beginnt um 20:00 Uhr")
    await anna.click("06:00 Uhr")
    await anna.sees("täglich von 20:00 Uhr bis 06:00 Uhr")

    assert sum(map(len, begins.buttons)) == 25
    assert "20:00 Uhr" not in [label for row in ends.buttons for label in row], "it cannot end when it begins"
    assert await chosen(bot, anna) == ChatSettings(quiet_from=time(20), quiet_to=time(6))


async def test_quiet_hours_can_be_taken_off_again(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/settings")
    for label in ("Ruhezeit ändern", "21:00 Uhr bis 08:00 Uhr", "Ruhezeit ändern", "Keine Ruhezeit"):
        await anna.click(label)

    await anna.sees("Ruhezeit: keine")
    assert await chosen(bot, anna) == ChatSettings()


@pytest.mark.parametrize(
    "forged", ["1quietset:25:3", "1quietset:-1:3", "1quietset:7:7", "1quietset::7", "1quietend:24"]
)
async def test_hours_that_no_day_has_are_not_taken(bot: RunningBot, forged: str) -> None:
    anna = await bot.member()
    await anna.send("/settings")
    await anna.sees("Einstellungen")

    await anna.press(forged)

    assert await chosen(bot, anna) == ChatSettings()


async def test_news_come_one_by_one_or_together(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/settings")

    await anna.click("Neuigkeiten einzeln")
    await anna.sees("Neuigkeiten: einzeln")
    assert not (await chosen(bot, anna)).digest
    await anna.click("Neuigkeiten sammeln")
    await anna.sees("Neuigkeiten: gesammelt")

    assert (await chosen(bot, anna)).digest


async def test_the_language_changes_here_too(bot: RunningBot) -> None:
    anna = await bot.member()
    await anna.send("/settings")

    await anna.click("Sprache ändern")
    await anna.click("English")

    assert "Language: English" in (await anna.sees("Settings")).text
    chat = await bot.chat(anna)
    assert chat is not None
    assert chat.language is Language.EN


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_of_life_is_told_as_it_comes(language: str) -> None:
    assert f"{SIGN_OF_LIFE:%H:%M}" in Words(language).say("settings.sign_of_life", when=SIGN_OF_LIFE)


@pytest.fixture
async def held(idle_bot: RunningBot) -> tuple[RunningBot, User, list[datetime]]:
    """In the middle of the night, with news that quiet hours until seven hold back."""
    clock = [NIGHT]
    await idle_bot.restart(now=lambda: clock[0])
    anna = await idle_bot.member()
    person = await person_of(idle_bot, anna)
    chat = (await idle_bot.chat(anna)) or pytest.fail("no chat")
    quiet = ChatSettings(quiet_from=time(22), quiet_to=time(7))
    await idle_bot.act(lambda session: chats.choose(session, chat.id, quiet, now=utc_now()))
    await write(idle_bot, person, "slots.found", about=await watch(idle_bot, person), count=2)

    async def is_held() -> bool:
        return [one.next_try_at for one in await alone(idle_bot)] == [datetime(2026, 11, 25, 6, tzinfo=UTC)]

    await until(is_held)
    return idle_bot, anna, clock


Held = tuple[RunningBot, User, list[datetime]]


async def test_without_quiet_hours_what_they_held_back_comes_now(held: Held) -> None:
    bot, anna, _ = held
    await anna.send("/settings")
    await anna.click("Ruhezeit ändern")

    await anna.click("Keine Ruhezeit")

    await anna.sees("2 passende Termine")
    await all_told(bot)


async def test_longer_quiet_hours_hold_it_back_longer_and_lose_nothing(held: Held) -> None:
    bot, anna, clock = held
    await anna.send("/settings")
    await anna.click("Ruhezeit ändern")
    await anna.click("21:00 Uhr bis 08:00 Uhr")

    async def is_held_longer() -> bool:
        return [one.next_try_at for one in await alone(bot)] == [datetime(2026, 11, 25, 7, tzinfo=UTC)]

    await until(is_held_longer)
    assert not [text for text in anna.bot_said() if "passende Termine" in text]
    clock[0] = datetime(2026, 11, 25, 7, 0, 1, tzinfo=UTC)

    await anna.sees("2 passende Termine")


async def test_what_telegram_refused_keeps_its_time(held: Held) -> None:
    bot, anna, _ = held
    [waiting] = await alone(bot)
    later = NIGHT + timedelta(hours=3)

    def refused(session: Session) -> None:
        notices.failed(session, waiting.id, later)
        session.get_one(type(waiting), waiting.id).attempts = 1

    await bot.act(refused)
    await anna.send("/settings")
    await anna.click("Ruhezeit ändern")
    await anna.click("Keine Ruhezeit")

    [kept] = await alone(bot)
    assert kept.next_try_at == later
