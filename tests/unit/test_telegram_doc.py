"""The operator's page about the bot names the settings and the log's events as they are."""

import re
from pathlib import Path

from config.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/telegram.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    section = PAGE.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_every_setting_of_the_bot_is_on_the_page_with_its_default() -> None:
    told = {row[0].strip("`"): row[1].strip("`") for row in rows("Settings")}
    mine = {name: field.default for name, field in Settings.model_fields.items() if name.startswith("telegram_")}

    assert set(told) == {f"MTA_{name.upper()}" for name in mine}
    shown = {name: default for name, default in mine.items() if isinstance(default, str)}
    assert {name: told[f"MTA_{name.upper()}"] for name in shown} == shown


def test_every_event_on_the_page_is_one_that_the_bot_logs() -> None:
    named = {event for row in rows("When something is wrong") for event in re.findall(r"log: `([a-z.]+)`", row[0])}
    logged = {
        event
        for path in ROOT.glob("bot/**/*.py")
        for event in re.findall(r'log\.\w+\(\s*"([a-z.]+)"', path.read_text("utf-8"))
    }

    assert len(named) > 3
    assert named - logged == set()
