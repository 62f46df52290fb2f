"""A hand on one page: clicks, keys and pauses at the pace of a `Timing`."""

import asyncio
from random import Random
from typing import Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from browser_profiles.timing import Point, Timing, key_delays, landing, pointer_path, reading_pause

# The City's page scrolls smoothly and a mouse click waits until it stands still (about 0.9 s), so we scroll
# at once before Playwright looks.
BRING_INTO_VIEW: Final = """element => {
  const seen = box => box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  if (!seen(element.getBoundingClientRect()))
    element.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
  const box = element.getBoundingClientRect();
  return {x: box.x, y: box.y, width: box.width, height: box.height};
}"""
REPLACED: Final = "not attached to the DOM"
FOCUS: Final = "element => element.focus({preventScroll: true})"
# Focuses what keys would do something to, in one message to the browser, and says whether it did.
FOCUS_IF_USABLE: Final = """element => {
  const box = element.getBoundingClientRect();
  const hidden = !box.width || !box.height || getComputedStyle(element).visibility !== "visible";
  const shut = element.disabled || element.closest("[aria-disabled=true]") || element.closest("fieldset:disabled");
  if (hidden || shut || !element.isConnected) return false;
  element.focus({preventScroll: true});
  return true;
}"""


class Hand:
    """Every verb waits, like Playwright's own, until its control can be used, or raises its TimeoutError."""

    def __init__(self, page: Page, *, timing: Timing, rng: Random) -> None:
        self._page = page
        self._rng = rng
        self._at = Point(rng.uniform(200, 700), rng.uniform(150, 500))
        self.timing = timing

    async def click(self, locator: Locator) -> None:
        """With the pointer: along a curve, a short dwell, and a press that is held for a moment."""
        box = await locator.evaluate(BRING_INTO_VIEW)
        inside = landing(box["width"], height=box["height"], rng=self._rng)
        await self._move_to(Point(box["x"] + inside.x, box["y"] + inside.y))
        await self._pause(self.timing.dwell.draw(self._rng))
        await locator.click(
            position={"x": inside.x, "y": inside.y},
            delay=self.timing.hold.draw(self._rng) * 1000,
        )

    async def press(self, locator: Locator, key: str = "Enter") -> None:
        """With the keyboard: focus, a short pause, the key. For buttons, links and boxes."""
        await self._pause(self.timing.before_press.draw(self._rng))
        if not await locator.evaluate(FOCUS_IF_USABLE):
            await self._usable(locator)
            await locator.evaluate(FOCUS)
        await locator.press(key, delay=self.timing.hold.draw(self._rng) * 1000)

    async def choose(self, locator: Locator) -> None:
        """With the pointer when natural, with Enter when brisk: for native buttons and links."""
        if self.timing.name == "brisk":
            await self.press(locator, "Enter")
        else:
            await self.click(locator)

    async def type(self, locator: Locator, text: str) -> None:
        """Replace what the field holds, character by character; put right at once what the page swallowed."""
        await self._usable(locator)
        await locator.evaluate(BRING_INTO_VIEW)
        await locator.fill("")
        await locator.evaluate(FOCUS)
        for char, delay in zip(text, key_delays(text, timing=self.timing, rng=self._rng), strict=True):
            await self._page.keyboard.type(char)
            await self._pause(delay)
        if await locator.input_value() != text:
            await locator.fill(text)

    async def tick(self, locator: Locator) -> None:
        """Tick a box with the space key, if it is not ticked.

        Labels hold links and the captcha box lies under a drawing that catches the pointer. The box is not
        looked at again, since the captcha box changes its name once pressed: the caller checks.
        """
        if not await locator.is_checked():
            await self.press(locator, "Space")

    async def untick(self, locator: Locator) -> None:
        if await locator.is_checked():
            await self.press(locator, "Space")

    async def read(self, text_or_chars: str | int) -> None:
        """Wait as long as a skimming reader takes for this text, or for so many characters."""
        chars = text_or_chars if isinstance(text_or_chars, int) else len(text_or_chars)
        await self._pause(reading_pause(chars, timing=self.timing, rng=self._rng))

    async def settle(self) -> None:
        """Take the breath between two steps."""
        await self._pause(self.timing.settle.draw(self._rng))

    async def _usable(self, locator: Locator) -> None:
        """Keys reach a disabled button too and do nothing: wait until it is visible and enabled.

        The City's page draws itself anew while we wait; what was replaced is looked for again.
        """
        while True:
            handle = await locator.element_handle()
            try:
                await handle.wait_for_element_state("visible")
                await handle.wait_for_element_state("enabled")
            except PlaywrightError as error:
                if REPLACED not in str(error):
                    raise
            else:
                return
            finally:
                await handle.dispose()

    async def _move_to(self, target: Point) -> None:
        duration = self.timing.aim.draw(self._rng)
        loop = asyncio.get_running_loop()
        due = loop.time()
        for step in pointer_path(self._at, end=target, duration=duration, rng=self._rng):
            await self._page.mouse.move(step.point.x, step.point.y)
            due += step.pause
            await self._pause(due - loop.time())
        self._at = target

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.sleep(seconds)
