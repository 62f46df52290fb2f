"""Wishes to be forgotten are carried out: at once where nothing is in the way, else by a sweep, as soon as it is gone.

The chat's message `privacy` says how it stands. It is changed to "done" after the rows and files are gone, so that it
never says so too early.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot import errors, showing, standing
from bot.context import Parts
from bot.markup import Html
from bot.messenger import ChatClosed, ChatMoved, MessageGone, Messenger, Rejected
from bot.screens import Screen, paragraphs
from bot.texts import Words
from core.errors import MtaError, Transient
from models import chat_messages, chats, deliveries, erasures, kept_files
from models.chat import Chat, ChatState
from models.database import Session
from models.erasure import Erasure
from models.erasures import Erased, Stage

PURPOSE = "privacy"
SWEEPS = timedelta(seconds=2)
LEASE = timedelta(minutes=2)
PAUSES = (1, 3, 9)  # seconds between tries to say that it is done, while Telegram is away

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Case:
    """A wish with what is needed to carry it out and to say so, read before all of it is gone."""

    erasure: Erasure
    chat: Chat
    telegram_id: int
    message_id: int | None
    stage: Stage

    @property
    def words(self) -> Words:
        return Words(self.chat.language)


@asynccontextmanager
async def working(parts: Parts, messenger: Messenger) -> AsyncIterator[None]:
    sweeping = asyncio.create_task(_sweep(parts, messenger))
    try:
        yield
    finally:
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)


async def settle(parts: Parts, messenger: Messenger, erasure_id: int) -> bool:
    """Whether the wish is dealt with now: carried out, or handed back because the City refused."""
    case = await parts.database.read(lambda session: _case(session, parts, erasure_id))
    if case is None or case.stage is Stage.WAITS:
        return False
    if case.stage is Stage.REFUSED:
        await _hand_back(parts, messenger, case)
        return True
    done = await _carry_out(parts, case)
    if done is None:
        return False
    await asyncio.to_thread(kept_files.delete, done.files)
    log.info("privacy.erased", chat=case.chat.id, whole=case.erasure.person_id is None, files=len(done.files))
    await _say(messenger, case, _done(case, done, await _lines(parts, case, done)))
    return True


async def _sweep(parts: Parts, messenger: Messenger) -> None:
    while True:
        waiting: Sequence[int] = ()
        with suppress(Transient):
            waiting = await parts.database.read(erasures.waiting)
        for erasure_id in waiting:
            await _try(parts, messenger, erasure_id)
        await asyncio.sleep(SWEEPS.total_seconds())


async def _try(parts: Parts, messenger: Messenger, erasure_id: int) -> None:
    """One that fails holds up no other, and is tried again."""
    try:
        await settle(parts, messenger, erasure_id)
    except MtaError as error:
        log.warning("erasing.postponed", erasure=erasure_id, error=type(error).__name__)
    except Exception as bug:  # noqa: BLE001  # the sweep must not end with it
        _failed(erasure_id, bug)


def _failed(erasure_id: int, bug: Exception) -> None:
    """Without its text, which may hold what a person wrote."""
    log.error("erasing.failed", erasure=erasure_id, error=type(bug).__name__, where=errors.where(bug))


def _case(session: Session, parts: Parts, erasure_id: int) -> Case | None:
    erasure = erasures.find(session, erasure_id)
    if erasure is None:
        return None
    chat = chats.get(session, erasure.chat_id)
    shown = chat_messages.current(session, chat.id, PURPOSE)
    return Case(
        erasure,
        chat,
        chats.telegram_id(parts.keyring, chat),
        shown.message_id if shown else None,
        erasures.stage(session, erasure, now=parts.now()),
    )


async def _carry_out(parts: Parts, case: Case) -> Erased | None:
    """While nobody delivers to the chat: what is being told there would be written down after all is gone."""
    chat_id, now = case.chat.id, parts.now()
    owner = f"{parts.owner}:erasing"
    if case.chat.state is ChatState.ACTIVE and not await parts.database.act(
        lambda session: deliveries.lease(session, chat_id, owner=owner, until=now + LEASE, now=now)
    ):
        return None
    try:
        return await parts.database.act(lambda session: erasures.carry_out(session, case.erasure.id, now=now))
    finally:
        await parts.database.act(lambda session: deliveries.release(session, chat_id, owner=owner))


async def _hand_back(parts: Parts, messenger: Messenger, case: Case) -> None:
    chat_id, person_id = case.chat.id, case.erasure.person_id
    with suppress(ChatClosed, ChatMoved, Rejected):
        told = await messenger.send(case.telegram_id, Screen(_refused(case)))
        before = await showing.put_down(parts.database, chat_id, PURPOSE, told, now=parts.now())
        if before is not None:
            await messenger.strip(case.telegram_id, before.message_id)
    await parts.database.act(lambda session: erasures.withdraw(session, chat_id, person_id=person_id))


def _refused(case: Case) -> Html:
    """Who was barred hears of no notice, so the reason was not written to them."""
    return case.words.say("erase.refused" if case.chat.barred_at is None else "erase.refused_barred")


async def _lines(parts: Parts, case: Case, done: Erased) -> tuple[Html, Html]:
    catalog = await parts.catalog()
    return standing.booked(done.given_back, case.words, catalog), standing.booked(done.left, case.words, catalog)


def _done(case: Case, done: Erased, said: tuple[Html, Html]) -> Screen:
    words, (given_back, left) = case.words, said
    whole = case.erasure.person_id is None
    return Screen(
        paragraphs(
            words.say("erase.done") if whole else words.say("erase.done_one"),
            paragraphs(words.say("erase.given_back"), given_back) if done.given_back else "",
            paragraphs(words.say("erase.left"), left) if done.left else "",
            words.say("erase.telegram") if whole else words.say("erase.telegram_one"),
            words.say("erase.goodbye") if whole else "",
        )
    )


async def _say(messenger: Messenger, case: Case, screen: Screen) -> None:
    for pause in (*PAUSES, None):
        try:
            await _shown(messenger, case, screen)
        except (ChatClosed, ChatMoved, Rejected):  # nobody is there to hear it
            return
        except Transient:
            if pause is None:
                log.warning("erasing.untold", chat=case.chat.id)
                return
            await asyncio.sleep(pause)
        else:
            return


async def _shown(messenger: Messenger, case: Case, screen: Screen) -> None:
    if case.message_id is not None:
        with suppress(MessageGone):
            await messenger.edit(case.telegram_id, case.message_id, screen)
            return
    await messenger.send(case.telegram_id, screen)
