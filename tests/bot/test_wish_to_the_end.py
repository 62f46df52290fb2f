"""The whole wish, from /wish to a search that goes on, as a person taps through it."""

import pytest

from core.services import ServiceCount
from core.wishes import Mode
from models.watch import WatchState
from tests.bot.conftest import RunningBot
from tests.bot.wish_cast import ADA, stands_for
from tests.bot.wish_steps_cast import PASING, PASSPORT, RUPPERT, steps_running, watches_of

SAID = {
    "de": ("Reisepass", "Egal", "Weiter", "Vormittags", "Mindestens 2 Stunden", "Sofort buchen", "Suche beginnen"),
    "en": ("passport", "Any", "Continue", "Mornings", "At least 2 hours", "Book at once", "Begin the search"),
}
SAVED = {"de": "Gespeichert", "en": "Saved"}


@pytest.mark.parametrize("language", sorted(SAID))
async def test_a_wish_is_made_in_few_taps_and_one_word(bot: RunningBot, language: str) -> None:
    word, anywhere, on, mornings, notice, auto, begin = SAID[language]
    await steps_running(bot)
    anna = await bot.member("Anna", language_code=language)
    (person_id,) = await stands_for(bot, anna, ADA)

    await anna.send("/wish")
    await anna.click("Adelheid")
    await anna.send(word)
    await anna.settled()
    await anna.click("Reisepass")
    await anna.click(on)
    await anna.click(anywhere)
    await anna.click(on)
    await anna.click(mornings)
    await anna.click(on)
    await anna.click(notice)
    await anna.click(auto)
    await anna.click(begin)

    await anna.sees(SAVED[language])
    [watch] = await watches_of(bot)
    assert (watch.person_id, watch.services, watch.state) == (person_id, (ServiceCount(PASSPORT),), WatchState.OPEN)
    assert (watch.mode, [one.end.hour for one in watch.rules.hours]) == (Mode.AUTO, [12])
    assert set(watch.office_ids) <= {RUPPERT, PASING}
    assert len([one for one in anna.screen() if one.by_bot and one.buttons]) == 0
