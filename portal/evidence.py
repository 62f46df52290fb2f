"""What is kept of a surprise: a picture, an outline of the page with its calls, and Playwright's trace.

The trace records actions alone (1 % of a look's processor time; with snapshots it would be 40 %), so it holds no
answers of the City. Words known to be personal are blotted out of everything, fields are covered in pictures, and
no trace runs while a person's details are typed, because it would keep the keys.
"""

import asyncio
import contextlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from portal.controls import control, css
from portal.refusals import error_code
from portal.visit import Visit
from portal.wire import Call

PERSONAL = control(
    "personal fields",
    css("input:not([type=checkbox]):not([type=radio]), textarea"),
    css('.m-content:has(> h3:text-is("Kontakt")) + *'),
    css('h3:text-is("Kontakt") + p'),
)
BLOT = "•••"
_SHORTEST_WORD = 3  # shorter ones would blot out half of every text
_UNNAMEABLE = re.compile(r"[^a-z0-9-]+")


class Evidence:
    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._taken = 0

    async def watch(self, visit: Visit) -> None:
        """Begin to trace. Costs two messages to the browser's driver."""
        with contextlib.suppress(PlaywrightError):
            if not visit.traced:
                await visit.lease.context.tracing.start(screenshots=False, snapshots=False, sources=False)
                visit.traced = True
            await visit.lease.context.tracing.start_chunk()
            visit.tracing = True

    async def forget(self, visit: Visit) -> None:
        if visit.tracing:
            visit.tracing = False
            with contextlib.suppress(PlaywrightError):
                await visit.lease.context.tracing.stop_chunk()

    async def keep(self, visit: Visit, name: str) -> tuple[str, ...]:
        """Keep everything there is to see now; what the page no longer gives is left out."""
        kept: list[Path] = []
        with contextlib.suppress(PlaywrightError):
            kept.append(await picture(visit, self._path(name, ".png"), masked=True))
        with contextlib.suppress(PlaywrightError):
            kept.append(await self._outline(visit, name))
        if visit.tracing:
            with contextlib.suppress(PlaywrightError):
                kept.append(await self._trace(visit, name))
        return tuple(str(path) for path in kept)

    async def _outline(self, visit: Visit, name: str) -> Path:
        outline = await visit.page.locator("body").aria_snapshot()
        calls = "\n".join(_line(call) for call in visit.wire.calls)
        path = self._path(name, ".txt")
        text = blotted(f"{calls}\n\n{outline}\n".encode(), visit.secrets)
        await asyncio.to_thread(path.write_bytes, text)
        return path

    async def _trace(self, visit: Visit, name: str) -> Path:
        path = self._path(name, ".zip")
        visit.tracing = False
        await visit.lease.context.tracing.stop_chunk(path=path)
        await asyncio.to_thread(_blot_archive, path, visit.secrets)
        return path

    def _path(self, name: str, ending: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._taken += 1
        stamp = self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
        plain = _UNNAMEABLE.sub("-", name.lower()).strip("-")
        return self._folder / f"{stamp}-{self._taken}-{plain}{ending}"


async def picture(visit: Visit, path: Path, *, masked: bool) -> Path:
    """A screenshot of the whole page; masked, the fields and words that are personal are covered."""
    mask = _personal_places(visit.page, visit.personal) if masked else []
    await visit.page.screenshot(path=path, full_page=True, mask=mask, animations="disabled")
    return path


def blotted(text: bytes, words: Iterable[str]) -> bytes:
    for word in sorted((word for word in words if len(word) >= _SHORTEST_WORD), key=len, reverse=True):
        for written in {word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}:
            text = text.replace(written.encode(), BLOT.encode())
    return text


def _personal_places(page: Page, words: Iterable[str]) -> list[Locator]:
    texts = [page.get_by_text(word) for word in words if len(word) >= _SHORTEST_WORD]
    return [*PERSONAL.locators(page), *texts]


def _blot_archive(path: Path, words: Iterable[str]) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {name: blotted(archive.read(name), words) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def _line(call: Call) -> str:
    """A call without its parameters, which hold keys and tokens."""
    if call.reply is None:
        return f"{call.method} {call.endpoint} {'dropped' if call.dropped else 'unanswered'}"
    return f"{call.method} {call.endpoint} {call.reply.status} {error_code(call.reply) or call.reply.problem}".rstrip()
