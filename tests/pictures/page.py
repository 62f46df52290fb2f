"""Frames as a page: phones side by side, in plain HTML with a style of our own."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from bot.texts import Words
from core.slots import BERLIN
from rehearsal.telegram.entities import units
from rehearsal.telegram.store import Posting
from tests.pictures.playing import Frame

STYLE = Path(__file__).with_name("phone.css")
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "spoiler": "span",
    "text_link": "u",
    "bot_command": "em",
}
SAID = {"de": ("Nachricht", "heute"), "en": ("Message", "today")}
KIBIBYTE = 1024
PNG = b"\x89PNG\r\n\x1a\n"


def page(frames: Sequence[Frame], language: str, *, newest: int) -> str:
    phones = "".join(_phone(frame, language, newest=newest) for frame in frames)
    style = STYLE.read_text("utf-8")
    return f'<!doctype html><html lang="{language}"><meta charset="utf-8"><style>{style}</style><main>{phones}</main>'


def _phone(frame: Frame, language: str, *, newest: int) -> str:
    field, today = SAID[language]
    shown = frame.postings[-newest:]
    bubbles = "".join(_bubble(one, frame, language) for one in shown)
    toast = f'<div class="toast">{escape(frame.toast)}</div>' if frame.toast else ""
    name = escape(Words(language).label("commands.short_description").split(".")[0])
    head = f'<header><span class="face">T</span><span><b>Termin</b><small>{name}</small></span></header>'
    return (
        f'<section class="phone">{head}<div class="chat"><span class="day">{today}</span>{bubbles}</div>{toast}'
        f"<footer>{field}</footer></section>"
    )


def _bubble(posting: Posting, frame: Frame, language: str) -> str:
    side = "bot" if posting.by_bot else "me"
    at = datetime.fromtimestamp(posting.edited_at or posting.date, BERLIN)
    edited = {"de": "bearbeitet ", "en": "edited "}[language] if posting.edited_at else ""
    inside = f"{_attached(posting)}{marked(posting.text, posting.entities)}<time>{edited}{at:%H:%M}</time>"
    rows = "".join(_row(row, posting, frame) for row in posting.rows)
    return f'<div class="said {side}"><p class="bubble">{inside}</p>{rows}</div>'


def _row(row: Sequence[Mapping[str, Any]], posting: Posting, frame: Frame) -> str:
    buttons = "".join(
        f'<span class="button{" tapped" if frame.tapped == (posting.id, one["text"]) else ""}">'
        f"{escape(str(one['text']))}{' ↗' if one.get('url') else ''}</span>"
        for one in row
    )
    return f'<div class="row">{buttons}</div>'


def _attached(posting: Posting) -> str:
    """A picture, a file or a place, as the app shows that there is one."""
    if "venue" in posting.fields:
        venue = posting.fields["venue"]
        return f'<span class="place"></span><b>{escape(venue["title"])}</b><br>{escape(venue["address"])}<br>'
    if "photo" in posting.fields:
        return _picture(posting.content)
    if "document" in posting.fields:
        size = max(1, len(posting.content) // KIBIBYTE)
        name = escape(posting.file_name)
        return f'<span class="file"><i></i><span><b>{name}</b><small>{size} KB</small></span></span>'
    return '<span class="place"></span>' if "location" in posting.fields else ""


def _picture(content: bytes) -> str:
    if not content.startswith(PNG):
        return '<span class="photo">muenchen.de</span>'
    return f'<img alt="" src="data:image/png;base64,{b64encode(content).decode()}">'


def marked(text: str, entities: Sequence[Mapping[str, object]]) -> str:
    """The text as HTML again, from the entities' UTF-16 offsets."""
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for one in sorted(entities, key=lambda one: (int(str(one["offset"])), -int(str(one["length"])))):
        tag, start, length = TAGS.get(str(one["type"]), "span"), int(str(one["offset"])), int(str(one["length"]))
        opens.setdefault(start, []).append(f"<{tag}>")
        closes.setdefault(start + length, []).insert(0, f"</{tag}>")
    made, place = "", 0
    for character in text:
        made += "".join(closes.pop(place, [])) + "".join(opens.pop(place, [])) + _safe(character)
        place += units(character)
    return made + "".join(closes.pop(place, []))


def _safe(character: str) -> str:
    return "<br>" if character == "\n" else escape(character)
