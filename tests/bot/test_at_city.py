"""What the City says of an appointment before its person is reminded of it: gone, moved, or not to be asked."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.texts import moment
from core.bookings import BookingState
from core.services import ServiceCount
from core.slots import utc_now
from models import bookings, watches
from models.booking import Booking
from models.database import Session
from models.watch import WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.outbox_cast import all_told, person_of
from tests.bot.visits_cast import NUMBER, booked, catalog, in_days, know, row_of, tell, with_files
from tests.bot.watches_cast import opened
from tests.integration.test_verify import cancels_at_the_city, confirmed_long_ago
from tests.jobs_fixtures import LANE, ONE_DIALECT, Works
from tests.rehearsal_fixtures import ABMELDUNG, KFZ
from workers import scheduler
from workers.scheduler import Rhythm

LANGUAGES = ("de", "en")
GONE = {
    "de": (
        "ist abgesagt: So sagt es die Stadt. Ich habe ihn nicht abgesagt.",
        "Zuletzt bei der Stadt nachgesehen",
        "Haben Sie ihn selbst bei der Stadt abgesagt oder verschoben",
        "Wenn Sie das nicht waren",
        "löschen Sie ihn dort bitte auch",
        "Die Suche nach einem früheren Termin an seiner Stelle ist damit beendet",
        "Ich suche jetzt nicht weiter",
    ),
    "en": (
        "is cancelled: That is what the City says. I did not cancel it.",
        "Last looked up at the City",
        "If you cancelled or moved it at the City yourself",
        "If that was not you",
        "please delete it there too",
        "The search for an earlier one in its place has ended",
        "I am not looking any further now",
    ),
}
AGAIN = {
    "de": ("Wieder einen Termin suchen", "Ich suche wieder"),
    "en": ("Look for an appointment again", "I am looking"),
}
MOVED = {
    "de": ("Die Stadt hat Ihren Termin verschoben. Er ist jetzt: ", "Vorher war er: ", "Wenn Sie das nicht waren"),
    "en": ("The City has moved your appointment. It is now: ", "Before, it was: ", "If that was not you"),
}
LOST = {
    "de": ("An diesen neuen Termin kann ich Sie nicht erinnern", "Die Stadt hat diesen Termin verschoben"),
    "en": ("I cannot remind you of this new appointment", "The City has moved this appointment"),
}
UNASKED = {
    "de": "Ob er noch besteht, konnte ich die Stadt diesmal nicht fragen.",
    "en": "This time I could not ask the City whether it still stands.",
}


async def told(bot: RunningBot, language: str) -> tuple[User, Booking]:
    await know(bot, catalog())
    anna = await bot.member(language_code=language)
    booking = await booked(bot, await person_of(bot, anna), at=in_days(2))
    await tell(bot, booking, "booking.confirmed")
    await all_told(bot)
    return anna, booking


async def ended(bot: RunningBot, booking: Booking, reason: str) -> None:
    await bot.act(
        lambda session: bookings.move(session, booking.id, BookingState.CANCELLED, now=utc_now(), reason=reason)
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_gone_at_the_city_is_told_aloud_and_looked_for_again_only_on_a_tap(
    bot: RunningBot, language: str
) -> None:
    anna, booking = await told(bot, language)
    button, looks = AGAIN[language]

    await ended(bot, booking, "cancelled-at-city")
    facts = {"seen_at": utc_now().isoformat(), "proof": False, "search": "over", "ends_swap": True}
    await tell(bot, booking, "booking.cancelled", reason="cancelled-at-city", final=False, **facts)
    news = await anna.sees(GONE[language][0])
    await all_told(bot)

    assert [one for one in GONE[language] if one not in news.text] == []
    assert (news.edited, news.silent) == (False, False)
    assert await state(bot, booking) is WatchState.FULFILLED
    await anna.click(button)
    await anna.sees(looks)
    assert await state(bot, booking) is WatchState.OPEN


async def state(bot: RunningBot, booking: Booking) -> WatchState:
    def read(session: Session) -> WatchState:
        return watches.get(session, booking.watch_id).state

    found: WatchState = await bot.database.read(read)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", ["cancelled-at-city", "moved-at-city"])
async def test_an_old_button_shows_what_became_of_it(bot: RunningBot, reason: str, language: str) -> None:
    anna, booking = await told(bot, language)
    await ended(bot, booking, reason)
    gone = {"de": "Dieser Termin ist abgesagt", "en": "This appointment is cancelled"}[language]

    await anna.click({"de": "Termin absagen", "en": "Cancel the appointment"}[language])
    shown = await anna.sees(gone if reason == "cancelled-at-city" else LOST[language][1])

    assert len(shown.buttons) == (2 if reason == "cancelled-at-city" else 1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_the_city_has_moved_it_is_told_with_new_papers(
    bot: RunningBot, tmp_path: Path, language: str
) -> None:
    anna, booking = await told(bot, language)
    was = booking.starts_at
    there = was + timedelta(days=1)
    await moved(bot, booking, there=there)
    await with_files(bot, booking, tmp_path)

    await tell(bot, await row_of(bot, booking), "booking.moved", was=was.isoformat(), in_sight=True)
    news = await anna.sees(MOVED[language][0] + moment(there, language))
    await all_told(bot)

    assert [one for one in MOVED[language] if one not in news.text] == []
    assert moment(was, language) in news.text
    assert NUMBER in news.text
    assert {one.file_name for one in anna.screen()} >= {f"{booking.id}.png", f"{booking.id}.ics"}
    assert len(news.buttons) == 3


async def moved(bot: RunningBot, booking: Booking, *, there: datetime) -> None:
    def move(session: Session) -> None:
        bookings.get(session, booking.id).starts_at = there

    await bot.act(move)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_moved_out_of_sight_says_that_nobody_reminds_of_it(bot: RunningBot, language: str) -> None:
    anna, booking = await told(bot, language)
    await ended(bot, booking, "moved-at-city")

    await tell(bot, booking, "booking.moved", was=booking.starts_at.isoformat(), in_sight=False)
    news = await anna.sees(LOST[language][0])

    assert len(news.buttons) == 1
    await anna.click(news.buttons[0][0])
    await anna.sees({"de": "zurzeit kein Termin gebucht", "en": "No appointment is booked"}[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["visit.tomorrow", "visit.soon"])
async def test_a_reminder_says_when_the_city_could_not_be_asked(bot: RunningBot, kind: str, language: str) -> None:
    anna, booking = await told(bot, language)
    until = (utc_now() + timedelta(days=1)).isoformat()

    await tell(bot, booking, kind, until=until, unasked=True)
    await anna.sees(UNASKED[language])
    await tell(bot, booking, kind, until=until, unasked=False)
    await all_told(bot)

    assert [one for one in anna.bot_said() if UNASKED[language] in one] == []


@ONE_DIALECT
@pytest.mark.parametrize("cancelled", [False, True])
async def test_from_the_citys_page_to_the_chat(bot: RunningBot, works: Works, *, cancelled: bool) -> None:
    anna = await bot.member()
    person_id, begins = (
        await person_of(bot, anna),
        (utc_now() + timedelta(hours=24, minutes=40)).replace(second=0, microsecond=0),
    )
    watch = await opened(bot, person_id, ServiceCount(ABMELDUNG), office_ids=(KFZ,))
    booking_id = await confirmed_long_ago(works, watch, begins)
    if cancelled:
        await cancels_at_the_city(works, booking_id)

    verified = utc_now() - timedelta(hours=1)
    for _ in range(2):
        await scheduler.send_verify(
            bot.database, works.runtime.queue, lane=LANE, verified=verified, rhythm=Rhythm(), now=utc_now()
        )
        await works.rest()
    await scheduler.mind(bot.database, now=utc_now() + timedelta(hours=1.1))
    await anna.sees(GONE["de"][0] if cancelled else "Erinnerung an Ihren Termin")
    await all_told(bot)

    assert len(anna.bot_said()) == 1
    assert UNASKED["de"] not in anna.bot_said()[0]
