"""When slots appeared for a service, and the windows that follow for a target."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from core.appearances import sight_by_cell, slots_by_cell
from core.bookings import BookingState
from core.catalog import Catalog, Office, Relation, Scope, Service
from core.looks import Answer
from core.releases import LEAST_SLOTS
from core.slots import BERLIN, Slot
from models import bookings, releases, targets
from models.database import Database
from models.target import Target
from tests.models_cast import LICENCE, MINUTE, NOW, PASSPORT, RUPPERT, slot, walk, watch_of
from tests.releases_cast import Eyes

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def eyes(database: Database) -> Eyes:
    return Eyes(database, database.transact(watch_of).target_id)


def test_a_service_is_seen_by_all_targets_it_is_part_of_each_slot_and_hour_once(eyes: Eyes) -> None:
    both = eyes.database.transact(lambda session: targets.join(session, [LICENCE, PASSPORT], captcha=False)).id
    other = eyes.database.transact(lambda session: targets.join(session, [LICENCE], captcha=False)).id
    for number, target_id in enumerate((eyes.target_id, both, other)):
        Eyes(eyes.database, target_id).see(0, answer=Answer.NONE)
        Eyes(eyes.database, target_id).see(number + 1, slot(0), slot(number + 1))

    seen = eyes.record()

    assert [(one.slot, one.by) for one in seen.appearances] == [
        (slot(0), NOW + MINUTE),
        (slot(1), NOW + MINUTE),
        (slot(2), NOW + 2 * MINUTE),
    ]
    assert (seen.looks, seen.seen) == (4, 2 * MINUTE)


def test_only_dated_appearances_of_the_span_are_told(eyes: Eyes) -> None:
    for minutes in range(4):
        eyes.see(minutes, *(slot(number) for number in range(minutes + 1)))

    told = eyes.record(since=NOW + 1.5 * MINUTE, until=NOW + 2.5 * MINUTE).appearances

    assert [one.slot for one in told] == [slot(2)]
    assert len(eyes.record().appearances) == 3, "the first was there before anybody looked"


def test_how_long_a_slot_stayed_is_known_if_it_was_seen_to_go_before_its_time(eyes: Eyes) -> None:
    soon = Slot(NOW + 3.5 * MINUTE, RUPPERT)
    offered = {0: (), 1: (slot(0), slot(1), soon, slot(3)), 3: (slot(1), soon, slot(3)), 5: (slot(3),), 60: ()}
    for minutes, slots in offered.items():
        eyes.see(minutes, *slots)

    stayed = {one.slot: (one.stayed / MINUTE, one.gone_at is not None) for one in eyes.record().appearances}

    assert stayed == {
        slot(0): (2, True),
        slot(1): (4, True),
        soon: (2, False),  # its time had come
        slot(3): (4, False),  # nobody looked when it went
    }


def test_what_our_own_bookings_took_and_gave_back_is_no_news(eyes: Eyes) -> None:
    def claim(taken: Slot, minutes: float) -> None:
        def wanted(session: Session) -> None:
            watch = watch_of(session, services=[LICENCE])
            booking = bookings.want(session, watch=watch, slot=taken, now=NOW + minutes * MINUTE)
            walk(session, booking.id, BookingState.HOLDING, BookingState.RELEASED)

        eyes.database.transact(wanted)

    eyes.see(0, answer=Answer.NONE)
    eyes.see(1, slot(0), slot(1))
    claim(slot(0), 1)
    claim(slot(1), 1.5)
    eyes.see(2, answer=Answer.NONE)
    before = {one.slot: one.gone_at for one in eyes.record().appearances}
    eyes.see(3, slot(0), slot(1))

    assert before == {slot(0): None, slot(1): None}, "it was us who took them"
    assert eyes.record().appearances == ()


def mornings_of(eyes: Eyes, *days: date, slots: int, minutes_in_sight: int = 300) -> None:
    """From 6:56 on the target is in sight; at 7:01 so many slots appear."""
    for number, day in enumerate(days):
        begin = datetime.combine(day, time(6, 56), tzinfo=BERLIN).astimezone(UTC)
        offered = tuple(Slot(begin + (30 + number) * DAY + n * HOUR, RUPPERT) for n in range(slots))
        for minutes in range(0, minutes_in_sight + 1, 5):
            eyes.see((begin - NOW) / MINUTE + minutes, *(offered if minutes else ()))


def test_hours_are_counted_on_munichs_clock_over_the_october_change(eyes: Eyes) -> None:
    before, after = date(2026, 10, 24), date(2026, 10, 26)
    mornings_of(eyes, before, after, slots=2, minutes_in_sight=125)

    seen = eyes.record(since=NOW, until=NOW + 365 * DAY)

    assert slots_by_cell(seen.hours) == {(5, 7): 2, (0, 7): 2}
    assert sight_by_cell(seen.hours) == {
        cell: span * MINUTE
        for day in (5, 0)
        for cell, span in {(day, 6): 4, (day, 7): 60, (day, 8): 60, (day, 9): 1}.items()
    }


def catalog_saying(info: str) -> Catalog:
    return Catalog(
        offices=(Office(id=RUPPERT, name="Rathaus", scope=Scope(id=1, info=info)),),
        services=(Service(id=PASSPORT.service_id, name="Pass"),),
        relations=(Relation(office_id=RUPPERT, service_id=PASSPORT.service_id),),
    )


@pytest.fixture
def learn(eyes: Eyes) -> Callable[..., list[str]]:
    """The target's windows at a moment, by their source, with the catalogue the caller would have read."""

    def learnt(session: Session, catalog: Catalog | None, now: datetime) -> list[str]:
        target = session.get_one(Target, eyes.target_id)
        return [one.source for one in releases.windows(session, target, lambda: catalog, now=now)]

    return lambda catalog, now: eyes.database.transact(partial(learnt, catalog=catalog, now=now))


def test_a_targets_windows_are_learnt_from_looks_and_texts(eyes: Eyes, learn: Callable[..., list[str]]) -> None:
    mornings_of(eyes, date(2026, 3, 3), date(2026, 3, 5), slots=LEAST_SLOTS)
    catalog = catalog_saying("Neue Termine werden samstags um 9 Uhr freigeschaltet.")

    assert learn(catalog, NOW + 7 * DAY) == ["recorded", "published"]
    assert learn(catalog, NOW + 90 * DAY) == ["published"], "that is long ago"


def test_windows_are_kept_for_an_hour_and_the_catalogue_is_not_asked_meanwhile(
    eyes: Eyes, learn: Callable[..., list[str]]
) -> None:
    silent, telling = catalog_saying(""), catalog_saying("Neue Termine werden samstags um 9 Uhr freigeschaltet.")

    assert learn(silent, NOW) == []
    assert learn(telling, NOW + 59 * MINUTE) == []
    assert learn(telling, NOW + 60 * MINUTE) == ["published"]
    with eyes.database.reading() as session:
        kept = session.get_one(Target, eyes.target_id).learnt
    assert kept is not None
    assert (kept.at, [one.source for one in kept.windows]) == (NOW + HOUR, ["published"])


def test_a_catalogue_that_comes_late_is_soon_asked_again(learn: Callable[..., list[str]]) -> None:
    telling = catalog_saying("Neue Termine werden samstags um 9 Uhr freigeschaltet.")

    assert learn(None, NOW) == []
    assert learn(telling, NOW + 10 * MINUTE) == ["published"]
