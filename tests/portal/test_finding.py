"""Finding a browser that starts, with real programs at the paths."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Playwright, async_playwright

from browser_profiles import finding
from browser_profiles.finding import find_browser
from browser_profiles.pool import Pool
from core.errors import BrowserMissing


@pytest_asyncio.fixture(loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


def program(folder: Path, text: str) -> Path:
    path = folder / "browser"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def nothing_installed(monkeypatch: pytest.MonkeyPatch, empty: Path) -> None:
    """Leave only what Playwright might have downloaded, and nothing there."""
    monkeypatch.setattr(finding, "SYSTEM", {"shell": ("no-such-shell",), "chromium": ("no-such-chromium",)})
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(empty))


async def test_the_browser_that_is_found_says_who_it_is(playwright: Playwright) -> None:
    found = await find_browser(playwright, None, "shell")

    assert found.version.startswith(found.user_agent.partition("Chrome/")[2].partition(".")[0])
    assert found.platform in found.user_agent
    assert "Chromium" in {item["brand"] for item in found.hints["brands"]}


async def test_the_configured_path_wins_and_tells_its_true_flavour(playwright: Playwright, pool: Pool) -> None:
    assert pool.found is not None
    if pool.found.path is None:
        pytest.skip("only Playwright's own browser is on this machine")

    found = await find_browser(playwright, pool.found.path, "chromium")

    assert (found.path, found.flavour) == (pool.found.path, pool.found.flavour)


async def test_a_missing_configured_path_is_an_error_and_nothing_else_is_tried(
    playwright: Playwright, tmp_path: Path
) -> None:
    with pytest.raises(BrowserMissing, match=r"no browser at the configured path .*/gone"):
        await find_browser(playwright, tmp_path / "gone", "shell")


async def test_a_configured_program_that_is_no_browser_is_named(playwright: Playwright, tmp_path: Path) -> None:
    impostor = program(tmp_path, "#!/bin/sh\nexit 3\n")

    with pytest.raises(BrowserMissing, match="does not start") as caught:
        await find_browser(playwright, impostor, "shell")

    assert str(impostor) in str(caught.value)


async def test_a_broken_system_browser_is_passed_over(
    playwright: Playwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = program(tmp_path, "#!/bin/sh\nexit 3\n")
    shells = (str(broken), *finding.SYSTEM["shell"])
    monkeypatch.setattr(finding, "SYSTEM", {**finding.SYSTEM, "shell": shells})

    found = await find_browser(playwright, None, "shell")

    assert found.path != broken


async def test_no_browser_at_all_names_both_ways_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_installed(monkeypatch, tmp_path)

    async with async_playwright() as bare:
        with pytest.raises(BrowserMissing) as caught:
            await find_browser(bare, None, "shell")

    assert "apt-get install chromium-headless-shell" in str(caught.value)
    assert "playwright install chromium-headless-shell" in str(caught.value)
