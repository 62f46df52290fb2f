"""An open watch is given another wish: what moves with it, what it keeps, and when it is refused."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.bookings import BookingState
from core.caps import Caps
from core.catalog import Catalog, Office, Relation, Scope, Service
from core.errors import BadInput
from core.services import ServiceCount
from core.wishes import Mode, WishRules
from models import bookings, mandates, targets, watches, wishing
from models.database import Database
from models.watch import Watch, WatchState
from models.wishing import Consent, Wanted
from tests.models_cast import LICENCE, MINUTE, NOW, PASING, PASSPORT, RUPPERT, slot, walk, watch_of

LATER = NOW + timedelta(days=3)
RULES = WishRules(latest=date(2026, 5, 1), minimum_notice=timedelta(hours=2))
CATALOG = Catalog(
    offices=(
        Office(id=RUPPERT, name="Ruppertstraße"),
        Office(id=PASING, name="Pasing", scope=Scope(id=1, captcha=True)),
    ),
    services=(Service(id=PASSPORT.service_id, name="Reisepass"), Service(id=LICENCE.service_id, name="Führerschein")),
    relations=tuple(
        Relation(office_id=office, service_id=one.service_id)
        for office in (RUPPERT, PASING)
        for one in (PASSPORT, LICENCE)
    ),
)


def changed(session: Session, watch: Watch, **given: Any) -> Watch:
    fields: dict[str, Any] = {
        "services": (PASSPORT,),
        "office_ids": (RUPPERT,),
        "rules": RULES,
        "mode": Mode.ASK,
    } | given
    return wishing.change(session, watch.id, Wanted(**fields), Consent("another text"), catalog=CATALOG, now=LATER)


def test_everything_but_the_place_in_the_queue_is_new(database: Database) -> None:
    before = database.transact(watch_of)

    after = database.transact(lambda session: changed(session, before, office_ids=(PASING, RUPPERT)))

    with database.reading() as session:
        kept = watches.get(session, before.id)
        assert (kept.rules, kept.mode, kept.office_ids, kept.since) == (RULES, Mode.ASK, (PASING, RUPPERT), NOW)
        assert kept.mandate_id != before.mandate_id
        assert (valid := mandates.valid(session, kept.person_id, now=LATER)) is not None
        assert (valid.id, valid.what) == (kept.mandate_id, "another text")
    assert after.id == before.id


@pytest.mark.parametrize(
    ("services", "since"),
    [
        ((LICENCE,), LATER),
        ((PASSPORT, LICENCE), LATER),
        ((ServiceCount(PASSPORT.service_id, 2),), LATER),
        ((PASSPORT,), NOW),
    ],
    ids=["another", "one more", "twice", "the same"],
)
def test_who_wants_another_service_waits_from_then_on(
    database: Database, services: Sequence[ServiceCount], since: Any
) -> None:
    before = database.transact(watch_of)

    after = database.transact(lambda session: changed(session, before, services=tuple(services)))

    assert after.since == since


def test_both_targets_are_formed_anew_and_the_new_one_is_looked_at_at_once(database: Database) -> None:
    """Pasing demands the box, so its looks are another target's."""
    before, other = database.transact(lambda session: (watch_of(session), watch_of(session)))

    after = database.transact(lambda session: changed(session, before, office_ids=(PASING,)))
    database.transact(lambda session: watches.stop(session, other.id, now=LATER))

    with database.reading() as session:
        old, new = targets.get(session, before.target_id), targets.get(session, after.target_id)
        assert (old.next_look_at, old.id != new.id) == (None, True)
        assert (new.office_ids, new.captcha, new.next_look_at) == ((PASING,), True, LATER)


def test_wider_rules_are_looked_at_at_once_too(database: Database) -> None:
    before = database.transact(watch_of)
    database.transact(
        lambda session: setattr(targets.get(session, before.target_id), "next_look_at", LATER + 30 * MINUTE)
    )

    database.transact(lambda session: changed(session, before))

    with database.reading() as session:
        assert targets.get(session, before.target_id).next_look_at == LATER


def test_what_is_paused_stays_so_and_is_not_looked_at(database: Database) -> None:
    before = database.transact(watch_of)
    database.transact(lambda session: watches.pause(session, before.id, now=NOW))

    after = database.transact(lambda session: changed(session, before, services=(LICENCE,)))

    with database.reading() as session:
        assert (after.state, targets.get(session, after.target_id).next_look_at) == (WatchState.PAUSED, None)


def test_a_booking_under_way_is_not_pulled_from_under_its_person(database: Database) -> None:
    def book(session: Session) -> int:
        watch = watch_of(session)
        return bookings.want(session, watch=watch, slot=slot(), now=NOW).id

    booking_id = database.transact(book)
    with database.reading() as session:
        watch = watches.get(session, bookings.get(session, booking_id).watch_id)

    with pytest.raises(BadInput, match="under way"):
        database.transact(lambda session: changed(session, watch))
    database.transact(lambda session: walk(session, booking_id, BookingState.LOST))
    assert database.transact(lambda session: changed(session, watch)).rules == RULES


def test_an_ended_watch_and_the_service_of_a_swap_cannot_be_changed(database: Database) -> None:
    ended, swap = database.transact(lambda session: (watch_of(session), watch_of(session, improves_id=77)))
    database.transact(lambda session: watches.stop(session, ended.id, now=NOW))

    with pytest.raises(BadInput) as over:
        database.transact(lambda session: changed(session, ended))
    with pytest.raises(BadInput) as other:
        database.transact(lambda session: changed(session, swap, services=(LICENCE,)))
    assert (over.value.code, other.value.code) == ("watch_over", "swap_services")
    assert database.transact(lambda session: changed(session, swap)).improves_id == 77


def test_caps_bound_new_watches_alone(database: Database) -> None:
    watch = database.transact(watch_of)
    wanted = Wanted(services=(LICENCE,), office_ids=(), rules=RULES, mode=Mode.AUTO)

    def one_more(session: Session) -> Watch:
        caps = Caps(watches_per_person=1)
        return wishing.begin(session, watch.person_id, wanted, Consent("x"), catalog=CATALOG, caps=caps, now=NOW)

    with pytest.raises(BadInput, match="may keep 1"):
        database.transact(one_more)
    assert database.transact(lambda session: changed(session, watch)).state is WatchState.OPEN
