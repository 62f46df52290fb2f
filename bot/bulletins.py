"""THE TABLE of notices: how each kind comes to a chat. Its words are in bot.texts, its buttons in a conversation.

A kind that is not in the table comes as a new message of its own, held back in quiet hours.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation import NoticeButtons
from bot.markup import Html, escaped
from bot.screens import Screen, paragraphs
from bot.texts import Facts, Words, render
from core.catalog import Catalog
from models.notice import Notice


@dataclass(frozen=True, slots=True)
class Kind:
    """`urgent` has a deadline, so no quiet hours hold it back. `about` is the thing: booking, watch, or the notice.

    `edits` turns the message about the same thing, if there is a fresh one, without a sound; else a new message takes
    its place, so that there is one of each thing. `gathers` may come in one message with others of its like.
    What says `urgent` in its facts is. `files` brings the booking's screenshot and calendar entry.
    """

    about: str = "notice"
    urgent: bool = False
    edits: bool = False
    gathers: bool = False
    files: bool = False

    def thing(self, notice: Notice) -> str:
        if self.about == "booking" and notice.booking_id is not None:
            return f"booking:{notice.booking_id}"
        if self.about == "watch" and notice.watch_id is not None:
            return f"watch:{notice.watch_id}:{notice.kind}"
        return f"notice:{notice.id}"


EVERY = {
    "booking.offer": Kind("booking", urgent=True),
    "booking.preconfirmed": Kind("booking", urgent=True, edits=True),
    "booking.reminder": Kind("booking", urgent=True),
    "booking.confirmed": Kind("booking", edits=True, files=True),
    "booking.possible_hold": Kind("booking", urgent=True, edits=True),
    "booking.lost": Kind("booking"),
    "booking.released": Kind("booking"),
    "booking.expired": Kind("booking"),
    "booking.cancelled": Kind("booking", edits=True),
    "booking.not_cancelled": Kind("booking", edits=True),
    "slots.found": Kind("watch", gathers=True),
    "look.blind": Kind("watch", edits=True, gathers=True),
    "look.sees_again": Kind("watch", gathers=True),
    "watch.still_looking": Kind("watch", gathers=True),
    "watch.ended": Kind("watch", gathers=True),
    "operator.word": Kind(),
    "operator.outage": Kind(),
    "operator.works": Kind(),
    "operator.over": Kind(),
}
UNLISTED = Kind()


def kind_of(kind: str) -> Kind:
    return EVERY.get(kind, UNLISTED)


def sentence(notice: Notice, words: Words, catalog: Catalog | None) -> Html:
    """Its words, safe to send."""
    return escaped(render(notice.kind, notice.facts, words.language, catalog), longest=1000)


def screen(
    notice: Notice,
    words: Words,
    *,
    catalog: Catalog | None,
    whom: str,
    buttons: NoticeButtons | None,
    now: datetime,
) -> Screen:
    """`whom` it is for, where a chat stands for several. What had to be answered by a time that is over says so."""
    until = notice.facts.get("until")
    late = until is not None and datetime.fromisoformat(until) <= now
    return Screen(
        paragraphs(
            words.say("outbox.whom", name=whom) if whom else "",
            told(notice.kind, notice.facts, words, catalog),
            words.say("outbox.late") if late else "",
        ),
        buttons(notice, words) if buttons is not None and not late else (),
    )


def told(kind: str, facts: Facts, words: Words, catalog: Catalog | None) -> Html:
    """Line by line, since escaping makes one line of what it gets."""
    said = render(kind, facts, words.language, catalog)
    return Html("\n".join(escaped(line, longest=1000) for line in said.splitlines()))
