"""THE TABLE of notices: how each kind comes to a chat. Its words are in bot.texts, its buttons in a conversation.

A kind that is not in the table comes as a new message of its own, held back in quiet hours.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation import Around, NoticeButtons, NoticeDetails
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
    What says `urgent` in its facts is. `files` brings what proves it: see bot.visits.documents. `hushes` are the
    reasons after which it edits, or comes, without a sound: what the person just chose, or a slot that nobody had been
    told of aloud. One that `lapses` is not told after its `until`.
    """

    about: str = "notice"
    urgent: bool = False
    edits: bool = False
    gathers: bool = False
    files: bool = False
    hushes: frozenset[str] = frozenset()
    lapses: bool = False

    def is_hushed(self, notice: Notice) -> bool:
        return str(notice.facts.get("reason", "")) in self.hushes and not notice.facts.get("final")

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
    "booking.lost": Kind("booking", hushes=frozenset({"slot-gone", "longer-wait"})),
    "booking.released": Kind("booking", hushes=frozenset({"declined", "withdrawn", "cancelled-by-person"})),
    "booking.by_hand": Kind("booking", urgent=True),
    "booking.expired": Kind("booking"),
    "booking.cancelled": Kind("booking", edits=True, files=True),
    "booking.moved": Kind("booking", files=True),
    "booking.not_cancelled": Kind("booking"),
    "booking.cancel_waits": Kind("booking"),
    "visit.tomorrow": Kind("booking", lapses=True),
    "visit.soon": Kind("booking", urgent=True, lapses=True),
    "slots.found": Kind("watch", gathers=True),
    "look.blind": Kind("watch", edits=True, gathers=True),
    "look.person": Kind("watch", edits=True),
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
    whom: str,
    buttons: NoticeButtons | None,
    details: NoticeDetails | None = None,
    around: Around,
) -> Screen:
    """`whom` it is for, where a chat stands for several. What had to be answered by a time that is over says so."""
    until = notice.facts.get("until")
    late = until is not None and datetime.fromisoformat(until) <= around.now
    more = details(notice, words, around) if details is not None and not late else Screen(Html(""))
    below = buttons(notice, words) if buttons is not None and not late else ()
    return Screen(
        paragraphs(
            words.say("outbox.whom", name=whom) if whom else "",
            told(notice.kind, notice.facts, words, around.catalog),
            more.text,
            words.say("outbox.late") if late else "",
        ),
        (*more.rows, *below),
    )


def told(kind: str, facts: Facts, words: Words, catalog: Catalog | None) -> Html:
    """Line by line, since escaping makes one line of what it gets."""
    said = render(kind, facts, words.language, catalog)
    return Html("\n".join(escaped(line, longest=1000) for line in said.splitlines()))
