"""What stands in a mail, however it is broken."""

from collections.abc import Iterator
from email import message_from_bytes
from html import unescape


def texts_of(raw: bytes) -> Iterator[str]:
    """Plain and HTML parts, of forwarded mails too. Latin-1, because any bytes are, and addresses are ASCII."""
    try:
        parts = list(message_from_bytes(raw).walk())
    except RecursionError:  # parts in parts in parts: no mail of the City's
        return
    for part in parts:
        body = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
        if isinstance(body, bytes):
            yield unescape(body.decode("latin-1"))
