"""Keeps the messages of bookings under way true: each is edited in place as its row moves on or its time runs down.

Nothing here is an announcement: an edit makes no sound, and the one new message that may begin a booking comes
silently. What must be heard is a notice. All is read from the rows, so a restart goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot import bulletins, progress
from bot.context import Parts
from bot.conversation import Around, Table, around
from bot.delivery import Addressee, addressee
from bot.messenger import MessageGone, Messenger, Rejected
from bot.progress import OF_NOTICES, Stage, Standing
from bot.screens import Screen
from core.bookings import BookingState
from models import chat_messages, under_way
from models.database import Session
from models.notice import Notice
from models.under_way import GONE, HEARD, QUIET, Affair

_NOTICE = "notice:"
_BEGINS = frozenset({Stage.HOLDING, Stage.HELD, Stage.DETAILS})
_FOLLOWS = {
    "booking.offer": {Stage.OFFER, Stage.OVER, Stage.DECLINED, Stage.HELD, Stage.DETAILS, Stage.BACK},
    "booking.preconfirmed": {Stage.MAIL, Stage.OPENING, Stage.BACK},
    "booking.reminder": {Stage.MAIL, Stage.OPENING, Stage.BACK},
    "booking.possible_hold": {Stage.BACK},
}  # what may be shown in place of a notice: rows never make a message go back

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is not as it should be. `notice` is the one to be drawn anew, `before` whose message it takes."""

    affair: Affair
    standing: Standing
    notice: Notice | None = None
    before: Affair | None = None

    @property
    def shows(self) -> str:
        shown = self.before or self.affair
        quiet = shown.message is None or shown.shows.startswith(QUIET)
        return f"{QUIET if quiet else HEARD}{self.standing.mark}"

    @property
    def only_counts(self) -> bool:
        """The same stage with less time left, which can wait for a calm moment."""
        return self.affair.shows.partition(":")[2].startswith(f"{self.standing.stage}:")


class Live:
    def __init__(self, parts: Parts, messenger: Messenger, table: Table) -> None:
        self._parts = parts
        self._messenger = messenger
        self._table = table
        self._followed: set[int] | None = None

    async def chats(self) -> set[int]:
        """Those in which some message is not as it should be."""
        return {due.affair.chat_id for due in await self._parts.database.read(self._due_anywhere)}

    async def refresh(self, chat_id: int) -> None:
        """Raises what bot.messenger raises. Whoever calls it has the chat to himself."""
        followed = self._followed or set()

        def read(session: Session) -> tuple[Addressee, list[Due]]:
            found = under_way.affairs(session, now=self._parts.now(), also=followed, chat_id=chat_id)
            return addressee(session, self._parts.keyring, chat_id), self._due(session, found)

        to, dues = await self._parts.database.read(read)
        for due in dues:
            if due.only_counts and not self._messenger.is_calm:
                continue
            await self._bring(to, due, await around(self._parts))

    def _due_anywhere(self, session: Session) -> list[Due]:
        if self._followed is None:
            self._followed = under_way.shown(session)
        found = under_way.affairs(session, now=self._parts.now(), also=self._followed)
        due = self._due(session, found)
        unfinished = {one.booking.id for each in due for one in (each.affair, each.before) if one is not None}
        self._followed = {one.booking.id for one in found if not one.settled or one.booking.id in unfinished}
        return due

    def _due(self, session: Session, found: Sequence[Affair]) -> list[Due]:
        """What is under way first: it may take over the message of a booking that led to it."""
        now, taken, due = self._parts.now(), set[int](), list[Due]()
        for affair in sorted(found, key=lambda one: one.settled):
            standing = progress.standing(affair, now=now)
            if affair.message is None:
                before = _before(affair, found)
                if before is not None:
                    taken.add(before.booking.id)
                begins = standing.stage in _BEGINS and (before is not None or self._is_at_work(affair))
                due += [Due(affair, standing, before=before)] if begins else []
            elif affair.booking.id not in taken and (one := _due_to_edit(session, affair, standing)) is not None:
                due.append(one)
        return due

    def _is_at_work(self, affair: Affair) -> bool:
        row = affair.booking
        leased = row.lease_until is not None and row.lease_until > self._parts.now()
        return leased or row.state is not BookingState.WANTED

    async def _bring(self, to: Addressee, due: Due, around: Around) -> None:
        drawn = self._drawn(to, due, around)
        shown = (due.before or due.affair).message
        try:
            if shown is None:
                message_id = await self._messenger.send(to.telegram_id, drawn, silent=True)
            else:
                message_id = shown.message_id
                await self._messenger.edit(to.telegram_id, message_id, drawn)
            shows = due.shows
        except MessageGone:
            message_id, shows = (shown.message_id if shown else 0), GONE
        except Rejected as rejected:  # shown as it was: not tried again until there is something new to show
            log.warning("progress.rejected", booking=due.affair.booking.id, reason=str(rejected))
            message_id, shows = (shown.message_id if shown else 0), due.shows
        now, purpose = self._parts.now(), due.affair.purpose

        def write(session: Session) -> None:
            current = chat_messages.current(session, to.chat.id, purpose)
            if current is None or due.affair.message is None or current.message_id == message_id:
                chat_messages.put_down(session, to.chat.id, purpose, message_id, now=now, shows=shows)

        await self._parts.database.act(write)  # unless an answer to the person has taken its place meanwhile

    def _drawn(self, to: Addressee, due: Due, around: Around) -> Screen:
        whom = to.names.get(due.affair.booking.person_id, "")
        notice = _ending(due.affair, around) if due.affair.settled else due.notice
        if notice is None:
            return progress.screen(due.affair, due.standing, to.words, around, whom=whom)
        return bulletins.screen(
            notice,
            to.words,
            whom=whom,
            buttons=self._table.notice_buttons.get(notice.kind),
            details=self._table.notice_details.get(notice.kind),
            around=around,
        )


def _due_to_edit(session: Session, affair: Affair, standing: Standing) -> Due | None:
    if affair.shows == GONE or affair.shows.endswith(f":{standing.mark}"):
        return None
    if affair.settled:
        return Due(affair, standing) if affair.shows_step else None
    told = under_way.told(session, affair.booking.id)
    if affair.shows.startswith(_NOTICE) and (told is None or standing.stage not in _FOLLOWS.get(told.kind, ())):
        return None
    if (kinds := OF_NOTICES.get(standing.stage)) is None:
        return Due(affair, standing)
    return Due(affair, standing, notice=told) if told is not None and told.kind in kinds else None


def _before(affair: Affair, found: Sequence[Affair]) -> Affair | None:
    """The booking of the same watch that ended without a word and led to this one; its message goes on with it."""
    same = [one for one in found if one.settled and one.shows_step and one.booking.id < affair.booking.id]
    same = [one for one in same if (one.chat_id, one.watch.id) == (affair.chat_id, affair.watch.id)]
    return same[-1] if same else None


def _ending(affair: Affair, around: Around) -> Notice:
    """As the notice of its end would be, for one that is held back in quiet hours or was never needed."""
    row = affair.booking
    return Notice(
        person_id=row.person_id,
        watch_id=row.watch_id,
        booking_id=row.id,
        kind=f"booking.{row.state}",
        facts=progress.ending(affair),
        created_at=around.now,
        next_try_at=None,
    )
