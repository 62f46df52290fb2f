"""A person with the app: writes, taps, sends places and pictures, and sees the chat as it stands."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rehearsal.telegram.store import BOT, Account, Posting, Room, Store

PATIENCE = 10.0
LONG = 500  # characters; more are not printed
_QUERIES = itertools.count(1)
_COMMAND = re.compile(r"/[a-z0-9_]+(@\w+)?", re.IGNORECASE)


class NotSeen(AssertionError):
    """What was waited for did not come; the text shows the chat."""


@dataclass(frozen=True)
class Shown:
    """A message as a person sees it now. `buttons` are the labels, row by row."""

    id: int
    text: str
    buttons: tuple[tuple[str, ...], ...]
    by_bot: bool
    edited: bool
    silent: bool
    file_name: str
    content: bytes

    def __str__(self) -> str:
        rows = "".join("\n  " + " ".join(f"[{label}]" for label in row) for row in self.buttons)
        file = f" ({self.file_name})" if self.file_name else ""
        text = self.text if len(self.text) < LONG else f"{self.text[:LONG]}… ({len(self.text)} characters)"
        return f"{'bot' if self.by_bot else 'me'}{file}: {text}{rows}"


@dataclass(frozen=True)
class Toast:
    """What the bot answered to a tap; without a text nothing is shown."""

    text: str
    alert: bool


@dataclass(frozen=True)
class User:
    """`chat_id` is the talk with the bot, or a group (see `at`)."""

    store: Store
    account: Account
    room: Room | None = None

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def chat_id(self) -> int:
        return self.room.id if self.room else self.account.id

    def at(self, chat_id: int) -> "User":
        """The same person, speaking in that group."""
        return replace(self, room=self.store.rooms[chat_id])

    async def send(self, text: str, **fields: Any) -> int:
        """The message's id."""
        entities = []
        if match := _COMMAND.match(text):
            entities = [{"type": "bot_command", "offset": 0, "length": match.end()}]
        return await self._say(text=text, entities=entities, fields=fields)

    async def send_location(self, latitude: float, longitude: float) -> int:
        return await self._say(fields={"location": {"latitude": latitude, "longitude": longitude}})

    async def send_contact(self, phone_number: str) -> int:
        return await self._say(
            fields={"contact": {"phone_number": phone_number, "first_name": self.account.first_name}}
        )

    async def send_photo(self, content: bytes = b"a picture", *, caption: str = "") -> int:
        kept = self.store.keep_file("photo.jpg", content)
        return await self._say(text=caption, fields={"photo": [{**kept, "width": 90, "height": 90}]})

    async def send_document(self, name: str, content: bytes, *, kind: str = "", caption: str = "") -> int:
        """`kind` is what the app takes it for, such as message/rfc822."""
        about = {"file_name": name, **({"mime_type": kind} if kind else {})}
        return await self._say(text=caption, fields={"document": {**self.store.keep_file(name, content), **about}})

    async def send_sticker(self) -> int:
        kept = self.store.keep_file("sticker.webp", b"sticker")
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self._say(fields={"sticker": {**kept, **look}})

    async def forward(self, text: str) -> int:
        """Something that somebody else wrote."""
        origin = {"type": "hidden_user", "date": int(self.store.now()), "sender_user_name": "Somebody"}
        return await self.send(text, forward_origin=origin)

    async def edit(self, message_id: int, text: str) -> None:
        posting = self.store.posting(self.chat_id, message_id, to="edit")
        posting.text, posting.edited_at = text, int(self.store.now())
        await self.store.push("edited_message", self.store.message(posting, self.account))

    async def click(self, which: str, *, within: float = PATIENCE) -> Toast:
        """Tap the newest button with this label, or else whose data begins so; waits for the bot's answer to it."""
        found = await self.store.until(lambda: self._button(which), within=within)
        if not found:
            raise NotSeen(f"there is no button “{which}” in:\n{self}")
        posting, button = found
        return await self.press(str(button["callback_data"]), message_id=posting.id, within=within)

    async def double_click(self, which: str) -> tuple[Toast, Toast]:
        found = await self.store.until(lambda: self._button(which), within=PATIENCE)
        if not found:
            raise NotSeen(f"there is no button “{which}” in:\n{self}")
        posting, button = found
        queries = [await self._tap(str(button["callback_data"]), posting.id) for _ in range(2)]
        first, second = [await self._toast(query, within=PATIENCE) for query in queries]
        return first, second

    async def press(self, data: str, *, message_id: int | None = None, within: float = PATIENCE) -> Toast:
        """A callback with any data, as an old or forged client could send it."""
        return await self._toast(await self._tap(data, message_id or self._newest().id), within=within)

    async def block(self) -> None:
        self.account.has_blocked = True
        await self._member("member", "kicked")

    async def unblock(self) -> None:
        self.account.has_blocked = False
        await self._member("kicked", "member")

    async def sees(self, text: str, *, within: float = PATIENCE) -> Shown:
        """The newest message of the bot that holds this, once there is one."""
        found = await self.store.until(lambda: self._containing(text), within=within)
        if not found:
            raise NotSeen(f"“{text}” was not seen within {within} s in:\n{self}")
        return _shown(found)

    async def hears(self, count: int, *, within: float = PATIENCE) -> list[str]:
        """All the bot's texts that are there, once there are so many."""
        await self.store.until(lambda: len(self.bot_said()) >= count, within=within)
        if len(self.bot_said()) < count:
            raise NotSeen(f"the bot said {len(self.bot_said())} of {count} things")
        return self.bot_said()

    async def settled(self, *, within: float = PATIENCE) -> None:
        """Until the bot has confirmed all that was sent to it: it has done with it, or has been at it for a while."""
        await self.store.until(lambda: not self.store.updates, within=within)
        if self.store.updates:
            raise NotSeen(f"the bot left {len(self.store.updates)} updates")

    def screen(self) -> list[Shown]:
        return [_shown(one) for one in self._postings()]

    def bot_said(self) -> list[str]:
        return [one.text for one in self.screen() if one.by_bot]

    def __str__(self) -> str:
        return "\n".join(map(str, self.screen())) or "(an empty chat)"

    def _postings(self) -> Sequence[Posting]:
        return [one for one in self.store.postings.get(self.chat_id, []) if not one.deleted]

    def _newest(self) -> Posting:
        return [one for one in self._postings() if one.by_bot][-1]

    def _button(self, which: str) -> tuple[Posting, dict[str, Any]] | None:
        for matches in (lambda one: one["text"] == which, lambda one: which in one["text"], _begins(which)):
            for posting in reversed(self._postings()):
                for button in posting.buttons:
                    if button.get("callback_data") and matches(button):
                        return posting, button
        return None

    def _containing(self, text: str) -> Posting | None:
        return next((one for one in reversed(self._postings()) if one.by_bot and text in one.text), None)

    async def _say(self, **parts: Any) -> int:
        room = self.room or self.store.rooms[self.id]
        posting = self.store.post(room, by_bot=False, **parts)
        await self.store.push("message", self.store.message(posting, self.account))
        return posting.id

    async def _tap(self, data: str, message_id: int) -> str:
        query = f"{self.id}{next(_QUERIES):06}"
        self.store.answers[query] = {}
        posting = next(one for one in self.store.postings[self.chat_id] if one.id == message_id)
        message = self.store.message(posting)
        instance = str(self.chat_id)
        value = {"id": query, "from": self.account.shown, "message": message, "chat_instance": instance, "data": data}
        await self.store.push("callback_query", value)
        return query

    async def _toast(self, query: str, *, within: float) -> Toast:
        answer = await self.store.until(lambda: self.store.answers[query], within=within)
        if not answer:
            raise NotSeen(f"the bot did not answer the tap within {within} s; it shows:\n{self}")
        return Toast(str(answer["text"]), bool(answer["alert"]))

    async def _member(self, was: str, now: str) -> None:
        def status(name: str) -> dict[str, Any]:
            return {"status": name, "user": BOT, **({"until_date": 0} if name == "kicked" else {})}

        value = {
            "chat": self.store.rooms[self.chat_id].shown,
            "from": self.account.shown,
            "date": int(self.store.now()),
        }
        changed = {**value, "old_chat_member": status(was), "new_chat_member": status(now)}
        await self.store.push("my_chat_member", changed)


def _begins(which: str) -> Any:
    return lambda one: str(one["callback_data"]).startswith(which)


def _shown(posting: Posting) -> Shown:
    return Shown(
        id=posting.id,
        text=posting.text,
        buttons=tuple(tuple(str(one["text"]) for one in row) for row in posting.rows),
        by_bot=posting.by_bot,
        edited=posting.edits > 0,
        silent=posting.silent,
        file_name=posting.file_name,
        content=posting.content,
    )
