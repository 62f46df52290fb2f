"""Changing a search that goes on: what is kept, what is refused, and that it stays whose it is."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.wish.editing import form_of
from bot.wish.form import Form, StepName
from bot.wish.newcomer import Newcomer
from bot.wish.summary import SaveWish
from core.bookings import BookingState
from core.contact import Contact
from core.services import ServiceCount
from core.slots import Slot, utc_now
from core.wishes import DayRange, Mode, WishRules, gives_up_at
from models import bookings, chats, mandates, targets, watches
from models.booking import Booking
from models.database import Session
from models.watch import Watch, WatchState
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_steps_cast import PASING, PASSPORT, RUPPERT, begun, day, kept, person, put, steps_running
from tests.models_cast import TO_CONFIRMED, walk

BEFORE = utc_now() - timedelta(days=3)
OLD = WishRules(ranges=(DayRange(first=day(1), last=day(9)),))
NEW = WishRules(ranges=(DayRange(first=day(1), last=day(20)),))
WORDS = {
    "de": ("Ihre geänderte Suche", "Änderung speichern", "Die Änderung ist gespeichert"),
    "en": ("Your changed search", "Save the change", "The change is saved"),
}


@pytest.fixture
async def anna(bot: RunningBot) -> User:
    await steps_running(bot)
    return await bot.member("Anna")


async def watching(bot: RunningBot, user: User, *, improves_id: int | None = None, **fields: Any) -> Watch:
    """A search for a passport that was begun three days ago."""
    person_id = await person(bot, user)

    def add(session: Session) -> Watch:
        mandate = mandates.record(session, person_id, "before", None, now=BEFORE)
        given: dict[str, Any] = {
            "rules": OLD,
            "mode": Mode.NOTIFY,
            "deadline": gives_up_at(OLD),
            "office_ids": (RUPPERT,),
        } | fields
        return watches.add(
            session,
            person_id=person_id,
            mandate_id=mandate.id,
            services=(ServiceCount(PASSPORT),),
            improves_id=improves_id,
            now=BEFORE,
            **given,
        )

    made: Watch = await bot.act(add)
    return made


async def editing(bot: RunningBot, user: User, watch: Watch, **fields: Any) -> Form:
    """The summary of the watch with these changes."""
    given = {
        "person_id": watch.person_id,
        "watch_id": watch.id,
        "services": watch.services,
        "office_ids": watch.office_ids,
        "rules": NEW,
        "mode": Mode.ASK,
        "reviewed": True,
    }
    return await begun(bot, user, StepName.SUMMARY, **(given | fields))


async def again(bot: RunningBot, watch: Watch) -> Watch:
    return await bot.database.read(lambda session: watches.get(session, watch.id))


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_a_change_keeps_the_search_and_its_place_in_the_queue(bot: RunningBot, language: str) -> None:
    title, button, saved = WORDS[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    watch = await watching(bot, bert)
    await editing(bot, bert, watch, office_ids=(PASING,))
    await bert.sees(title)

    await bert.click(button)

    await bert.sees(saved)
    after = await again(bot, watch)
    assert (after.rules, after.mode, after.office_ids, after.since) == (NEW, Mode.ASK, (PASING,), BEFORE)
    assert (after.deadline, after.mandate_id != watch.mandate_id) == (gives_up_at(NEW), True)
    target = await bot.database.read(lambda session: targets.get(session, after.target_id))
    assert (target.office_ids, target.leased_by) == ((PASING,), f"watch-made:{target.id}")


async def test_an_end_that_the_operator_set_stays(bot: RunningBot, anna: User) -> None:
    own = utc_now() + timedelta(days=100)
    watch = await watching(bot, anna, deadline=own)
    await editing(bot, anna, watch)

    await anna.click("Änderung speichern")

    await anna.sees("gespeichert")
    assert (await again(bot, watch)).deadline == own


async def test_another_service_waits_anew_and_it_is_said_before(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna)
    await editing(bot, anna, watch, services=(ServiceCount(PASSPORT, 2),))
    await anna.sees("Wartezeit von vorn")

    await anna.click("Änderung speichern")

    await anna.sees("gespeichert")
    assert (await again(bot, watch)).since > BEFORE


async def test_a_paused_search_stays_paused_and_says_so(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna)
    await bot.act(lambda session: watches.pause(session, watch.id, now=utc_now()))
    await editing(bot, anna, watch)

    await anna.click("Änderung speichern")

    told = await anna.sees("ist angehalten")
    assert "Ich suche ab jetzt" not in told.text
    assert ((await again(bot, watch)).state, (await again(bot, watch)).rules) == (WatchState.PAUSED, NEW)


async def test_while_a_booking_is_under_way_nothing_is_changed(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna, mode=Mode.AUTO)
    slot = Slot(datetime.combine(day(3), datetime.min.time(), tzinfo=utc_now().tzinfo), RUPPERT)
    await bot.act(lambda session: bookings.want(session, watch=watch, slot=slot, now=utc_now()))
    form = await editing(bot, anna, watch)

    await anna.click("Änderung speichern")

    await anna.sees("Gerade läuft noch eine Buchung")
    assert ((await again(bot, watch)).rules, await kept(bot, anna)) == (OLD, form)


async def test_a_search_that_has_ended_meanwhile_cannot_be_changed(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna)
    form = await editing(bot, anna, watch)
    await bot.act(lambda session: watches.stop(session, watch.id, now=utc_now()))

    await anna.click("Änderung speichern")

    await anna.sees("schon zu Ende")
    assert ((await again(bot, watch)).state, await kept(bot, anna)) == (WatchState.STOPPED, form)


async def test_a_search_stays_its_persons(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna)
    other = await bot.act(lambda session: _another_person(session, bot, watch.person_id))
    await editing(bot, anna, watch, person_id=other)

    await anna.click("Änderung speichern")

    await anna.sees("bleibt bei der Person")
    assert (await again(bot, watch)).rules == OLD


async def test_nobody_changes_somebody_elses_search(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna)
    mallory = await bot.member("Mallory")
    form = Form(person_id=await person(bot, mallory), watch_id=watch.id, services=watch.services, mode=Mode.AUTO)
    await editing(bot, mallory, await watching(bot, mallory))
    await put(bot, mallory, form.at(StepName.SUMMARY))

    toast = await mallory.press(SaveWish().data)

    assert (toast.alert, (await again(bot, watch)).rules) == (True, OLD)


async def test_a_swap_stays_one(bot: RunningBot, anna: User) -> None:
    stands = await _standing(bot, anna)
    watch = await watching(bot, anna, improves_id=stands.id)
    await editing(bot, anna, watch)
    await anna.sees("Soll Ihren Termin ersetzen")

    await anna.click("Änderung speichern")

    await anna.sees("Die Änderung ist gespeichert")
    assert ((await again(bot, watch)).improves_id, (await again(bot, watch)).rules) == (stands.id, NEW)


async def test_a_swap_keeps_its_service(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna, improves_id=(await _standing(bot, anna)).id)
    await editing(bot, anna, watch, services=(ServiceCount(PASSPORT, 2),))

    await anna.click("Änderung speichern")

    await anna.sees("bleibt die Leistung dieselbe")
    assert (await again(bot, watch)).services == (ServiceCount(PASSPORT),)


async def _standing(bot: RunningBot, user: User) -> Booking:
    """An appointment that is confirmed."""
    first = await watching(bot, user, mode=Mode.AUTO)

    def book(session: Session) -> Booking:
        slot = Slot(utc_now() + timedelta(days=60), RUPPERT)
        booking = bookings.want(session, watch=watches.get(session, first.id), slot=slot, now=utc_now())
        walk(session, booking.id, *TO_CONFIRMED, now=utc_now())
        watches.fulfil(session, first.id, now=utc_now())
        return bookings.get(session, booking.id)

    made: Booking = await bot.act(book)
    assert made.state is BookingState.CONFIRMED
    return made


def _another_person(session: Session, bot: RunningBot, person_id: int) -> int:
    """Of the same chat."""
    chat = chats.of_person(session, person_id)
    assert chat is not None
    contact = Contact("Bela", "Oberhuber", "bela@example.org")
    return chats.adopt(session, bot.keyring, chat.id, contact, now=utc_now()).id


UNSAVED = {
    "de": ("Ändern", "Sie sind schon dabei, diese Suche zu ändern", "Damit weitermachen", "von vorn ändern"),
    "en": ("Change", "You are changing this search already", "Go on with it", "change it anew"),
}


@pytest.mark.parametrize("language", sorted(UNSAVED))
async def test_what_was_changed_and_not_saved_is_not_lost_by_another_tap(bot: RunningBot, language: str) -> None:
    change, asks, go_on, anew = UNSAVED[language]
    await steps_running(bot)
    bert = await bot.member("Bert", language_code=language)
    watch = await watching(bot, bert)

    async def tap_change() -> None:
        await bert.send("/watches")
        await bert.click("1. Reisepass")
        await bert.click(change)

    await tap_change()
    await bert.sees(WORDS[language][0])
    await tap_change()
    assert asks not in str(bert), "nothing was changed yet, so nothing is asked"
    await editing(bot, bert, watch, office_ids=(PASING,))
    await tap_change()
    await bert.sees(asks)
    await bert.click(go_on)
    await bert.sees("Pasing")
    assert (await kept(bot, bert)).office_ids == (PASING,)
    await tap_change()
    await bert.click(anew)
    await bert.sees("Ruppertstraße")

    assert await kept(bot, bert) == form_of(watch)


async def test_a_detail_that_is_just_being_written_is_not_lost_either(bot: RunningBot, anna: User) -> None:
    watch = await watching(bot, anna)
    half = form_of(watch).at(StepName.WHO)
    await put(bot, anna, half.changed(view=Newcomer(last_name="Zwicklhuber", asks=None, whole=True).view))

    await anna.send("/watches")
    await anna.click("1. Reisepass")
    await anna.click("Ändern")
    await anna.click("Damit weitermachen")

    await anna.sees("Zwicklhuber")
