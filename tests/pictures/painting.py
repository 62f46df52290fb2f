"""A page as a small PNG that remembers which page it was made of."""

import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.async_api import Browser, async_playwright

from browser_profiles import finding

SHARP = 1.5  # pixels of the picture for each of the page's
COLOURS = 24
PAGE = "page"  # the key of the page's digest in the PNG


@asynccontextmanager
async def easel(browser_path: Path | None = None) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await finding.find_browser(playwright, browser_path, "shell")
        browser = await playwright.chromium.launch(**finding.where(found.path, "shell"))
        try:
            yield browser
        finally:
            await browser.close()


async def paint(browser: Browser, page: str) -> bytes:
    context = await browser.new_context(device_scale_factor=SHARP, viewport={"width": 1600, "height": 800})
    try:
        sheet = await context.new_page()
        await sheet.set_content(page)
        shot = await sheet.locator("main").screenshot(animations="disabled")
    finally:
        await context.close()
    return _small(shot, page)


def digest(page: str) -> str:
    return hashlib.sha256(page.encode()).hexdigest()[:32]


def digest_of(picture: Path) -> str:
    """Of the page that the picture shows; empty where it does not say."""
    with Image.open(picture) as image:
        return str(image.info.get(PAGE, ""))


def _small(shot: bytes, page: str) -> bytes:
    known = PngInfo()
    known.add_text(PAGE, digest(page))
    made = io.BytesIO()
    with Image.open(io.BytesIO(shot)) as image:
        few = image.convert("RGB").quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)
        few.save(made, "PNG", optimize=True, pnginfo=known)
    return made.getvalue()
