"""A script played against the real bot over HTTP, and what the person saw: frames of the chat."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.texts import Words
from core.looks import Dialect
from models import catalogs, chats, invitations
from models.booking import Booking
from models.chat import Role
from models.database import Database, Session
from models.keyring import Keyring
from models.watch import Watch
from portal import contract_catalog
from rehearsal import shapes
from rehearsal.catalog import load_catalog
from rehearsal.settings import Dialect as Generation
from rehearsal.telegram.client import NotSeen, User
from rehearsal.telegram.server import Telegram
from rehearsal.telegram.store import Posting
from tests.bot.conftest import CODE, SITE, RunningBot, parts_of
from tests.bot.outbox_cast import all_told
from tests.models_cast import KEY
from tests.pictures import cast
from tests.pictures.script import Booked, Does, Says, SaysText, Script, Sees, Step, Taps, TapsLabel, Told
from tests.telegram.oracle import Oracle

BEGINS = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
PAUSE = timedelta(seconds=40)  # of the clock, between two steps
SETTLES = 20.0  # seconds of the true one
NAMES = {"de": "Erika", "en": "Emma"}


@dataclass(frozen=True)
class Frame:
    """The chat at one moment; `tapped` is the message and the label of what is tapped next, `toast` what a tap said."""

    postings: tuple[Posting, ...]
    tapped: tuple[int, str] | None = None
    toast: str = ""


@dataclass
class Clock:
    now: datetime = BEGINS

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()


@dataclass
class Stage:
    """One person, one phone."""

    bot: RunningBot
    user: User
    language: str
    clock: Clock
    frames: list[Frame] = field(default_factory=list)
    toast: str = ""
    watch: Watch | None = None
    booking: Booking | None = None

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def name(self) -> str:
        return self.user.account.first_name

    @property
    def mail(self) -> str:
        return f"{self.name.lower()}@example.org"

    def shoot(self, tapped: tuple[int, str] | None = None) -> None:
        here = [one for one in self.user.store.postings.get(self.user.chat_id, []) if not one.deleted]
        self.frames.append(Frame(tuple(deepcopy(here)), tapped, self.toast))

    async def play(self, step: Step) -> None:
        self.clock.now += PAUSE
        match step:
            case Says(text, english):
                text = self._either(text, english)
                await self._say(text.format(code=CODE, name=self.name, mail=self.mail, link=cast.LINK))
            case SaysText(key, facts):
                await self._say(self.words.label(key, **facts))
            case Taps(key, facts, seen):
                await self._tap(self.words.label(key, **facts), seen=seen)
            case TapsLabel(label, seen, english):
                await self._tap(self._either(label, english), seen=seen)
            case Told():
                await cast.told(self, step)
                await all_told(self.bot)
            case Booked():
                await cast.booked(self, step)
                await all_told(self.bot)
            case Does(work):
                await work(self)
            case Sees():
                self.shoot()

    def _either(self, text: str, english: str) -> str:
        return english if english and self.language == "en" else text

    async def _say(self, text: str) -> None:
        self.toast, before = "", self._done()
        await self.user.send(text)
        await self._answered(before)

    async def _tap(self, label: str, *, seen: bool) -> None:
        found = [one for one in self.user.screen() if any(label in row for row in one.buttons)]
        if not found:
            raise NotSeen(f"there is no button “{label}” in:\n{self.user}")
        if seen:
            self.shoot((found[-1].id, label))
        before = self._done()
        self.toast = (await self.user.click(label, within=SETTLES)).text
        await self._answered(before)

    async def _answered(self, before: int) -> None:
        """Every step shows something, however busy the machine is."""
        await self.user.store.until(lambda: self._done() > before, within=SETTLES)
        await self.user.settled(within=SETTLES)

    def _done(self) -> int:
        """How often the bot has sent or edited something."""
        return sum(1 + one.edits for one in self.user.store.postings.get(self.user.chat_id, []) if one.by_bot)


async def play(script: Script, language: str, *, folder: Path, redis_url: str) -> list[Frame]:
    """Every frame of it. Raises NotSeen when the bot does not show what the script expects."""
    async with staged(language, folder=folder, redis_url=redis_url, for_operators=script.for_operators) as stage:
        if script.knows:
            await stage.bot.act(lambda session: _meet(session, stage))
        else:
            await stage.bot.act(lambda session: _invite(session, stage))
        for step in script.steps:
            await stage.play(step)
        if not isinstance(script.steps[-1], Sees):
            stage.shoot()
        return stage.frames


@asynccontextmanager
async def staged(language: str, *, folder: Path, redis_url: str, for_operators: bool = False) -> AsyncIterator[Stage]:
    """The bot with a practice database, the City's catalogue in it, and somebody with a phone."""
    clock = Clock()
    telegram = Telegram(judge=Oracle(), now=clock.timestamp)
    await telegram.start()
    with _database(folder, clock) as database:
        user = telegram.user(NAMES[language], language_code=language)
        parts = parts_of(database, telegram, redis_url=redis_url, now=clock)
        operators = frozenset({user.id} if for_operators else ())
        bot = RunningBot(replace(parts, settings=replace(parts.settings, operators=operators)), redis_url, telegram)
        try:
            await bot.start()
            yield Stage(bot, user, language, clock)
        finally:
            await bot.stop()
            bot.parts.queue.close()
            await telegram.stop()


@contextmanager
def _database(folder: Path, clock: Callable[[], datetime]) -> Iterator[Database]:
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{folder / 'mta.sqlite3'}", keys=Keyring.from_text(KEY))
    database.migrate()
    catalog, _ = contract_catalog.read(shapes.offices_and_services(load_catalog(), Generation.AUG))
    database.transact(lambda session: catalogs.keep(session, SITE, Dialect.AUG, catalog, now=clock()))
    try:
        yield database
    finally:
        database.close()


def _meet(session: Session, stage: Stage) -> None:
    chat = chats.meet(session, stage.bot.keyring, stage.user.id, language=stage.language, now=stage.clock())
    chats.agree(session, chat.id, "2026-11", now=stage.clock())


def _invite(session: Session, stage: Stage) -> None:
    until = stage.clock() + timedelta(days=1)
    invitations.make(session, stage.bot.keyring, CODE, role=Role.PERSON, uses=1, until=until, now=stage.clock())
