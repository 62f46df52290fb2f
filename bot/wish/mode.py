"""MODE: what happens when a slot appears, with what it means for the person, as the accepted offices have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import texts
from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html
from bot.screens import Button, Screen, paragraphs, rows
from bot.texts import Words
from bot.wish.form import Form, StepName
from bot.wish.step import Step
from core.bookings import DEFAULT_ACTIVATION, thinking_time
from core.catalog import Catalog, Office
from core.wanted import accepted_offices
from core.wishes import Mode


@dataclass(frozen=True)
class ChooseMode(Callback, word="mmode"):
    mode: Mode


async def draw(talk: Talk, form: Form) -> Screen:
    words = talk.words
    offices = accepted(await talk.parts.catalog(), form)
    think = [thinking_time(one.scope.reservation if one.scope else None) for one in offices] or [thinking_time(None)]
    return Screen(
        paragraphs(
            words.say("wish_when.mode.title"),
            words.say("wish_when.mode.notify.about"),
            words.say("wish_when.mode.ask.about", span=_span(think, words)),
            words.say("wish_when.mode.auto.about"),
            activation(offices, words),
        ),
        rows(*(Button(_label(one, words, chosen=one is form.mode), ChooseMode(one)) for one in Mode)),
    )


async def choose(_: Talk, form: Form, chosen: ChooseMode) -> Form:
    return form.changed(mode=chosen.mode).onward()


def accepted(catalog: Catalog | None, form: Form) -> Sequence[Office]:
    """None where nobody has asked the City for its catalogue yet."""
    return accepted_offices(catalog, form.services, form.office_ids) if catalog and form.services else ()


def activation(offices: Sequence[Office], words: Words) -> Html:
    """How long the City waits for its mailed link, and that some offices do not say."""
    spans = [one.scope.activation if one.scope else None for one in offices]
    told = [one for one in spans if one is not None]
    unsaid = not told or len(told) < len(spans)
    return Html(
        " ".join((
            words.say("wish_when.mode.link"),
            *([words.say("wish_when.mode.link_span", span=_span(told, words))] if told else []),
            *([words.say("wish_when.mode.link_unsaid", span=DEFAULT_ACTIVATION)] if unsaid else []),
        ))
    )  # fmt: skip


def _span(spans: Sequence[timedelta], words: Words) -> str:
    """The shortest to the longest."""
    first, last = (texts.span(one, words.language) for one in (min(spans), max(spans)))
    return first if first == last else words.label("wish_when.range", first=first, last=last)


def _label(one: Mode, words: Words, *, chosen: bool) -> str:
    name = words.label(f"wish_when.mode.{one}.name")
    return words.label("wish_when.this_one", name=name) if chosen else name


STEP = Step(StepName.MODE, draw, taps={ChooseMode: choose})
