"""What is said of a watch: its state, what can be seen for it, and what is being booked."""

from datetime import datetime, timedelta

from bot import texts
from bot.context import Talk
from bot.markup import Html
from bot.screens import lines
from bot.texts import Words
from bot.watching import naming
from bot.watching.cards import Card
from core.bookings import BookingState
from core.catalog import Catalog
from core.quiet import QuietHours
from models.booking import Booking
from models.chat_watches import UNREACHABLE
from models.watch import WatchState


def title(card: Card, catalog: Catalog | None, words: Words) -> str:
    """The service, and whom it is for where the chat stands for several."""
    service = naming.of_services(card.watch.services, catalog, words)
    return words.label("watches.for", name=service, whom=card.whom) if card.whom else service


def state(card: Card, words: Words) -> Html:
    watch = card.watch
    match watch.state, watch.ended_reason:
        case WatchState.FULFILLED, _ if not card.bookings:
            return words.say("watches.state.no_more")
        case WatchState.PAUSED, reason if reason == UNREACHABLE:
            return words.say("watches.state.unreachable")
        case WatchState.PAUSED | WatchState.ENDED, reason if reason:
            return words.say(f"watches.because.{watch.state}", why=texts.reason(reason, words.language))
        case _:
            return words.say(f"watches.state.{watch.state}")


def outlook(card: Card, talk: Talk) -> Html:
    """When something was last seen, or since when nothing is and why. Empty for a watch nobody looks for."""
    if card.watch.state is not WatchState.OPEN:
        return Html("")
    words, outlook = talk.words, card.outlook
    if outlook.last_good_at is None:
        seen = words.say("watches.never_seen")
    else:
        seen = words.say("watches.seen", when=naming.ago(outlook.last_good_at, words, now=talk.now))
    if outlook.blind_since is None:
        return seen
    why = texts.answer(outlook.why, words.language)
    return lines(words.say("watches.blind", when=outlook.blind_since, why=why), seen)


def next_look(card: Card, talk: Talk) -> Html:
    if card.watch.state is not WatchState.OPEN:
        return Html("")
    words, quiet = talk.words, talk.parts.quiet_hours
    if card.outlook.next_look_at is None:
        return words.say("watches.no_looks")
    if quiet is not None and quiet.at(max(card.outlook.next_look_at, talk.now)):
        return words.say("watches.quiet", when=_ends(quiet, card.outlook.next_look_at, now=talk.now))
    return words.say("watches.next_look", when=naming.ahead(card.outlook.next_look_at, words, now=talk.now))


def booking(one: Booking, talk: Talk, catalog: Catalog | None) -> Html:
    """What is asked of the person comes with the time it must be done by."""
    words, offered = talk.words, _is_offered(one, now=talk.now)
    where = naming.of_office(one.office_id, catalog, words)
    key = "offered" if offered else str(one.state)
    said = words.say(f"watches.booking.{key}", when=one.starts_at, office=where)
    until = one.offered_until if offered else _deadline(one)
    if one.cancel_asked_at is not None:
        return lines(said, words.say("watches.cancel_asked"))
    return lines(said, _until(until, key, words, now=talk.now)) if until is not None else said


def improves(card: Card, words: Words, catalog: Catalog | None) -> Html:
    if card.improves is None:
        return Html("")
    gain = card.watch.minimum_gain or timedelta(0)
    where = naming.of_office(card.improves.office_id, catalog, words)
    said = words.say("watches.improves", when=card.improves.starts_at, office=where)
    return lines(said, words.say("watches.gain", span=gain) if gain else "")


def _is_offered(one: Booking, *, now: datetime) -> bool:
    waits = one.state is BookingState.HELD and one.answered_yes is None
    return waits and one.offered_until is not None and one.offered_until > now


def _deadline(one: Booking) -> datetime | None:
    """Until when the City keeps it, or waits for the mailed link."""
    return one.deadline_at if one.state is not BookingState.CONFIRMED else None


def _until(until: datetime, key: str, words: Words, *, now: datetime) -> Html:
    if until <= now:
        return words.say("watches.overdue")
    left = naming.ahead(until, words, now=now)
    clock = texts.clock(until, words.language)
    if key in ("offered", "preconfirmed"):
        return words.say(f"watches.until.{key}", when=clock, span=left)
    return words.say("watches.until.kept", when=clock, span=left)


def _ends(quiet: QuietHours, due: datetime, *, now: datetime) -> datetime:
    begins = max(due, now)
    return begins + quiet.left(begins)
