"""What a button carries: a typed value, written in 64 bytes at most, read back by type and never trusted.

`1lang:de` is version, word, and the fields of a frozen dataclass in their order. A field may be int, bool, str
(letters, digits, _ and -), a StrEnum, date, time, a tuple of int, or one of these or None. Fields named `person_id`,
`watch_id` and `booking_id` are checked against the chat before any handler sees them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from bot.rights import Right

VERSION = "1"
MOST_BYTES = 64
OWNED = ("person_id", "watch_id", "booking_id")
_WORD = re.compile(r"[a-z]{2,8}")
_INT = re.compile(r"-?\d{1,18}")
_STR = re.compile(r"[A-Za-z0-9_-]{0,40}")


@dataclass(frozen=True)
class Callback:
    """`right` is who may press it. Two equal taps within a moment are one, unless it is `repeatable`."""

    word: ClassVar[str]
    right: ClassVar[Right]
    repeatable: ClassVar[bool]

    def __init_subclass__(cls, *, word: str, right: Right = Right.PERSON, repeatable: bool = False) -> None:
        super().__init_subclass__()
        if not _WORD.fullmatch(word):
            raise TypeError(f"{cls.__name__}: a callback's word is two to eight small letters")
        cls.word, cls.right, cls.repeatable = word, right, repeatable

    @property
    def data(self) -> str:
        """As Telegram carries it; raises ValueError for a value that cannot be written, which is a bug."""
        kinds = _kinds(type(self))
        written = [_write(getattr(self, name), kind) for name, kind in kinds.items()]
        data = ":".join([f"{VERSION}{self.word}", *written])
        if len(data.encode()) > MOST_BYTES:
            raise ValueError(f"{type(self).__name__} does not fit into {MOST_BYTES} bytes")
        return data

    @property
    def owned(self) -> dict[str, int]:
        """The rows it names, for bot.rights."""
        return {name: getattr(self, name) for name in OWNED if getattr(self, name, None) is not None}


class Codec:
    """Knows all callbacks of the bot by their word; raises TypeError for two with the same."""

    def __init__(self, known: Iterable[type[Callback]]) -> None:
        self._known: dict[str, type[Callback]] = {}
        for one in known:
            if self._known.setdefault(one.word, one) is not one:
                raise TypeError(f"{one.__name__} and {self._known[one.word].__name__} have the same word")
            _kinds(one)

    def read(self, data: str) -> Callback | None:
        """None for what an older or newer version wrote, or nobody did."""
        head, *written = data.split(":")
        kind = self._known.get(head.removeprefix(VERSION)) if head.startswith(VERSION) else None
        if kind is None:
            return None
        kinds = _kinds(kind)
        if len(kinds) != len(written):
            return None
        try:
            values = {name: _read(text, kinds[name]) for name, text in zip(kinds, written, strict=True)}
        except ValueError:
            return None
        return kind(**values)


def _kinds(kind: type[Callback]) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    found = {one.name: hints[one.name] for one in fields(kind)}
    for name, hint in found.items():
        if _reader(_bare(hint)) is None:
            raise TypeError(f"{kind.__name__}.{name}: a callback cannot carry {hint}")
    return found


def _write(value: Any, kind: Any) -> str:
    text = _plain(value)
    try:
        faithful = _read(text, kind) == value
    except ValueError:
        faithful = False
    if not faithful:
        raise ValueError(f"a value cannot be carried as {kind}")
    return text


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case date():
            return f"{value:%Y%m%d}"
        case time():
            return f"{value:%H%M}"
        case tuple():
            return ".".join(map(str, value))
        case _:
            return str(value)


def _read(text: str, kind: Any) -> Any:
    if text == "" and _is_optional(kind):
        return None
    reader = _reader(_bare(kind))
    if reader is None:
        raise ValueError(kind)
    return reader(text)


def _reader(kind: Any) -> Callable[[str], Any] | None:
    simple: dict[Any, Callable[[str], Any]] = {int: _int, bool: _bool, str: _str, date: _date, time: _time}
    if get_origin(kind) is tuple and get_args(kind) == (int, ...):
        return _ints
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return simple.get(kind)


def _bare(kind: Any) -> Any:
    return next(one for one in get_args(kind) if one is not type(None)) if _is_optional(kind) else kind


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def _int(text: str) -> int:
    if not _INT.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _bool(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _str(text: str) -> str:
    if not _STR.fullmatch(text):
        raise ValueError(text)
    return text


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _time(text: str) -> time:
    if not re.fullmatch(r"\d{4}", text):
        raise ValueError(text)
    return time(int(text[:2]), int(text[2:]))


def _ints(text: str) -> tuple[int, ...]:
    return tuple(_int(one) for one in text.split(".")) if text else ()
