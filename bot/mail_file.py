"""A mail that somebody sends as a file (.eml): read for the City's link, and kept nowhere."""

import asyncio
from collections.abc import Sequence
from typing import Final

from telegram import Document

from bot.messenger import Messenger
from core.bookings import HoldKey
from portal import letters, links

MOST: Final = 1_000_000  # bytes
_KIND, _ENDING = "message/rfc822", ".eml"


def is_one(document: Document) -> bool:
    """By what the person's app says of it, or by its name."""
    named = (document.file_name or "").strip().lower()
    return (document.mime_type or "").strip().lower() == _KIND or named.endswith(_ENDING)


def is_large(document: Document) -> bool:
    return (document.file_size or 0) > MOST


async def keys_in(messenger: Messenger, document: Document) -> Sequence[HoldKey | None] | None:
    """As portal.links.keys_in, of all that stands in the mail; None where Telegram does not give the file out."""
    content = await messenger.fetch(document.file_id, most=MOST)
    return await asyncio.to_thread(_keys_in, content) if content is not None else None


def _keys_in(content: bytes) -> Sequence[HoldKey | None]:
    return links.keys_in("\n".join(letters.texts_of(content)))
