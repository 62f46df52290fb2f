"""/status, for the operator: how everything stands, in numbers, without a word of who anybody is."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import texts
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.markup import Html, escaped
from bot.rights import Right
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows
from bot.service_names import name_of, names_of
from bot.texts import Words
from core.breaker import State
from core.catalog import Catalog
from core.pacing import Spent
from core.slots import BERLIN
from models import census
from models.booking import Booking
from models.census import Census
from models.lane import Lane
from models.target import Target
from workers.queue import QueueName, QueueUnreachable

PURPOSE = "status"
A_PAGE = 12
MOST_BOOKINGS = 10


@dataclass(frozen=True)
class Status(Callback, word="opstat", right=Right.OPERATOR):
    """Page 0 is the whole, the others are what is looked at."""

    page: int


@dataclass(frozen=True, slots=True)
class Machines:
    """What Redis says; None while it does not."""

    spent: Spent | None
    queues: Mapping[QueueName, int] | None


async def status(talk: Talk) -> None:
    await talk.send(await _screen(talk, 0), purpose=PURPOSE)


async def turn(talk: Talk, asked: Status) -> None:
    await talk.show(await _screen(talk, asked.page), purpose=PURPOSE)


async def _screen(talk: Talk, page: int) -> Screen:
    found = await talk.read(census.taken)
    catalog = await talk.parts.catalog()
    pages = -(-len(found.targets) // A_PAGE)
    if 1 <= page <= pages:
        return _page(talk, found, page, pages, catalog)
    machines = await asyncio.to_thread(_machines, talk)
    return Screen(
        paragraphs(
            talk.words.say("status.title", at=talk.now.astimezone(BERLIN).time()),
            lines(*_lanes(talk, found, machines.spent)),
            _halts(talk.words, found, catalog),
            lines(*_people(talk.words, found)),
            lines(*_bookings(talk.words, found)),
            lines(*_machinery(talk.words, machines)),
            talk.words.say("status.targets", count=len(found.targets), blind=found.blind),
        ),
        _ways(talk.words, page=0, pages=pages),
    )


def _page(talk: Talk, found: Census, page: int, pages: int, catalog: Catalog | None) -> Screen:
    here = found.targets[(page - 1) * A_PAGE : page * A_PAGE]
    head = talk.words.say("status.target_page", page=page, pages=pages)
    said = (_target(talk, found, one, catalog) for one in here)
    return Screen(paragraphs(head, lines(*said)), _ways(talk.words, page=page, pages=pages))


def _ways(words: Words, *, page: int, pages: int) -> Rows:
    back = [Button(words.label("status.back"), Status(page - 1))] if page else []
    label = words.label("status.forward") if page else words.label("status.to_targets")
    forward = [Button(label, Status(page + 1))] if page < pages else []
    turns = [*back, *forward]
    return rows(Button(words.label("status.refresh"), Status(page)), *([turns] if turns else []))


def _machines(talk: Talk) -> Machines:
    try:
        return Machines(talk.parts.queue.spent(talk.parts.lane), talk.parts.queue.lengths())
    except QueueUnreachable:
        return Machines(None, None)


def _lanes(talk: Talk, found: Census, spent: Spent | None) -> Iterator[Html]:
    words, own = talk.words, talk.parts.lane
    known = {one.name: one for one in found.lanes}
    for name, lane in {own: Lane(name=own), **known}.items():
        yield _lane(words, lane, now=talk.now)
        if name == own and spent is not None:
            yield words.say("status.budget", used=spent.count, limit=spent.limit, granted=spent.outstanding)
        elif name == own:
            yield words.say("status.budget_unknown")


def _lane(words: Words, lane: Lane, *, now: datetime) -> Html:
    if lane.paused:
        return words.say("status.lane_paused", name=lane.name, reason=lane.reason)
    answer = texts.answer(lane.trouble, words.language) if lane.trouble else ""
    match lane.breaker.state(now):
        case State.OPEN if lane.breaker_until is not None:
            return words.say("status.lane_rests", name=lane.name, until=lane.breaker_until, answer=answer)
        case State.HALF_OPEN:
            return words.say("status.lane_probed", name=lane.name, answer=answer)
    return words.say("status.lane_open", name=lane.name)


def _halts(words: Words, found: Census, catalog: Catalog | None) -> Html:
    if not found.halts:
        return Html("")
    listed = (
        words.say("status.halted", since=one.since, service=name_of(one.service_id, words, catalog))
        for one in found.halts
    )
    return lines(words.say("status.halts"), *listed)


def _people(words: Words, found: Census) -> Iterator[Html]:
    watches = (
        words.say("status.counted", number=number, state=Html(words.say(f"status.watch_states.{state}")))
        for state, number in found.watches.items()
    )
    chats = (
        words.say("status.counted", number=number, state=Html(words.say(f"status.chat_states.{state}")))
        for state, number in found.chats.items()
    )
    yield words.say("status.watches", listed=_listed(watches, words))
    yield words.say("status.chats", listed=_listed(chats, words))
    if found.waiting and found.oldest is not None:
        yield words.say("status.notices", count=found.waiting, oldest=found.oldest)
    else:
        yield words.say("status.no_notices")
    if found.given_up:
        yield words.say("status.given_up", count=found.given_up)
    if found.erasures:
        yield words.say("status.erasures", count=found.erasures)


def _bookings(words: Words, found: Census) -> Iterator[Html]:
    if not found.bookings:
        yield words.say("status.no_bookings")
        return
    yield words.say("status.bookings")
    yield from (_booking(words, one) for one in found.bookings[:MOST_BOOKINGS])
    if len(found.bookings) > MOST_BOOKINGS:
        yield words.say("status.more", count=len(found.bookings) - MOST_BOOKINGS)


def _booking(words: Words, booking: Booking) -> Html:
    state = Html(words.say(f"status.booking_states.{booking.state}"))
    until = booking.offered_until or booking.deadline_at
    if until is None:
        return words.say("status.booking", number=booking.id, state=state, since=booking.moved_at)
    return words.say("status.booking_until", number=booking.id, state=state, until=until)


def _machinery(words: Words, machines: Machines) -> Iterator[Html]:
    up = machines.queues is not None
    yield words.say("status.machines", redis=words.say("status.redis_up") if up else words.say("status.redis_down"))
    if machines.queues is not None:
        listed = (
            words.say("status.queue", name=Html(words.say(f"status.queues_named.{name}")), count=count)
            for name, count in machines.queues.items()
        )
        yield words.say("status.queues", listed=Html(", ".join(listed)))


def _target(talk: Talk, found: Census, target: Target, catalog: Catalog | None) -> Html:
    words, look = talk.words, found.looks.get(target.id)
    service = names_of(target.services, words, catalog)
    answer = texts.answer(look.answer, words.language) if look else ""
    if target.halted:
        return words.say("status.is_halted", service=service)
    if target.blind_since is not None:
        return words.say(
            "status.is_blind", service=service, since=target.blind_since, count=target.blind_count, answer=answer
        )
    if look is None:
        return words.say("status.unlooked", service=service)
    at = look.finished_at.astimezone(BERLIN).time()
    return words.say("status.seen", service=service, at=at, age=talk.now - look.finished_at, answer=answer)


def _listed(said: Iterable[Html], words: Words) -> Html:
    every: Sequence[Html] = list(said)
    return Html(", ".join(every)) if every else escaped(words.label("status.none"))


CONVERSATION = Conversation(
    commands=(Command("status", status, right=Right.OPERATOR),),
    taps=(Tap(Status, turn),),
)
