"""A round through the tables: what must be looked at, what was seen, what the City keeps, and who is told."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from core.catalog import Catalog
from core.errors import BadInput
from core.looks import Answer, Dialect
from core.slots import Slot
from models import catalogs, holds, lanes, looks, mandates, notices, slots_seen, targets, watches
from models.database import Database
from models.target import Target
from models.watch import WatchState
from tests.models_cast import (
    LICENCE,
    MINUTE,
    NOW,
    ORLEANS,
    PASING,
    PASSPORT,
    RUPPERT,
    appointment,
    booking_of,
    hold_of,
    looked,
    slot,
    watch_of,
)

DAY = timedelta(days=1)


def answer(database: Database, target_id: int, answer: Answer, *, at: datetime, due: datetime) -> Target:
    return database.transact(
        lambda session: targets.answered(session, target_id, looked(answer, at=at), next_look_at=due)
    )


def test_one_target_serves_all_who_want_the_same_and_covers_their_offices(database: Database) -> None:
    def several(session: Session) -> list[int]:
        wishes = ((RUPPERT,), (PASING, RUPPERT), (ORLEANS,))
        return [watch_of(session, office_ids=offices, services=[PASSPORT, LICENCE]).id for offices in wishes]

    watch_ids = database.transact(several)
    database.transact(lambda session: watches.pause(session, watch_ids[2], now=NOW))

    with database.reading() as session:
        assert [target.office_ids for target in targets.list(session)] == [(RUPPERT, PASING)]
    database.transact(lambda session: watch_of(session, office_ids=(), services=[LICENCE, PASSPORT]))
    with database.reading() as session:
        assert [target.office_ids for target in targets.list(session)] == [()], "somebody takes any"


def test_offices_with_the_captcha_box_are_looked_at_apart(database: Database) -> None:
    plain, boxed = (database.transact(partial(watch_of, captcha=captcha)).target_id for captcha in (False, True))

    assert plain != boxed


def test_a_target_nobody_waits_for_is_due_no_more_until_somebody_does(database: Database) -> None:
    watch = database.transact(watch_of)
    later = NOW + DAY

    database.transact(lambda session: watches.stop(session, watch.id, now=NOW))
    with database.reading() as session:
        assert targets.get(session, watch.target_id).next_look_at is None
    database.transact(lambda session: watch_of(session, now=later))
    with database.reading() as session:
        assert targets.get(session, watch.target_id).next_look_at == later


def test_who_wants_one_more_office_need_not_wait_for_the_next_round(database: Database) -> None:
    watch = database.transact(watch_of)
    answer(database, watch.target_id, Answer.NONE, at=NOW, due=NOW + DAY)

    def due_after(office_id: int) -> datetime | None:
        database.transact(lambda session: watch_of(session, office_ids=(office_id,), now=NOW + MINUTE))
        with database.reading() as session:
            return targets.get(session, watch.target_id).next_look_at

    assert due_after(RUPPERT) == NOW + DAY
    assert due_after(PASING) == NOW + MINUTE


def test_blind_looks_are_counted_from_the_first_until_one_sees_again(database: Database) -> None:
    target_id = database.transact(watch_of).target_id

    blind = [
        answer(database, target_id, word, at=NOW + number * MINUTE, due=NOW + DAY)
        for number, word in enumerate((Answer.NONE, Answer.FAILED, Answer.CHANGED, Answer.NONE))
    ]

    assert [(target.blind_count, target.blind_since) for target in blind] == [
        (0, None),
        (1, NOW + MINUTE),
        (2, NOW + MINUTE),
        (0, None),
    ]
    assert [target.last_good_at for target in blind] == [NOW, NOW, NOW, NOW + 3 * MINUTE]


def test_who_came_while_a_look_was_under_way_gets_one_of_their_own(database: Database) -> None:
    watch = database.transact(watch_of)
    database.transact(lambda session: targets.claim_one(session, watch.target_id, now=NOW, owner="x", lease=MINUTE))
    database.transact(lambda session: watch_of(session, office_ids=(PASING,), now=NOW + MINUTE / 2))

    target = answer(database, watch.target_id, Answer.NONE, at=NOW, due=NOW + DAY)

    assert (target.next_look_at, target.lease_until) == (NOW + MINUTE / 2, None)


def test_slots_come_go_and_come_back_and_unread_days_say_nothing(database: Database) -> None:
    target_id = database.transact(watch_of).target_id
    first, second, third = slot(0), slot(1), slot(2)

    def seen(minutes: int, *offered: Slot, unread: tuple[date, ...] = ()) -> set[Slot]:
        at = NOW + minutes * MINUTE
        look = looked(Answer.FREE, *offered, at=at, unread_days=unread)
        return database.transact(lambda session: slots_seen.record(session, target_id, look, now=at))

    def offered_since(minutes: int) -> list[Slot]:
        with database.reading() as session:
            return [*slots_seen.fresh(session, target_id, since=NOW + minutes * MINUTE)]

    assert seen(0, first, second, third) == {first, second, third}
    assert seen(1, first, unread=(second.day,)) == set()
    assert offered_since(0) == [first, second], "the third is gone, of the second the look cannot know"
    assert offered_since(1) == [first]
    assert seen(2, first, second, third) == {third}, "somebody gave it back"
    database.transact(lambda session: slots_seen.take_off(session, target_id, first, now=NOW))
    assert offered_since(0) == [second, third]


def test_a_look_that_saw_nothing_it_could_believe_takes_nothing_off(database: Database) -> None:
    target_id = database.transact(watch_of).target_id
    database.transact(lambda session: slots_seen.record(session, target_id, looked(Answer.FREE, slot()), now=NOW))

    blind = looked(Answer.MAINTENANCE)
    database.transact(lambda session: slots_seen.record(session, target_id, blind, now=NOW + MINUTE))

    with database.reading() as session:
        assert slots_seen.fresh(session, target_id, since=NOW) == [slot()]


def test_looks_are_listed_newest_first(database: Database) -> None:
    target_id = database.transact(watch_of).target_id
    for number, word in enumerate((Answer.NONE, Answer.THROTTLED)):
        look = looked(word, at=NOW + number * MINUTE)
        database.transact(partial(looks.record, target_id=target_id, lane="main", look=look))

    with database.reading() as session:
        assert [look.answer for look in looks.latest(session, target_id)] == [Answer.THROTTLED, Answer.NONE]


def test_the_time_for_the_mailed_link_begins_when_the_city_first_says_preconfirmed(database: Database) -> None:
    booking = database.transact(booking_of)
    answered = appointment(activation=timedelta(minutes=20), reservation=timedelta(minutes=10))
    database.transact(lambda session: holds.keep(session, database.keys, booking.id, answered, now=NOW))

    for minutes in (3, 5):
        at = NOW + minutes * MINUTE
        database.transact(partial(holds.note_status, booking_id=booking.id, status="preconfirmed", now=at))

    with database.reading() as session:
        hold = hold_of(session, booking)
    assert hold.expires_at == NOW + 10 * MINUTE
    assert (hold.status, hold.read_at) == ("preconfirmed", NOW + 5 * MINUTE)
    assert hold.activation_until == NOW + 23 * MINUTE


def test_a_second_answer_to_a_hold_replaces_the_first(database: Database) -> None:
    booking = database.transact(booking_of)
    for at in (NOW, NOW + MINUTE):
        keep = partial(holds.keep, keyring=database.keys, booking_id=booking.id, appointment=appointment(), now=at)
        database.transact(keep)

    with database.reading() as session:
        assert hold_of(session, booking).held_at == NOW + MINUTE


def test_a_link_can_be_given_only_for_what_is_held(database: Database) -> None:
    booking = database.transact(booking_of)
    give = partial(holds.give_link, booking_id=booking.id, now=NOW)

    assert not database.transact(give)
    database.transact(lambda session: holds.keep(session, database.keys, booking.id, appointment(), now=NOW))
    assert database.transact(give)
    with database.reading() as session:
        assert holds.link_was_given(session, booking.id)


def test_a_notice_is_written_once_told_once_and_given_up_for_good(database: Database) -> None:
    booking = database.transact(booking_of)

    def write(kind: str, dedupe: str | None = None) -> int:
        return database.transact(
            lambda session: notices.write(
                session,
                person_id=booking.person_id,
                booking_id=booking.id,
                kind=kind,
                facts={},
                now=NOW,
                dedupe=dedupe,
            )
        ).id

    def due(at: datetime) -> list[int]:
        with database.reading() as session:
            return [notice.id for notice in notices.due(session, at)]

    once, other = write("booking.held", "held:1"), write("booking.held")
    assert write("booking.held", "held:1") == once
    database.transact(lambda session: notices.failed(session, once, NOW + MINUTE))
    assert (due(NOW), due(NOW + MINUTE)) == ([other], [once, other])
    database.transact(lambda session: notices.told(session, other, now=NOW))
    database.transact(lambda session: notices.failed(session, other, NOW))
    database.transact(lambda session: notices.failed(session, once, None))
    assert due(NOW + DAY) == []
    with database.reading() as session:
        assert [notice.id for notice in notices.of_booking(session, booking.id)] == [once, other]
        assert notices.untold(session) == []


def test_a_lane_is_closed_by_hand_and_keeps_no_password(database: Database) -> None:
    def open_at(now: datetime) -> bool:
        with database.reading() as session:
            return lanes.open_at(session, "main", now=now)

    assert open_at(NOW), "nobody has closed it"
    database.transact(lambda session: lanes.pause(session, "main", reason="operator"))
    assert not open_at(NOW + DAY)
    database.transact(lambda session: lanes.resume(session, "main"))
    assert open_at(NOW)
    lane = database.transact(lambda session: lanes.ensure(session, "main", proxy="http://me:secret@proxy.example:3128"))
    assert lane.proxy == "proxy.example:3128"


def test_a_watch_ends_for_its_deadline_or_its_mandate_but_not_under_a_booking(database: Database) -> None:
    def three(session: Session) -> list[int]:
        late, revoked = watch_of(session, deadline=NOW + DAY), watch_of(session, services=[LICENCE])
        mandates.revoke(session, revoked.mandate_id, now=NOW)
        busy = booking_of(session, taken=slot(5)).watch_id
        watches.get(session, busy).deadline = NOW + DAY
        return [late.id, revoked.id, busy]

    late, revoked, busy = database.transact(three)

    ended = database.transact(lambda session: watches.end_overdue(session, NOW + DAY))

    assert [(watch.id, watch.ended_reason) for watch in ended] == [(late, "deadline")]
    with database.reading() as session:
        assert watches.get(session, revoked).ended_reason == "mandate-revoked"
        assert [watch.id for watch in watches.list(session, WatchState.OPEN)] == [busy]


def test_what_has_ended_cannot_be_taken_up_again(database: Database) -> None:
    watch = database.transact(watch_of)
    database.transact(lambda session: watches.end(session, watch.id, reason="no-such-scope", now=NOW))

    with pytest.raises(BadInput, match="ended"):
        database.transact(lambda session: watches.resume(session, watch.id, now=NOW))


def test_the_newest_mandate_that_stands_counts(database: Database) -> None:
    def several(session: Session) -> tuple[int, int]:
        person_id = watch_of(session).person_id
        lapsed = mandates.record(session, person_id, "for a day", NOW + DAY, now=NOW)
        return person_id, lapsed.id

    person_id, lapsed = database.transact(several)

    def standing_at(now: datetime) -> int | None:
        with database.reading() as session:
            found = mandates.valid(session, person_id, now=now)
            return found.id if found else None

    assert standing_at(NOW) == lapsed
    assert standing_at(NOW + DAY) not in (None, lapsed)


def test_a_catalogue_is_kept_again_only_where_it_differs(database: Database) -> None:
    empty = Catalog(services=(), offices=(), relations=())
    keep = partial(catalogs.keep, site_url="https://example.org", catalog=empty)

    first = database.transact(partial(keep, dialect=Dialect.FEB, now=NOW))
    same = database.transact(partial(keep, dialect=Dialect.FEB, now=NOW + DAY))
    other = database.transact(partial(keep, dialect=Dialect.AUG, now=NOW + DAY))

    assert first.id == same.id != other.id
    with database.reading() as session:
        newest = catalogs.latest(session, "https://example.org")
        assert newest is not None
        assert (newest.dialect, newest.catalog) == (Dialect.AUG, empty)
        assert catalogs.latest(session, "https://example.com") is None
