"""NOTICE: how much time a person needs between hearing of a slot and its beginning."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.callbacks import Callback
from bot.context import Talk
from bot.screens import Button, Screen, lines, paragraphs, rows
from bot.texts import Words
from bot.wish import wording
from bot.wish.form import Form, StepName
from bot.wish.step import Step
from core.errors import BadInput

A_MINUTE = timedelta(minutes=1)
CHOICES: Final = tuple(timedelta(hours=hours) for hours in (0, 2, 24, 48, 72, 168))


@dataclass(frozen=True)
class ChooseNotice(Callback, word="nspan"):
    minutes: int


async def draw(talk: Talk, form: Form) -> Screen:
    words, chosen = talk.words, form.rules.minimum_notice
    spans = sorted({*CHOICES, chosen})
    return Screen(
        paragraphs(
            words.say("wish_when.notice.title"),
            words.say("wish_when.notice.about"),
            lines(words.say("wish_when.notice.chosen"), wording.notice(form.rules, words)),
        ),
        rows(*(Button(_label(span, words, chosen=span == chosen), ChooseNotice(span // A_MINUTE)) for span in spans)),
    )


async def choose(_: Talk, form: Form, chosen: ChooseNotice) -> Form:
    """One of the choices, or what it was."""
    if chosen.minutes not in {span // A_MINUTE for span in (*CHOICES, form.rules.minimum_notice)}:
        raise BadInput("That is none of the choices.", code="no_choice")
    kept = form.rules.minimum_notice
    span = kept if kept // A_MINUTE == chosen.minutes else chosen.minutes * A_MINUTE
    return form.changed(rules=form.rules.model_copy(update={"minimum_notice": span})).onward()


def _label(span: timedelta, words: Words, *, chosen: bool) -> str:
    name = words.label("wish_when.notice.at_least", span=span) if span else words.label("wish_when.notice.none")
    return words.label("wish_when.this_one", name=name) if chosen else name


STEP = Step(StepName.NOTICE, draw, taps={ChooseNotice: choose})
