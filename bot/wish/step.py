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
Taken = Callable[[Talk, Form, Any], Awaitable[Form | None]]  # the third is the callback that stands in the table
Read = Callable[[Talk, Form, Message], Awaitable[Form]]
Asks = Callable[[Talk, Form], Awaitable[bool]]
Inner = Callable[[Form], Form | None]


@dataclass(frozen=True, slots=True)
class Step:
    """`taps` and `typed` answer with the form as it is then; whoever runs the conversation keeps and draws it.

    A form that stays in its step is drawn again there, one that went `onward`, `back` or `at` another step is drawn
    by that step. They raise BadInput for what does not do, and nothing is lost then. A tap comes only while the form
    stands in this step. A tap that answers None has ended the conversation, dropped the draft and shown what follows.

    `needless` says whether there is nothing to ask for this wish: the step is passed by then. `inner` is where the
    common back button leads from a screen within the step; None leaves the step.
    """

    name: StepName
    draw: Draws
    taps: Mapping[type[Callback], Taken] = field(default_factory=dict)
    typed: Read | None = None
    needless: Asks | None = None
    inner: Inner | None = None
