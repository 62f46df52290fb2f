"""Looking for something earlier than what is booked: how much earlier, who decides, and what happens with both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot import first_look
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Conversation, Tap
from bot.markup import Html, escaped, read
from bot.screens import Button, Rows, Screen, paragraphs, rows
from bot.visits import buttons, card, drawing
from bot.visits.buttons import Earlier, EarlierBy, Gain, ShowVisit
from bot.visits.drawing import Known
from core import swaps as rules
from core.catalog import Catalog, Office
from core.errors import BadInput
from core.wishes import Mode
from models import bookings, quotas, swaps
from models.database import Session
from models.watch import Watch

SPANS: Mapping[Gain, timedelta] = {
    Gain.DAY: timedelta(days=1),
    Gain.THREE_DAYS: timedelta(days=3),
    Gain.WEEK: timedelta(days=7),
}
MODES = (Mode.ASK, Mode.AUTO)  # who is only told could end up with two appointments


@dataclass(frozen=True)
class EarlierHow(Callback, word="earlyhow"):
    booking_id: int
    gain: Gain
    mode: Mode


@dataclass(frozen=True)
class EarlierYes(Callback, word="earlyyes"):
    booking_id: int
    gain: Gain
    mode: Mode


@dataclass(frozen=True)
class EarlierEnd(Callback, word="earlyend"):
    """No more looking for something earlier; the appointment stays."""

    booking_id: int


async def begin(talk: Talk, chosen: Earlier) -> None:
    found = await _standing(talk, chosen.booking_id)
    if found is None:
        return
    if found.swapping:
        stop = Button(talk.words.label("swap.end"), EarlierEnd(chosen.booking_id))
        await _show(talk, found, talk.words.say("swap.going_on"), rows(stop, _back(talk, found)))
        return
    await talk.read(lambda s: quotas.check_swap(s, found.booking.person_id, talk.parts.caps, now=talk.now))
    offices, refusal = _offices(found, await talk.parts.catalog(), talk)
    possible = [gain for gain in Gain if _possible(found, gain, talk)]
    if not offices.open or not possible:
        await _show(talk, found, refusal or talk.words.say("swap.no_day"), rows(_back(talk, found)))
        return
    gains = [Button(_gain_label(gain, talk), EarlierBy(chosen.booking_id, gain)) for gain in possible]
    await _show(talk, found, talk.words.say("swap.how_much"), rows(*gains, _back(talk, found)))


async def choose_mode(talk: Talk, chosen: EarlierBy) -> None:
    found = await _standing(talk, chosen.booking_id)
    if found is None:
        return
    labels = {mode: talk.words.label(f"swap.mode.{mode}") for mode in MODES}
    modes = [Button(label, EarlierHow(chosen.booking_id, chosen.gain, mode)) for mode, label in labels.items()]
    await _show(talk, found, talk.words.say("swap.which_mode"), rows(*modes, _back(talk, found)))


async def sum_up(talk: Talk, chosen: EarlierHow) -> None:
    """All that will happen, said before the yes: it is what the mandate will hold."""
    found = await _standing(talk, chosen.booking_id)
    if found is None or chosen.mode not in MODES:
        return
    yes = Button(talk.words.label("swap.yes"), EarlierYes(chosen.booking_id, chosen.gain, chosen.mode))
    text = _summary(found, chosen, talk, await talk.parts.catalog())
    await _show(talk, found, text, rows(yes, _back(talk, found)))


async def agree(talk: Talk, chosen: EarlierYes) -> None:
    found = await _standing(talk, chosen.booking_id)
    if found is None:
        return
    catalog = await talk.parts.catalog()
    offices, _ = _offices(found, catalog, talk)
    if chosen.mode not in MODES or found.swapping or not offices.open or not _possible(found, chosen.gain, talk):
        raise BadInput("No swap can begin.", field="improves", code="swap_nowhere")

    def open_(session: Session) -> Watch:
        return swaps.begin(
            session,
            bookings.get(session, chosen.booking_id),
            gain=SPANS[chosen.gain],
            mode=chosen.mode,
            office_ids=[one.id for one in offices.open],
            captcha=any(one.captcha for one in offices.open),
            mandate=read(_summary(found, chosen, talk, catalog)),
            caps=talk.parts.caps,
            now=talk.now,
        )

    watch = await talk.act(open_)
    await _show(talk, found, talk.words.say("swap.begun"), rows(_back(talk, found)))
    await first_look.send(talk, watch)


async def end(talk: Talk, chosen: EarlierEnd) -> None:
    await talk.act(lambda session: swaps.stop(session, chosen.booking_id, now=talk.now))
    await talk.toast(talk.words.label("swap.ended"))
    await drawing.show(talk, chosen.booking_id)


async def _standing(talk: Talk, booking_id: int) -> Known | None:
    """None, with what became of it shown, when it stands no more."""
    found = await drawing.known(talk, booking_id)
    if drawing.stands(found.booking, now=talk.now) and not found.replaced:
        return found
    await drawing.show(talk, booking_id)
    return None


async def _show(talk: Talk, found: Known, text: Html, shown: Rows) -> None:
    head = card.when_and_where(found.visit, talk.words, await talk.parts.catalog())
    whom = talk.words.say("outbox.whom", name=found.whom) if found.whom else ""
    await talk.show(Screen(paragraphs(whom, head, text), shown), purpose=buttons.purpose(found.booking.id))


def _gain_label(gain: Gain, talk: Talk) -> str:
    return talk.words.label(f"swap.gain.{gain.name.lower()}")


def _back(talk: Talk, found: Known) -> Button:
    return Button(talk.words.label("swap.back"), ShowVisit(found.booking.id))


def _possible(found: Known, gain: Gain, talk: Talk) -> bool:
    latest = found.booking.starts_at - SPANS[gain]
    return latest > talk.now and rules.has_a_day(found.watch.rules, latest=latest, now=talk.now)


def _offices(found: Known, catalog: Catalog | None, talk: Talk) -> tuple[rules.Offices, Html]:
    """Where it can be looked for; and if nowhere, why."""
    if catalog is None:
        return rules.Offices((), ()), talk.words.say("swap.unknown")
    offices = rules.offices(catalog, found.watch.services, found.watch.office_ids)
    if offices.open:
        return offices, Html("")
    if offices.strict:
        return offices, talk.words.say("swap.strict", names=_names(offices.strict))
    return offices, talk.words.say("swap.unknown")


def _names(offices: tuple[Office, ...]) -> Html:
    return Html(", ".join(escaped(one.name) for one in offices))


def _summary(found: Known, chosen: EarlierHow | EarlierYes, talk: Talk, catalog: Catalog | None) -> Html:
    words = talk.words
    offices, _ = _offices(found, catalog, talk)
    latest = found.booking.starts_at - SPANS[chosen.gain]
    return paragraphs(
        words.say("swap.sum", latest=latest, offices=_names(offices.open)),
        words.say("swap.left_out", names=_names(offices.strict)) if offices.strict else "",
        words.say(f"swap.then.{chosen.mode}"),
        words.say("swap.both"),
        words.say("swap.link"),
    )


CONVERSATION = Conversation(
    taps=(
        Tap(Earlier, begin),
        Tap(EarlierBy, choose_mode),
        Tap(EarlierHow, sum_up),
        Tap(EarlierYes, agree),
        Tap(EarlierEnd, end),
    ),
)
