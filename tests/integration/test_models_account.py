"""What became of all slots that were seen for a watch, and a wish that is made wider."""

from collections import Counter
from datetime import time, timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import Session

from core.bookings import BookingState
from core.errors import BadInput
from core.ledger import Account, Fate
from core.looks import Answer
from core.slots import Slot
from core.wishes import HourRange, WishRules
from models import bookings, ledger, slots_seen, targets, watches
from models.database import Database
from models.event import Event
from models.target import Target
from models.watch import Watch
from tests.models_cast import BELA, MINUTE, NOW, PASING, RUPPERT, looked, slot, watch_of

WEEK = timedelta(days=7)
MORNINGS = WishRules(hours=(HourRange(start=time(8), end=time(12)),))
FITS, ALSO, LATE, ELSEWHERE = slot(0, hour=7), slot(1, hour=7), slot(0, hour=13), slot(0, office_id=PASING, hour=13)


def watching(session: Session, rules: WishRules = MORNINGS) -> Watch:
    watch = watch_of(session)
    watch.rules = rules
    session.flush()
    return watch


def see(session: Session, target_id: int, *slots: Slot, minutes: int) -> None:
    at = NOW + minutes * MINUTE
    slots_seen.record(session, target_id, looked(Answer.FREE, *slots, at=at), now=at)


def account(session: Session, watch: Watch, *, minutes: int = 60) -> Account:
    return ledger.account(session, watch, longest=WEEK, now=NOW + minutes * MINUTE)


def test_every_slot_is_counted_once_and_every_rule_that_turned_it_down(database: Database) -> None:
    def happens(session: Session) -> Account:
        watch = watching(session)
        see(session, watch.target_id, FITS, ALSO, LATE, ELSEWHERE, minutes=1)
        see(session, watch.target_id, ALSO, LATE, ELSEWHERE, minutes=2)
        rival = watch_of(session, BELA, now=NOW - MINUTE)
        made = bookings.want(session, watch=rival, slot=ALSO, now=NOW + 2 * MINUTE)
        bookings.move(session, made.id, BookingState.HOLDING, now=NOW + 2 * MINUTE)
        return account(session, watch)

    found = database.transact(happens)

    assert (found.seen, found.unfit, found.refused) == (4, 2, {"hours": 2, "offices": 1})
    assert found.fates == Counter({(Fate.GONE, "too-short"): 1, (Fate.OTHER_PERSON, "waited-longer"): 1})


def test_what_was_seen_while_it_rested_or_wanted_something_else_is_not_told_of(database: Database) -> None:
    def happens(session: Session) -> tuple[Account, Account, Account]:
        watch = watching(session)
        see(session, watch.target_id, FITS, minutes=1)
        see(session, watch.target_id, minutes=2)
        watches.pause(session, watch.id, now=NOW + 10 * MINUTE)
        see(session, watch.target_id, ALSO, minutes=11)
        resting = account(session, watch)
        see(session, watch.target_id, minutes=12)
        watches.resume(session, watch.id, now=NOW + 20 * MINUTE)
        going_on = account(session, watch)
        see(session, watch.target_id, LATE, minutes=21)
        see(session, watch.target_id, minutes=22)
        watches.relax(session, watch.id, rules=WishRules(), office_ids=(RUPPERT,), now=NOW + 30 * MINUTE)
        return resting, going_on, account(session, watch)

    resting, going_on, changed = database.transact(happens)

    assert (resting.span.end, resting.seen) == (NOW + 10 * MINUTE, 1)
    assert (going_on.span.start, going_on.seen) == (NOW + 20 * MINUTE, 0)
    assert (changed.span.start, changed.seen) == (NOW + 30 * MINUTE, 0)


def test_a_wider_wish_keeps_its_place_and_is_looked_at_soon(database: Database) -> None:
    def happens(session: Session) -> tuple[Watch, Target]:
        watch = watching(session)
        look = looked(Answer.NONE, at=NOW + MINUTE)
        targets.answered(session, watch.target_id, look, next_look_at=NOW + WEEK)
        both = (RUPPERT, PASING)
        changed = watches.relax(
            session, watch.id, rules=WishRules(), office_ids=both, captcha=False, now=NOW + 2 * MINUTE
        )
        return changed, targets.get(session, watch.target_id)

    watch, target = database.transact(happens)

    assert (watch.since, watch.rules, watch.office_ids) == (NOW, WishRules(), (RUPPERT, PASING))
    assert (target.office_ids, target.next_look_at) == ((RUPPERT, PASING), NOW + 2 * MINUTE)


def test_an_office_with_the_box_leads_to_a_target_of_its_own(database: Database) -> None:
    def happens(session: Session) -> tuple[Target, Target]:
        watch = watching(session)
        before = targets.get(session, watch.target_id)
        watches.relax(session, watch.id, rules=MORNINGS, office_ids=(RUPPERT, PASING), captcha=True, now=NOW)
        return before, targets.get(session, watch.target_id)

    before, after = database.transact(happens)

    assert (before.captcha, before.next_look_at) == (False, None), "nobody waits there any more"
    assert (after.captcha, after.next_look_at, after.office_ids) == (True, NOW, (RUPPERT, PASING))


def test_a_watch_that_has_ended_is_changed_no_more(database: Database) -> None:
    watch = database.transact(watching)
    database.transact(lambda session: watches.stop(session, watch.id, now=NOW))

    with pytest.raises(BadInput):
        database.transact(lambda session: watches.relax(session, watch.id, rules=WishRules(), office_ids=(), now=NOW))


def test_one_that_rests_longer_than_events_are_kept_tells_of_nothing(database: Database) -> None:
    def happens(session: Session) -> Account:
        watch = watching(session)
        watches.pause(session, watch.id, now=NOW)
        session.exec(delete(Event))
        see(session, watch.target_id, FITS, minutes=1)
        return account(session, watch)

    assert database.transact(happens).seen == 0
