"""Telegram's HTML: what it lets through, and what a person then reads."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"<(?P<close>/)?(?P<tag>[a-zA-Z][a-zA-Z0-9-]*|)(?P<rest>[^<>]*)>|(?P<entity>&[#\w]*;?)|(?P<lone><)")
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_HREF = re.compile(r'\s+href="([^"]+)"\s*')


class Unparsable(Exception):
    """As Telegram says it."""


@dataclass
class _Reading:
    plain: str = ""
    entities: list[dict[str, object]] = field(default_factory=list)
    open: list[tuple[str, int, str]] = field(default_factory=list)


def parse(html: str) -> tuple[str, list[dict[str, object]]]:
    """What is read, and its entities with Telegram's own count of UTF-16 units. Raises Unparsable."""
    reading, end = _Reading(), 0
    for match in _TOKEN.finditer(html):
        reading.plain += html[end : match.start()]
        end = match.end()
        _take(reading, match)
    reading.plain += html[end:]
    if reading.open:
        tag = reading.open[-1][0]
        raise Unparsable(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
    return reading.plain, sorted(reading.entities, key=lambda one: (one["offset"], one["length"]))


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _take(reading: _Reading, match: re.Match[str]) -> None:
    if match["entity"]:
        reading.plain += _character(match["entity"])
    elif match["lone"] or not match["tag"] or match["tag"].lower() not in _KINDS:
        name = match["tag"] or ""
        raise Unparsable(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {match.start()}')
    elif match["close"]:
        _close(reading, match["tag"].lower(), match.start())
    else:
        reading.open.append((match["tag"].lower(), units(reading.plain), _link(match)))


def _close(reading: _Reading, tag: str, at: int) -> None:
    if not reading.open or reading.open[-1][0] != tag:
        raise Unparsable(f"can't parse entities: Unmatched end tag at byte offset {at}")
    _, start, url = reading.open.pop()
    length = units(reading.plain) - start
    if length:
        entity: dict[str, object] = {"type": _KINDS[tag], "offset": start, "length": length}
        reading.entities.append(entity | ({"url": url} if url else {}))


def _link(match: re.Match[str]) -> str:
    if match["tag"].lower() != "a":
        return ""
    found = _HREF.fullmatch(match["rest"])
    if found is None:
        raise Unparsable(f"can't parse entities: Unexpected attribute at byte offset {match.start()}")
    return found[1].replace("&amp;", "&")


def _character(entity: str) -> str:
    if entity in _NAMED:
        return _NAMED[entity]
    if match := re.fullmatch(r"&#(x?)([0-9a-fA-F]+);", entity):
        return chr(int(match[2], 16 if match[1] else 10))
    return entity  # Telegram leaves what it does not know as it stands
