"""Mail out and in: a queue that sends by SMTP a little later, and the small SMTP server of the practice inbox."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import aiosmtplib
import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from rehearsal.inbox import Inbox

_log = structlog.get_logger()
_ATTEMPTS = 3


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int


class PostOffice:
    """Mails leave in order, each `delay` after it was written.

    `copies` gets one of each where another server than our own delivers.
    """

    def __init__(self, server: MailServer, *, delay: timedelta, copies: Inbox | None) -> None:
        self._server = server
        self._delay = delay.total_seconds()
        self._copies = copies
        self._queue: asyncio.Queue[tuple[float, EmailMessage]] = asyncio.Queue()
        self._delivering = asyncio.Lock()
        self._era = 0

    def post(self, letter: EmailMessage) -> None:
        due = asyncio.get_running_loop().time() + self._delay
        self._queue.put_nowait((due, letter))

    async def run(self) -> None:
        while True:
            due, letter = await self._queue.get()
            era = self._era
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            async with self._delivering:
                if era == self._era:
                    await self._deliver(letter)

    async def drop(self) -> None:
        """Throw away what has not left yet; what is on its way has arrived when this returns."""
        self._era += 1
        while not self._queue.empty():
            self._queue.get_nowait()
        async with self._delivering:
            return

    async def _deliver(self, letter: EmailMessage) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await aiosmtplib.send(letter, hostname=self._server.host, port=self._server.port, timeout=10)
            except (aiosmtplib.SMTPException, OSError, ValueError) as e:
                _log.warning("rehearsal.mail_failed", attempt=attempt, reason=type(e).__name__)
                await asyncio.sleep(self._delay)
            else:
                if self._copies is not None:
                    self._copies.receive(letter.as_bytes(), to=(str(letter["To"]),))
                return


class _Arrivals:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd calls it so
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        self._inbox.receive(raw, to=tuple(envelope.rcpt_tos))
        return "250 Message accepted for delivery"


async def open_inbox(inbox: Inbox, *, host: str) -> tuple[asyncio.Server, int]:
    """A listening SMTP server on a free port of `host`."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(_Arrivals(inbox), hostname="practice-city", enable_SMTPUTF8=True, loop=loop), host, 0
    )
    return server, server.sockets[0].getsockname()[1]


async def close_inbox(server: asyncio.Server) -> None:
    server.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(server.wait_closed(), timeout=2)
