"""One chat's news on their way: read from the rows, put into messages, and written down as told."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import bulletins, showing
from bot.context import Parts
from bot.conversation import Around, Table, around
from bot.markup import Html
from bot.messenger import MessageGone, Messenger, Rejected
from bot.planning import Bulletin, Digest, plan
from bot.screens import Screen, lines, paragraphs
from bot.texts import Words
from bot.visits import documents
from bot.visits.documents import Paper, Sender
from models import bookings, chat_messages, chats, notices
from models.chat import Chat
from models.chat_message import ChatMessage
from models.database import Session
from models.keyring import Keyring
from models.notice import Notice
from models.under_way import GONE, QUIET

FRESH = timedelta(hours=2)  # an older message lies too far up to be edited silently
DIGEST = "digest"
UNHEARD = ":unheard"  # behind the mark of a message that was turned silently, since papers ring

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Addressee:
    """`names` of those the chat stands for, by their ids, where there are several."""

    chat: Chat
    telegram_id: int
    names: dict[int, str]

    @property
    def words(self) -> Words:
        return Words(self.chat.language)

    def name_of(self, notice: Notice) -> str:
        """Whom it is for, where that must be said."""
        return self.names.get(notice.person_id, "") if notice.person_id is not None else ""


class Delivery:
    def __init__(self, parts: Parts, messenger: Messenger, table: Table) -> None:
        self._parts = parts
        self._messenger = messenger
        self._table = table

    async def deliver(self, chat_id: int) -> None:
        """Until nothing is due. Raises what bot.messenger raises; whatever was told by then is written down."""
        told: set[int] = set()
        while True:
            to, waiting = await self._parts.database.read(lambda session: self._waiting(session, chat_id))
            planned = plan([one for one in waiting if one.id not in told], to.chat.settings, now=self._parts.now())
            if planned.lapsed:
                await self._let_lapse(planned.lapsed)
            if planned.held and planned.until is not None:
                await self._hold_back(to, planned.held, planned.until)
            if not planned.told:
                return
            for news in planned.told:
                await self._tell(to, news)
                told |= set(news.covers)

    async def _tell(self, to: Addressee, news: Bulletin | Digest) -> None:
        try:
            await (self._digest(to, news) if isinstance(news, Digest) else self._bulletin(to, news))
        except Rejected as rejected:
            log.warning("notice.rejected", notices=list(news.covers), reason=str(rejected))
            await self._parts.database.act(lambda session: notices.refused(session, news.covers, now=self._parts.now()))

    async def _let_lapse(self, lapsed: tuple[int, ...]) -> None:
        await self._parts.database.act(lambda session: notices.let_lapse(session, lapsed))
        log.info("notice.lapsed", notices=list(lapsed))

    async def _hold_back(self, to: Addressee, held: tuple[int, ...], until: datetime) -> None:
        """Unless the chat has chosen other quiet hours since: then it is delivered to once more."""

        def hold(session: Session) -> None:
            if chats.locked(session, to.chat.id).settings == to.chat.settings:
                notices.hold_back(session, held, until=until)

        await self._parts.database.act(hold)

    async def _digest(self, to: Addressee, digest: Digest) -> None:
        here = await around(self._parts)
        said = [self._in_digest(to, one.notice, here) for one in digest.bulletins]
        screen = Screen(paragraphs(to.words.say("outbox.digest", count=len(said)), lines(*said)))
        message_id = await self._messenger.send(to.telegram_id, screen)
        await self._told(to, digest.covers, f"{DIGEST}:{digest.covers[-1]}", message_id)
        for one in digest.bulletins:
            self._log(one.notice)

    def _in_digest(self, to: Addressee, notice: Notice, here: Around) -> Html:
        sentence = bulletins.sentence(notice, to.words, here.catalog)
        follows = self._table.notice_in_digest.get(notice.kind)
        more = follows(notice, to.words, here) if follows is not None else ""
        return Html(f"• {self._named(to, notice)}{sentence}{' ' if more else ''}{more}")

    async def _bulletin(self, to: Addressee, bulletin: Bulletin) -> None:
        notice, thing, mark = bulletin.notice, bulletin.thing, _mark(bulletin.notice)
        papers = await self._papers(bulletin)
        before = await showing.current(self._parts.database, to.chat.id, thing)
        if before is not None and before.shows == GONE:
            before = None
        if before is None or before.shows not in (mark, f"{mark}{UNHEARD}"):
            edited = before is not None and self._edits(bulletin, before, papers)
            screen = await self._screen(to, bulletin)
            message_id = await self._shown(to, screen, before if edited else None, silent=bulletin.is_hushed)
            edited = before is not None and before.message_id == message_id
            shows = f"{mark}{UNHEARD}" if edited and bulletin.kind.files else mark
            await self._told(to, () if papers else bulletin.covers, thing, message_id, shows=shows)
            await self._clear(to, before, message_id)
        if bulletin.kind.files and not await self._heard_by_papers(to, notice, papers):
            await self._make_heard(to, bulletin)
        await self._settle(bulletin)

    async def _make_heard(self, to: Addressee, bulletin: Bulletin) -> None:
        """News that turned a message silently, since papers ring, and then no paper could be sent: once more, aloud."""
        before = await showing.current(self._parts.database, to.chat.id, bulletin.thing)
        if before is None or before.shows != f"{_mark(bulletin.notice)}{UNHEARD}":
            return
        message_id = await self._messenger.send(to.telegram_id, await self._screen(to, bulletin))
        await self._told(to, bulletin.covers, bulletin.thing, message_id, shows=_mark(bulletin.notice))
        await self._clear(to, before, message_id)

    async def _screen(self, to: Addressee, bulletin: Bulletin) -> Screen:
        notice = bulletin.notice
        return bulletins.screen(
            notice,
            to.words,
            whom=to.name_of(notice),
            buttons=self._table.notice_buttons.get(notice.kind),
            details=self._table.notice_details.get(notice.kind),
            around=await around(self._parts),
        )

    async def _shown(self, to: Addressee, screen: Screen, edited: ChatMessage | None, *, silent: bool) -> int:
        """The message's id: the edited one, or a new one where there is none, or not any more."""
        if edited is not None:
            with suppress(MessageGone):
                await self._messenger.edit(to.telegram_id, edited.message_id, screen)
                return edited.message_id
        return await self._messenger.send(to.telegram_id, screen, silent=silent)

    def _edits(self, bulletin: Bulletin, before: ChatMessage, papers: Sequence[Paper]) -> bool:
        """A message that came silently is edited only by what may go unheard; so is any, where papers should ring."""
        fresh = self._parts.now() - before.updated_at < FRESH
        if bulletin.is_hushed:
            return fresh
        rings = bool(papers) or not bulletin.kind.files
        return fresh and rings and bulletin.kind.edits and not before.shows.startswith(QUIET)

    async def _clear(self, to: Addressee, before: ChatMessage | None, message_id: int) -> None:
        """One message of each thing: the older one goes, or where Telegram keeps it, its buttons."""
        if before is None or before.message_id == message_id:
            return
        if not await self._messenger.remove(to.telegram_id, before.message_id):
            await self._messenger.strip(to.telegram_id, before.message_id)

    async def _papers(self, bulletin: Bulletin) -> Sequence[Paper]:
        """Those that are there; one that is not is no reason to say nothing."""
        booking_id = bulletin.notice.booking_id
        if not bulletin.kind.files or booking_id is None:
            return ()
        row = await self._parts.database.read(lambda session: bookings.get(session, booking_id))
        return await documents.of_notice(bulletin.notice, row, await self._parts.catalog())

    async def _heard_by_papers(self, to: Addressee, notice: Notice, papers: Sequence[Paper]) -> bool:
        """Each is sent once."""
        if not papers or notice.booking_id is None:
            return False
        sender = Sender(self._parts, self._messenger, to.chat.id, to.telegram_id, to.words)
        return await sender.send(papers, notice.booking_id, mark=_mark(notice))

    async def _settle(self, bulletin: Bulletin) -> None:
        now = self._parts.now()
        await self._parts.database.act(lambda session: _mark_told(session, bulletin.covers, now=now))
        self._log(bulletin.notice)

    def _log(self, notice: Notice) -> None:
        waited = self._parts.now() - notice.created_at
        log.info("notice.told", kind=notice.kind, notice=notice.id, ms=round(waited / timedelta(milliseconds=1)))

    async def _told(
        self, to: Addressee, covers: tuple[int, ...], purpose: str, message_id: int, *, shows: str = ""
    ) -> None:
        """Told, and where it stands, in one transaction: whichever comes first after a kill, nothing comes twice."""
        now = self._parts.now()

        def write(session: Session) -> None:
            _mark_told(session, covers, now=now)
            chat_messages.put_down(session, to.chat.id, purpose, message_id, now=now, shows=shows)

        await self._parts.database.act(write)

    def _named(self, to: Addressee, notice: Notice) -> Html:
        name = to.name_of(notice)
        return Html(f"{to.words.say('outbox.whom', name=name)} ") if name else Html("")

    def _waiting(self, session: Session, chat_id: int) -> tuple[Addressee, list[Notice]]:
        return addressee(session, self._parts.keyring, chat_id), list(notices.for_chat(session, chat_id))


def addressee(session: Session, keyring: Keyring, chat_id: int) -> Addressee:
    chat = chats.get(session, chat_id)
    return Addressee(chat, chats.telegram_id(keyring, chat), chats.names(session, keyring, chat_id))


def _mark_told(session: Session, notice_ids: tuple[int, ...], *, now: datetime) -> None:
    for number in notice_ids:
        notices.told(session, number, now=now)


def _mark(notice: Notice) -> str:
    """What a message that tells it shows."""
    return f"notice:{notice.id}"
