"""A request's fields, whichever of the ways the Bot API takes them: query, urlencoded, or parts with files."""

from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import Any
from urllib.parse import parse_qsl

from rehearsal.telegram.judging import Upload

_PARSER = HeaderParser()


def fields(query: str, content_type: str, body: bytes) -> dict[str, Any]:
    """A file that is named as attach://… stands where it is named."""
    head = _PARSER.parsestr(f"Content-Type: {content_type}\r\n\r\n")
    if head.get_content_type() == "multipart/form-data":
        sent = dict(_parts(head, body))
    else:
        sent = dict(parse_qsl(body.decode(), keep_blank_values=True))
    given = {**dict(parse_qsl(query, keep_blank_values=True)), **sent}
    named = {f"attach://{name}": value for name, value in given.items() if isinstance(value, Upload)}
    words = {value for value in given.values() if isinstance(value, str)}
    whole = {name: value for name, value in given.items() if f"attach://{name}" not in named or not _named(name, words)}
    return {name: named.get(value, value) if isinstance(value, str) else value for name, value in whole.items()}


def _named(name: str, words: set[str]) -> bool:
    return f"attach://{name}" in words


def _parts(head: Message, body: bytes) -> Iterator[tuple[str, str | Upload]]:
    fence = b"\r\n--" + str(head.get_boundary("")).encode()
    for part in (b"\r\n" + body).split(fence)[1:-1]:
        written, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        about = _PARSER.parsestr(written.decode() + "\r\n\r\n")
        name = str(about.get_param("name", header="content-disposition"))
        file_name = about.get_filename()
        yield name, content.decode() if file_name is None else Upload(file_name, content)
