"""What a bot may be sent that no conversation asks for, and what forged buttons may carry."""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import fields
from datetime import date, time
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from bot import conversations
from bot.callbacks import OWNED, Callback
from rehearsal.telegram.client import User
from rehearsal.telegram.store import BOT

Sends = Callable[[User], Awaitable[object]]
FILE = {"file_id": "x", "file_unique_id": "x", "file_size": 1}
POLL = {
    "id": "1",
    "question": "Wann?",
    "options": [{"persistent_id": "a", "text": "jetzt", "voter_count": 0}],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


def part(**given: Any) -> Sends:
    return lambda user: user.send("", **given)


def text(said: str) -> Sends:
    return lambda user: user.send(said)


ODD: dict[str, Sends] = {
    "as long as it gets": text("x" * 4096),
    "long in UTF-16": text("😀" * 2048),
    "emoji alone": text("👩‍👩‍👧‍👦🏳️‍🌈"),
    "right to left": text("\u202e\u05e9\u05dc\u05d5\u05dd\u202c \u2067\u0645\u0631\u062d\u2069"),
    "zero width": text("\u200b\u200c\u200d\u2060\ufeff"),
    "control characters": text("\u0000\u0007\u001b[31m"),
    "HTML": text('<a href="tg://user?id=1">x</a> </b> &amp; <script>'),
    "a format string": text("{count} %s {0.__class__} \\"),
    "SQL": text("'; DROP TABLE person; --"),
    "combining marks": text("Z" + "\u0301\u0489" * 300),
    "lines": text("\n" * 50 + "x"),
    "a lone slash": text("/"),
    "a command of none": text("/" + "a" * 33),
    "a command with dashes": text("/start-now"),
    "an argument of 4,000": text("/start " + "A" * 4000),
    "a picture": lambda user: user.send_photo(),
    "a picture with words": lambda user: user.send_photo(caption="Anna Müller"),
    "a file": lambda user: user.send_document("x.exe", b"MZ"),
    "a sticker": lambda user: user.send_sticker(),
    "a place": lambda user: user.send_location(91.0, 181.0),
    "a contact": lambda user: user.send_contact("+4989"),
    "a voice": part(voice={**FILE, "duration": 1}),
    "a video": part(video={**FILE, "width": 1, "height": 1, "duration": 1}),
    "a round video": part(video_note={**FILE, "length": 1, "duration": 1}),
    "music": part(audio={**FILE, "duration": 1}),
    "a poll": part(poll=POLL),
    "a die": part(dice={"emoji": "🎲", "value": 6}),
    "a venue": part(
        venue={"location": {"latitude": 1, "longitude": 1}, "title": "x", "address": "y"},
        location={"latitude": 1, "longitude": 1},
    ),
    "something forwarded": lambda user: user.forward("/nosuch"),
}
SILENT: dict[str, Sends] = {
    "a command to another bot": text("/help@other_bot"),
    "a pinned message": part(
        pinned_message={"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private", "first_name": "x"}}
    ),
    "a timer": part(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
    "a call": part(video_chat_started={}),
    "somebody who joined": part(new_chat_members=[{"id": 7, "is_bot": False, "first_name": "x"}]),
    "somebody who left": part(left_chat_member={"id": 7, "is_bot": False, "first_name": "x"}),
    "a new title": part(new_chat_title="x"),
}


def updates_of_nobody(user: User) -> Iterator[dict[str, Any]]:
    """From bots, channels and Telegram itself."""
    posting = user.store.post(user.store.rooms[user.id], by_bot=False, text="/start")
    message = user.store.message(posting, user.account)
    bot = {**BOT, "id": 99, "username": "other_bot"}
    channel = {"id": -1_000_000_000_123, "type": "channel", "title": "News"}
    yield {"message": {**message, "from": bot}}
    yield {"edited_message": {**message, "from": bot}}
    yield {"channel_post": {**message, "chat": channel, "from": None, "sender_chat": channel}}
    yield {"edited_channel_post": {**message, "chat": channel, "sender_chat": channel}}
    yield {"message": {**message, "from": {**bot, "id": 777000, "is_bot": False}, "is_automatic_forward": True}}
    yield {"message": {name: value for name, value in message.items() if name != "from"}}


def forged(rng: random.Random, count: int) -> Sequence[str]:
    """Nearly right: a known word with wrong values, another version, bytes."""
    known = list(conversations.table().taps)
    letters = [*"0123456789:._-", *"azAZ", "ü", "\u202e", "\u0000", "٣", "😀", " "]

    def tail(most: int) -> str:
        return "".join(rng.choice(letters) for _ in range(rng.randrange(most)))

    made = [f"{rng.choice('12')}{rng.choice(known).word}:{tail(30)}" for _ in range(count)]
    return [one for data in (*made, *(tail(60) for _ in range(count))) if (one := fitting(data))]


def fitting(data: str) -> str:
    """As much of it as a client can send."""
    return data.encode()[:64].decode(errors="ignore")


def aimed(kind: type[Callback], victim: int) -> str:
    """A button of this kind that names what is the victim's, and else whatever fits its types."""
    hints = get_type_hints(kind)
    values = {one.name: victim if one.name in OWNED else _some(hints[one.name]) for one in fields(kind)}
    return kind(**values).data


def names_somebody(kind: type[Callback]) -> bool:
    return any(one.name in OWNED for one in fields(kind))


def _some(hint: Any) -> Any:
    for one in (hint, *get_args(hint)):
        if get_origin(one) is tuple:
            return (1,)
        if isinstance(one, type) and issubclass(one, StrEnum):
            return next(iter(one))
        if one in _VALUES:
            return _VALUES[one]
    raise AssertionError(f"no value for {hint}")


_VALUES: dict[Any, Any] = {bool: True, int: 1, str: "x", date: date(2030, 1, 2), time: time(8, 0)}
EVERY = list(conversations.table().taps)
