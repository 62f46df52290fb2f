"""Telegram's HTML: what is safe to send, and how everything foreign becomes so."""

import html
import re
import unicodedata

LONGEST_FACT = 200  # characters of anything that somebody else wrote
_TAG = re.compile(r"</?[a-z][^<>]*>")
_BREAK = re.compile(r"(?i)</(?:p|div|li|h\d|tr|ul|ol)\s*>|<br\s*/?>|\r?\n")
_FOREIGN_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_ISOLATE, _END = "\u2068", "\u2069"
_KEPT = frozenset({"\u200d", "\ufe0f", "\u200c"})  # joiners within emoji and within words


class Html(str):
    """Text that may be sent as it is."""

    __slots__ = ()


def escaped(foreign: str, *, longest: int = LONGEST_FACT) -> Html:
    """On one line, without anything that could act on its surroundings, and shortened."""
    return Html(html.escape(plain(foreign, longest=longest), quote=False))


def plain(foreign: str, *, longest: int = LONGEST_FACT) -> str:
    """As `escaped`, for where no HTML is read: labels of buttons and short answers to a tap."""
    line = " ".join("".join(map(_harmless, foreign)).split())
    short = line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
    return f"{_ISOLATE}{short}{_END}" if any(map(_is_leftward, short)) else short


def link(url: str, label: str) -> Html:
    """`label` is foreign text."""
    return Html(f'<a href="{html.escape(url)}">{escaped(label)}</a>')


def lines_of(foreign_html: str, *, longest: int) -> Html:
    """The words of somebody's HTML, paragraph by paragraph, as far as they have room."""
    words = html.unescape(_FOREIGN_TAG.sub("", _BREAK.sub("\n", foreign_html)))
    kept, left = [], longest
    for line in words.splitlines():
        if left > 1 and (said := escaped(line, longest=left)):
            kept.append(said)
            left -= len(read(said)) + 1
    return Html("\n".join(kept))


def read(text: Html) -> str:
    """What a person reads of it."""
    return html.unescape(_TAG.sub("", text))


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: Html, *, most: int) -> Html:
    """The text; without its tags and shortened in the rare case that it is too long."""
    words = read(text)
    if units(words) <= most:
        return text
    while units(words) > most - 1:
        words = words[: len(words) - max(1, (units(words) - most) // 2)]
    return Html(f"{html.escape(words.rstrip(), quote=False)}…")


def _harmless(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return character
    return " " if character.isspace() else ""


def _is_leftward(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL", "AN")
