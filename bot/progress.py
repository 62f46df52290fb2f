"""What a booking's message shows while it is under way: plain rules from the rows, and the screens drawn by them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot import places
from bot.conversation import Around
from bot.countdown import left
from bot.markup import Html
from bot.screens import Screen, lines, paragraphs
from bot.texts import Words
from core.bookings import BookingState
from models.booking import Booking
from models.under_way import Affair

POSSIBLE_HOLD = "possible-hold"  # the row's reason while nobody knows whether the City holds something


class Stage(StrEnum):
    """Where a booking is, as its person sees it. In OFFER, MAIL and POSSIBLE the notice about it is what is shown."""

    HOLDING = "holding"
    HELD = "held"
    OFFER = "offer"
    OVER = "over"
    DECLINED = "declined"
    DETAILS = "details"
    MAIL = "mail"
    OPENING = "opening"
    POSSIBLE = "possible"
    BACK = "back"
    SETTLED = "settled"


OF_NOTICES = {
    Stage.OFFER: frozenset({"booking.offer"}),
    Stage.MAIL: frozenset({"booking.preconfirmed", "booking.reminder"}),
    Stage.POSSIBLE: frozenset({"booking.possible_hold"}),
}
_PLAIN = {
    BookingState.WANTED: Stage.HOLDING,
    BookingState.HOLDING: Stage.HOLDING,
    BookingState.DETAILED: Stage.DETAILS,
    BookingState.PRECONFIRMED: Stage.MAIL,
}
_STEPS = ("seen", "hold", "ask", "details", "mail")


@dataclass(frozen=True, slots=True)
class Standing:
    """`mark` tells one screen from the next: the stage, and where time is counted down, how much is left."""

    stage: Stage
    until: datetime | None
    mark: str


def standing(affair: Affair, *, now: datetime) -> Standing:
    stage = _stage(affair, now=now)
    until = {Stage.OFFER: affair.booking.offered_until, Stage.MAIL: affair.booking.deadline_at}.get(stage)
    rest = left(until, now=now) if until is not None else None
    mark = f"{stage}:{affair.booking.state}" if stage is Stage.SETTLED else f"{stage}"
    return Standing(stage, until, f"{mark}:{rest.mark if rest else 'over'}" if until is not None else mark)


def screen(affair: Affair, standing: Standing, words: Words, around: Around, *, whom: str = "") -> Screen:
    """For the stages that no notice tells."""
    row = affair.booking
    place = lines(_what(row, words, around), places.address(row.office_id, around.catalog))
    head = words.say("outbox.whom", name=whom) if whom else ""
    if standing.stage in (Stage.HOLDING, Stage.HELD, Stage.DETAILS):
        swap = words.say("progress.swap") if row.replaces_id is not None and row.replaced_at is None else ""
        steps = lines(*_steps(affair, standing.stage, words))
        return Screen(
            paragraphs(head, words.say("progress.found"), place, steps, swap, words.say("progress.not_yet")),
        )
    over = standing.stage in (Stage.OVER, Stage.DECLINED)
    search = words.say(f"progress.search_{affair.watch.search}") if over else ""
    return Screen(paragraphs(head, words.say(f"progress.{standing.stage}"), place, search))


def ending(affair: Affair) -> dict[str, object]:
    """The facts of the notice that tells how it ended, for a message that was not told by one."""
    row = affair.booking
    facts: dict[str, object] = {
        "office_id": row.office_id,
        "starts_at": row.starts_at.isoformat(),
        "reason": row.reason or str(row.state),
        "search": affair.watch.search,
    }
    return facts | ({"number": affair.display_number} if affair.display_number else {})


def _stage(affair: Affair, *, now: datetime) -> Stage:
    row = affair.booking
    if affair.settled:
        return Stage.SETTLED
    if row.cancel_asked_at is not None:
        return Stage.BACK
    if row.state is BookingState.HELD:
        return _held(row, now=now)
    if row.state is BookingState.HOLDING and row.reason == POSSIBLE_HOLD:
        return Stage.POSSIBLE
    if row.state is BookingState.PRECONFIRMED and affair.link_given:
        return Stage.OPENING
    return _PLAIN[row.state]


def _held(row: Booking, *, now: datetime) -> Stage:
    if row.answered_yes is False:
        return Stage.DECLINED
    if row.answered_yes is None and row.offered_until is not None:
        return Stage.OFFER if row.offered_until > now else Stage.OVER
    return Stage.HELD


def _steps(affair: Affair, stage: Stage, words: Words) -> list[Html]:
    """Each step with a word for whether it is done, under way or to come: no sign alone says so."""
    steps = [step for step in _STEPS if step != "ask" or affair.asks]
    at = {Stage.HOLDING: "hold", Stage.HELD: "details", Stage.DETAILS: "mail"}[stage]
    if at == "details" and affair.asks and affair.booking.answered_yes is None:
        at = "ask"
    now = steps.index(at)
    return [
        words.say(f"progress.{_when(number, now)}", name=words.say(f"progress.{step}"))
        for number, step in enumerate(steps)
    ]


def _when(number: int, now: int) -> str:
    return "done" if number < now else "now" if number == now else "then"


def _what(row: Booking, words: Words, around: Around) -> Html:
    return words.say("progress.what", when=row.starts_at, office=places.name(row.office_id, words, around.catalog))
