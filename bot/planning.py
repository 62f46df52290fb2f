"""What of a chat's waiting notices is told now, in which messages, and what waits. Plain rules without a clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.bulletins import Kind, kind_of
from core.slots import BERLIN
from models.chat import ChatSettings
from models.notice import Notice


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One message: the newest notice about a thing. `covers` are all that are told by it, older ones too."""

    notice: Notice
    kind: Kind
    covers: tuple[int, ...]

    @property
    def urgent(self) -> bool:
        return self.kind.urgent or bool(self.notice.facts.get("urgent"))

    @property
    def is_hushed(self) -> bool:
        return self.kind.is_hushed(self.notice)

    @property
    def thing(self) -> str:
        return self.kind.thing(self.notice)


@dataclass(frozen=True, slots=True)
class Digest:
    """News of several things in one message."""

    bulletins: tuple[Bulletin, ...]

    @property
    def covers(self) -> tuple[int, ...]:
        return tuple(number for one in self.bulletins for number in one.covers)


@dataclass(frozen=True, slots=True)
class Plan:
    """`told` in the order of the newest notices; `held` until the quiet hours end; `lapsed` are of no use any more."""

    told: tuple[Bulletin | Digest, ...] = ()
    held: tuple[int, ...] = ()
    lapsed: tuple[int, ...] = ()
    until: datetime | None = None


def plan(waiting: Sequence[Notice], settings: ChatSettings, *, now: datetime) -> Plan:
    """Several notices about one thing become the newest one; in quiet hours only what has a deadline is told.

    A notice that Telegram refused lately waits for its next try, and holds nothing else up.
    """
    due = [notice for notice in waiting if notice.attempts == 0 or _is_due(notice, now=now)]
    lapsed = tuple(notice.id for notice in due if _has_lapsed(notice, now=now))
    bulletins = _newest([notice for notice in due if notice.id not in lapsed])
    quiet_until = ends_quiet(settings, now=now)
    if quiet_until is not None:
        held = tuple(number for one in bulletins if not one.urgent for number in one.covers)
        bulletins = [one for one in bulletins if one.urgent]
    else:
        held = ()
    return Plan(told=_gathered(bulletins, settings), held=held, lapsed=lapsed, until=quiet_until)


def ends_quiet(settings: ChatSettings, *, now: datetime) -> datetime | None:
    """When the quiet hours that we are in end; None outside of them."""
    begins, ends = settings.quiet_from, settings.quiet_to
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(BERLIN)
    if not _within(local.time(), begins, ends):
        return None
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=BERLIN).astimezone(now.tzinfo)


def _newest(waiting: Sequence[Notice]) -> list[Bulletin]:
    of_thing: dict[str, list[Notice]] = {}
    for notice in waiting:
        of_thing.setdefault(kind_of(notice.kind).thing(notice), []).append(notice)
    bulletins = [
        Bulletin(about[-1], kind_of(about[-1].kind), tuple(one.id for one in about)) for about in of_thing.values()
    ]
    return sorted(bulletins, key=lambda one: one.notice.id)


def _gathered(bulletins: Sequence[Bulletin], settings: ChatSettings) -> tuple[Bulletin | Digest, ...]:
    """What may come together does, in the place of the first of it; one alone stays as it is."""
    together = tuple(one for one in bulletins if one.kind.gathers)
    if not settings.digest or len(together) < 2:  # noqa: PLR2004  # one is no digest
        return tuple(bulletins)
    first = together[0]
    told = (Digest(together) if one is first else one for one in bulletins if one is first or one not in together)
    return tuple(told)


def _within(moment: time, begins: time, ends: time) -> bool:
    return begins <= moment < ends if begins < ends else moment >= begins or moment < ends


def _has_lapsed(notice: Notice, *, now: datetime) -> bool:
    until = notice.facts.get("until")
    return kind_of(notice.kind).lapses and until is not None and datetime.fromisoformat(until) <= now


def _is_due(notice: Notice, *, now: datetime) -> bool:
    return notice.next_try_at is not None and notice.next_try_at <= now
