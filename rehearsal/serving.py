"""Running a practice city: inside an event loop for tests and the demo, or blocking for the command line."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from rehearsal.app import build_app, frontend_problem
from rehearsal.city import City
from rehearsal.inbox import Inbox
from rehearsal.mail import MailServer, PostOffice, close_inbox, open_inbox
from rehearsal.settings import CitySettings

_BACKLOG = 512
_TICK = 0.1  # seconds; uvicorn counts in these
_SOON = 0.005
_KEEPS_OPEN = 75  # seconds that a line may lie idle, as nginx has it; clients let go of theirs sooner, in peace


class CannotServe(Exception):
    """The settings cannot be followed; the text says what is wrong."""


@dataclass(frozen=True)
class RunningCity:
    """`smtp_port` is the built-in inbox's, or None where another mail server was given."""

    url: str
    city: City
    inbox: Inbox
    smtp_port: int | None


@asynccontextmanager
async def serving(settings: CitySettings) -> AsyncIterator[RunningCity]:
    """Serves in the running loop and installs no signal handlers. Raises `CannotServe` or `BadMood` first."""
    _check(settings)
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(listening_on(settings.host, settings.port))
        url = f"http://{settings.host}:{listening.getsockname()[1]}"
        inbox = Inbox(settings.inbox)
        mail_server, smtp_port = await _mail_server(settings, inbox, stack)
        office = PostOffice(mail_server, delay=settings.mail_delay, copies=inbox if smtp_port is None else None)
        city = City(settings, post=office.post, site=(settings.public_url or url).rstrip("/"))
        await _in_background(stack, office)
        await stack.enter_async_context(answering(build_app(city, inbox, office), listening))
        yield RunningCity(url=url, city=city, inbox=inbox, smtp_port=smtp_port)


def run(settings: CitySettings) -> None:
    """Blocks until SIGTERM or SIGINT. One JSON line on standard output says that the city is ready."""
    asyncio.run(_until_told(settings))


async def _until_told(settings: CitySettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stop.set)
    async with serving(settings) as running:
        ready = {"event": "rehearsal.ready", "url": running.url, "dialect": settings.dialect.value}
        sys.stdout.write(json.dumps({**ready, "smtp_port": running.smtp_port}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _check(settings: CitySettings) -> None:
    problem = frontend_problem(settings.frontend) if settings.frontend else None
    if problem:
        raise CannotServe(problem)
    if settings.smtp is not None and not settings.smtp.rpartition(":")[2].isdigit():
        raise CannotServe(f'"{settings.smtp}" is not host:port')


@contextmanager
def listening_on(host: str, port: int) -> Iterator[socket.socket]:
    # asyncio turns off Nagle's wait, 40 ms an answer, only on sockets that name their protocol.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with listening:
        try:
            listening.bind((host, port))
        except OSError as e:
            raise CannotServe(f"cannot listen on {host}:{port}: {e.strerror}") from e
        listening.listen(_BACKLOG)
        yield listening


async def _mail_server(settings: CitySettings, inbox: Inbox, stack: AsyncExitStack) -> tuple[MailServer, int | None]:
    if settings.smtp is not None:
        host, _, port = settings.smtp.rpartition(":")
        return MailServer(host, int(port)), None
    server, port_here = await open_inbox(inbox, host="127.0.0.1")
    stack.push_async_callback(close_inbox, server)
    return MailServer("127.0.0.1", port_here), port_here


async def _in_background(stack: AsyncExitStack, office: PostOffice) -> None:
    task = asyncio.create_task(office.run())

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)


@asynccontextmanager
async def answering(app: Starlette, listening: socket.socket) -> AsyncIterator[None]:
    """Serves in the running loop and installs no signal handlers."""
    config = uvicorn.Config(
        app,
        http=_OpenLine,
        loop="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEPS_OPEN,
        timeout_graceful_shutdown=1,
    )
    server = _QuietServer(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.end()
        await task


class _QuietServer(uvicorn.Server):
    """Signals belong to whoever owns the loop. Ends at once: uvicorn's own server looks every tenth of a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told_to_end = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._told_to_end.set()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_end.wait(), _TICK)
            ticks += 1

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110  # uvicorn's own sets
                    await asyncio.sleep(_SOON)
        for task in list(self.server_state.tasks):
            task.cancel()


class _OpenLine(H11Protocol):
    """Puts the connection's transport into each request's state, so that a mood can cut the line."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own narrowing
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}
