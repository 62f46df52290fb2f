"""The webhook: a small HTTP server that takes updates from whoever knows the secret. TLS is the proxy's before it."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import h11
import structlog
from telegram import Update
from telegram.ext import ExtBot

from bot.polling import KINDS, Handle
from bot.settings import BotSettings
from core.errors import ConfigError

HEADER = b"x-telegram-bot-api-secret-token"
BIGGEST = 1_000_000  # bytes of an update; Telegram's are far smaller
READS_WITHIN = timedelta(seconds=10)
_CHUNK = 65_536

log = structlog.get_logger()


class _Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        self.status = status


async def announce(bot: ExtBot[Any], settings: BotSettings) -> None:
    """Have Telegram bring updates there from now on."""
    secret = settings.webhook_secret.get_secret_value()
    await bot.set_webhook(settings.webhook, secret_token=secret, allowed_updates=KINDS)


@asynccontextmanager
async def serving(bot: ExtBot[Any], settings: BotSettings, handle: Handle) -> AsyncIterator[None]:
    """An update is answered for once it was dealt with."""
    host, port = settings.listen
    secret, path = settings.webhook_secret.get_secret_value(), urlsplit(settings.webhook).path or "/"

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            status = await _status(bot, reader, handle, secret=secret, path=path)
            writer.write(_written(status))
            await writer.drain()
        except (OSError, h11.ProtocolError):
            return
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(connected, host, port)
    except OSError as error:
        raise ConfigError(f"MTA_TELEGRAM_WEBHOOK_LISTEN: cannot listen there ({error.strerror}).") from error
    async with server:
        yield


async def _status(
    bot: ExtBot[Any], reader: asyncio.StreamReader, handle: Handle, *, secret: str, path: str
) -> HTTPStatus:
    try:
        async with asyncio.timeout(READS_WITHIN.total_seconds()):
            body = await _body(reader, secret=secret, path=path)
        update = Update.de_json(json.loads(body), bot)
    except _Refused as refused:
        return refused.status
    except (TimeoutError, ValueError, KeyError, TypeError, AttributeError):  # not what Telegram sends
        return HTTPStatus.BAD_REQUEST
    await handle(update)
    return HTTPStatus.OK


async def _body(reader: asyncio.StreamReader, *, secret: str, path: str) -> bytes:
    parser, body = h11.Connection(h11.SERVER), b""
    while True:
        event = parser.next_event()
        match event:
            case h11.NEED_DATA:
                parser.receive_data(await reader.read(_CHUNK))
            case h11.Request():
                _check(event, secret=secret, path=path)
            case h11.Data():
                body += bytes(event.data)
                if len(body) > BIGGEST:
                    raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            case h11.EndOfMessage():
                return body
            case _:
                raise _Refused(HTTPStatus.BAD_REQUEST)


def _check(request: h11.Request, *, secret: str, path: str) -> None:
    shown = next((value for name, value in request.headers if name == HEADER), b"")
    if not hmac.compare_digest(bytes(shown), secret.encode()):
        log.warning("webhook.refused")
        raise _Refused(HTTPStatus.UNAUTHORIZED)
    if request.method != b"POST" or bytes(request.target).partition(b"?")[0] != path.encode():
        raise _Refused(HTTPStatus.NOT_FOUND)


def _written(status: HTTPStatus) -> bytes:
    return f"HTTP/1.1 {status} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
