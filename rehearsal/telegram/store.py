"""What the server knows: people, chats, messages as they stand, updates that wait, and every call of the bot."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from rehearsal.telegram.judging import Judge, PlainJudge, Refusal

TOKEN: Final = "123456789:AAFakeTokenOfTheBotThatIsNone_0123456789"  # noqa: S105  # opens nothing anywhere
BOT: Final = {"id": 123456789, "is_bot": True, "first_name": "Termin", "username": "mta_test_bot"}


@dataclass
class Account:
    id: int
    first_name: str
    language_code: str
    has_blocked: bool = False

    @property
    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }


@dataclass
class Room:
    """A chat: of one account with the bot, or a group. `moved_to` is where a group went."""

    id: int
    kind: str
    title: str
    members: list[int] = field(default_factory=list)
    moved_to: int | None = None
    pinned: int | None = None

    @property
    def shown(self) -> dict[str, Any]:
        name = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.id, "type": self.kind, **name}


@dataclass
class Posting:
    """A message as it stands. `text` is what is read, `fields` what the API calls its other parts."""

    id: int
    chat_id: int
    by_bot: bool
    date: int
    text: str = ""
    entities: list[dict[str, object]] = field(default_factory=list)
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    content: bytes = b""
    file_name: str = ""
    silent: bool = False
    edits: int = 0
    edited_at: int | None = None
    deleted: bool = False

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for button in self.buttons]


@dataclass(frozen=True)
class Call:
    method: str
    at: float
    given: dict[str, Any]
    refused: int = 0

    @property
    def chat_id(self) -> int | None:
        chat = self.given.get("chat_id")
        return int(chat) if chat is not None else None


class Store:
    def __init__(self, judge: Judge | None = None, now: Callable[[], float] = time.time) -> None:
        self.judge = judge or PlainJudge()
        self.now = now
        self.accounts: dict[int, Account] = {}
        self.rooms: dict[int, Room] = {}
        self.postings: dict[int, list[Posting]] = {}
        self.updates: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.settled: dict[str, Any] = {}  # commands, descriptions, the webhook
        self.allowed: list[str] | None = None
        self.changed = asyncio.Condition()
        self._numbers: Iterator[int] = itertools.count(1)
        self._update_ids: Iterator[int] = itertools.count(70_000_001)
        self._message_ids: dict[int, Iterator[int]] = {}

    def account(self, first_name: str, language_code: str) -> Account:
        made = Account(5_000_000_000 + next(self._numbers) * 1_117, first_name, language_code)
        self.accounts[made.id] = made
        self.rooms[made.id] = Room(made.id, "private", first_name, [made.id])
        return made

    def group(self, title: str, *members: int, kind: str = "group") -> Room:
        number = next(self._numbers)
        room = Room(-(100_000 + number) if kind == "group" else -1_000_000_000_000 - number, kind, title, [*members])
        self.rooms[room.id] = room
        return room

    def migrate(self, chat_id: int) -> Room:
        old = self.rooms[chat_id]
        new = self.group(old.title, *old.members, kind="supergroup")
        old.moved_to = new.id
        return new

    def reached(self, chat_id: Any) -> Room:
        """The chat the bot writes to; raises Refusal as Telegram does for those it cannot."""
        room = self.rooms.get(int(chat_id))
        if room is None:
            raise Refusal("Bad Request: chat not found")
        if room.moved_to is not None:
            raise Refusal("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.moved_to)
        if room.kind == "private" and self.accounts[room.id].has_blocked:
            raise Refusal("Forbidden: bot was blocked by the user", code=403)
        return room

    def post(self, room: Room, *, by_bot: bool, **parts: Any) -> Posting:
        ids = self._message_ids.setdefault(room.id, itertools.count(1))
        posting = Posting(next(ids), room.id, by_bot=by_bot, date=int(self.now()), **parts)
        self.postings.setdefault(room.id, []).append(posting)
        return posting

    def posting(self, chat_id: Any, message_id: Any, *, to: str) -> Posting:
        for one in self.postings.get(int(chat_id), []):
            if one.id == int(message_id) and not one.deleted:
                return one
        raise Refusal(f"Bad Request: message to {to} not found")

    def keep_file(self, name: str, content: bytes) -> dict[str, Any]:
        file_id = f"file-{next(self._numbers):06}-{len(content)}"
        self.files[file_id] = (name, content)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}

    def message(self, posting: Posting, author: Account | None = None) -> dict[str, Any]:
        """As the API shows it."""
        text = "caption" if posting.content or posting.fields.keys() & {"photo", "document"} else "text"
        shown: dict[str, Any] = {
            "message_id": posting.id,
            "date": posting.date,
            "chat": self.rooms[posting.chat_id].shown,
            "from": BOT if author is None else author.shown,
            **posting.fields,
        }
        if posting.text:
            shown[text] = posting.text
        if posting.entities:
            shown["entities" if text == "text" else "caption_entities"] = posting.entities
        if posting.rows:
            shown["reply_markup"] = {"inline_keyboard": posting.rows}
        if posting.edited_at is not None:
            shown["edit_date"] = posting.edited_at
        return self.judge.shown("Message", shown)

    async def push(self, kind: str, value: dict[str, Any]) -> int | None:
        """An update for the bot, if it wants such; its id."""
        if self.allowed and kind not in self.allowed:
            return None
        number = next(self._update_ids)
        made = self.judge.shown("Update", {"update_id": number, kind: value})
        async with self.changed:
            self.updates.append(made)
            self.changed.notify_all()
        return number

    async def wake(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, fact: Callable[[], Any], *, within: float) -> Any:
        """What `fact()` gives once it gives anything; None after `within` seconds."""
        try:
            async with asyncio.timeout(within), self.changed:
                await self.changed.wait_for(fact)
        except TimeoutError:
            return fact() or None
        return fact()
