"""A step of the wish conversation: it draws a form, and turns it into another one when something is tapped or typed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import Message

from bot.callbacks import Callback
from bot.context import Talk
from bot.screens import Screen
from bot.wish.form import Form, StepName

Draws = Callable[[Talk, Form], Awaitable[Screen]]
Taken = Callable[[Talk, Form, Any], Awaitable[Form]]  # the third is the callback that stands in the table
Read = Callable[[Talk, Form, Message], Awaitable[Form]]


@dataclass(frozen=True, slots=True)
class Step:
    """`taps` and `typed` answer with the form as it is then; whoever runs the conversation keeps and draws it.

    A form that stays in its step is drawn again there, one that went `onward`, `back` or `at` another step is drawn
    by that step. They raise BadInput for what does not do, and nothing is lost then. A tap comes only while the form
    stands in this step.
    """

    name: StepName
    draw: Draws
    taps: Mapping[type[Callback], Taken] = field(default_factory=dict)
    typed: Read | None = None
