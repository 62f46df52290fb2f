"""Which of a chat's notices are told now, in which messages, and which wait."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.planning import Bulletin, Digest, ends_quiet, plan
from models.chat import ChatSettings
from models.notice import Notice

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # half past eleven in Munich
QUIET = ChatSettings(quiet_from=time(22), quiet_to=time(7))
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def notice(number: int, kind: str, *, booking: int | None = None, watch: int | None = None, tries: int = 0) -> Notice:
    return Notice(
        id=number,
        person_id=1,
        booking_id=booking,
        watch_id=watch,
        kind=kind,
        created_at=NOON,
        next_try_at=NOON + timedelta(hours=tries),
        attempts=tries,
    )


def told(*waiting: Notice, settings: ChatSettings | None = None, now: datetime = NOON) -> list[tuple[int, ...]]:
    return [one.covers for one in plan(waiting, settings or ChatSettings(), now=now).told]


def test_the_newest_of_a_booking_stands_for_all_of_them() -> None:
    waiting = [
        notice(1, "booking.preconfirmed", booking=5),
        notice(2, "booking.preconfirmed", booking=6),
        notice(3, "booking.reminder", booking=5),
        notice(4, "booking.expired", booking=5),
    ]

    planned = plan(waiting, ChatSettings(), now=NOON)

    assert [one.covers for one in planned.told] == [(2,), (1, 3, 4)]
    assert [one.notice.kind for one in planned.told if isinstance(one, Bulletin)] == [
        "booking.preconfirmed",
        "booking.expired",
    ]


def test_news_of_one_watch_does_not_swallow_news_of_another_sort() -> None:
    found, blind = notice(1, "slots.found", watch=5), notice(2, "look.blind", watch=5)

    assert told(found, blind, settings=ChatSettings(digest=False)) == [(1,), (2,)]


def test_what_may_come_together_does_unless_the_person_chose_otherwise() -> None:
    waiting = [
        notice(1, "slots.found", watch=5),
        notice(2, "booking.confirmed", booking=7),
        notice(3, "slots.found", watch=6),
        notice(4, "slots.found", watch=5),
    ]

    gathered = plan(waiting, ChatSettings(), now=NOON).told

    assert [type(one) for one in gathered] == [Bulletin, Digest]
    assert [one.covers for one in gathered] == [(2,), (3, 1, 4)]
    assert told(*waiting, settings=ChatSettings(digest=False)) == [(2,), (3,), (1, 4)]
    assert told(waiting[0]) == [(1,)], "one alone is no digest"


def test_in_quiet_hours_only_what_has_a_deadline_is_told() -> None:
    waiting = [
        notice(1, "slots.found", watch=5),
        notice(2, "booking.offer", booking=7),
        notice(3, "booking.confirmed", booking=8),
    ]

    planned = plan(waiting, QUIET, now=NIGHT)

    assert [one.covers for one in planned.told] == [(2,)]
    assert (planned.held, planned.until) == ((1, 3), MORNING)
    assert len(told(*waiting, settings=QUIET, now=MORNING)) == 3


def test_what_telegram_refused_waits_without_holding_up_the_rest() -> None:
    assert told(notice(1, "slots.found", watch=5, tries=1), notice(2, "slots.found", watch=6)) == [(2,)]


@pytest.mark.parametrize(
    ("begins", "ends", "now", "until"),
    [
        (time(22), time(7), NIGHT, MORNING),
        (time(22), time(7), MORNING - timedelta(minutes=1), MORNING),
        (time(22), time(7), MORNING, None),
        (time(22), time(7), NOON, None),
        (time(11), time(13), NOON, NOON + timedelta(hours=1)),
        (time(8), time(8), NOON, None),
        (None, time(8), NIGHT, None),
        # the night in October that has an hour more, and the one in March that has an hour less
        (time(22), time(7), datetime(2026, 10, 24, 21, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
        (time(22), time(7), datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_are_those_of_munich(
    begins: time | None, ends: time, now: datetime, until: datetime | None
) -> None:
    assert ends_quiet(ChatSettings(quiet_from=begins, quiet_to=ends), now=now) == until


def test_a_reminder_of_no_more_use_lapses_without_taking_others_along() -> None:
    late, early = ((NOON + timedelta(minutes=one)).isoformat() for one in (0, 1))
    waiting = [notice(1, "booking.confirmed", booking=5), notice(2, "visit.tomorrow", booking=5)]
    waiting[1].facts = {"until": late}

    planned = plan(waiting, ChatSettings(), now=NOON)
    assert ([one.covers for one in planned.told], planned.lapsed) == ([(1,)], (2,))

    waiting[1].facts = {"until": early}
    assert told(*waiting) == [(1, 2)]


def test_the_reminder_two_hours_before_is_heard_in_quiet_hours() -> None:
    waiting = [notice(1, "visit.tomorrow", booking=5), notice(2, "visit.soon", booking=6)]

    planned = plan(waiting, QUIET, now=NIGHT)

    assert ([one.covers for one in planned.told], planned.held) == ([(2,)], (1,))
