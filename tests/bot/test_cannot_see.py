"""What the City really answers when it lets nobody see, as those who wait read it: never that nothing is free."""

import pytest

from core.services import ServiceCount
from core.wishes import Mode
from models import lanes
from models.watch import Watch
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, person_of
from tests.bot.watches_cast import opened
from tests.jobs_fixtures import LANE, ONE_DIALECT, Works
from tests.rehearsal_fixtures import ABMELDUNG, KFZ

BLIND = {"de": "kann ich nicht nach Terminen sehen: ", "en": "I have not been able to look for appointments: "}
SEES = {"de": "sehe ich wieder, was die Stadt anbietet", "en": "I can see again what the City offers"}
NOTHING = ("nichts frei", "kein Termin frei", "nothing is free", "no appointment is free", "No appointment is free")
TROUBLE = {
    "html": (3, "Die Seite der Stadt antwortet nicht.", "The City's page does not answer."),
    "blacklisted": (
        *(1, "Die Stadt hat diese Internetadresse gesperrt."),
        "The City has locked this internet address out.",
    ),
    "throttled": (
        *(3, "Die Stadt bittet zu warten, weil zu viele Anfragen kamen."),
        "The City asks us to wait, because there were too many requests.",
    ),
    "maintenance": (3, "Die Stadt arbeitet gerade an ihrem System.", "The City is working on its system."),
}


@ONE_DIALECT
@pytest.mark.parametrize("mood", TROUBLE)
async def test_who_waits_is_told_what_is_wrong_and_when_it_can_be_seen_again(
    bot: RunningBot, works: Works, mood: str
) -> None:
    looks, german, english = TROUBLE[mood]
    (anna, watch), (bert, _) = await waiting(bot, "de"), await waiting(bot, "en")
    await look(works, watch)
    await all_told(bot)
    assert said(anna, bert) == "", "it can be seen, and nothing is worth a word"

    await works.town.also(mood)
    for _ in range(looks):
        await look(works, watch)
    await anna.sees(BLIND["de"])
    await bert.sees(BLIND["en"])
    await anna.send("/watches")
    await anna.settled()
    assert german in said(anna)
    assert english in said(bert)
    assert [one for one in NOTHING if one in said(anna, bert)] == []

    await works.town.moods("none")
    await look(works, watch)
    await anna.sees(SEES["de"])
    await bert.sees(SEES["en"])
    assert [one for one in NOTHING if one in said(anna, bert)] == []


async def waiting(bot: RunningBot, language: str) -> tuple[User, Watch]:
    user = await bot.member("Somebody", language_code=language)
    person_id = await person_of(bot, user, f"Somebody {language}")
    return user, await opened(bot, person_id, ServiceCount(ABMELDUNG), office_ids=(KFZ,), mode=Mode.NOTIFY)


async def look(works: Works, watch: Watch) -> None:
    """Once the rest that the last answer brought is over."""
    await works.database.act(lambda session: lanes.resume(session, LANE))
    await works.look(watch)


def said(*users: User) -> str:
    return "\n".join(text for user in users for text in user.bot_said())
