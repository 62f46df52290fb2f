"""The meter of the benches on a real browser: what its processes burnt is counted once they are gone."""

import asyncio
import sys
from pathlib import Path

import pytest

from bench import meter
from bench.meter import measured
from bench.processes import descendants
from browser_profiles.pool import Pool

PAGES = """
import asyncio, sys
from playwright.async_api import async_playwright

BURN = "() => { const end = performance.now() + 1000; while (performance.now() < end); }"

async def say(word):
    print(word, flush=True)
    await asyncio.to_thread(sys.stdin.readline)

async def main(browser):
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**({"executable_path": browser} if browser else {}))
        pages = [await (await chromium.new_context()).new_page() for _ in range(3)]
        await say("ready")
        for page in pages:
            await page.evaluate(BURN)
        await say("burnt")
        for page in pages:
            await page.context.close()
        await say("closed")
        await chromium.close()
        await say("gone")

asyncio.run(main(sys.argv[1]))
"""
ROUNDING = 0.15  # seconds: /proc counts hundredths, each process its own


@pytest.mark.parametrize("way", ["control group", "/proc"])
async def test_renderers_and_browsers_that_have_exited_are_counted(way: str, pool: Pool, tmp_path: Path) -> None:
    group = meter.new_group() if way == "control group" else None
    if way == "control group" and group is None:
        pytest.skip("no control group can be made here")
    assert pool.found is not None
    command = [sys.executable, "-c", PAGES, str(pool.found.path or "")]

    async with measured(command, group=group, log=tmp_path / "log") as one:
        assert one.process.stdin is not None
        assert one.process.stdout is not None
        spent = {}
        for said in ("ready", "burnt", "closed", "gone"):
            assert (await one.process.stdout.readline()).decode().strip() == said
            if said in ("closed", "gone"):
                await _without_renderers(one.process.pid)
            spent[said] = one.cpu()
            one.process.stdin.write(b"\n")

    assert spent["burnt"] - spent["ready"] > 2 * ROUNDING
    assert spent["closed"] >= spent["burnt"] - ROUNDING
    assert spent["gone"] >= spent["closed"] - ROUNDING


async def _without_renderers(pid: int) -> None:
    async with asyncio.timeout(20):
        while any("--type=renderer" in one.command for one in descendants(pid)):  # noqa: ASYNC110 - /proc wakes nobody
            await asyncio.sleep(0.05)
