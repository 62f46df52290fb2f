"""The operator's manual knows every command, setting and column there is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from config.settings import Settings
from console import batch_file, checks
from console.main import app

MANUAL = (Path(__file__).parents[2] / "docs" / "operators-manual.md").read_text("utf-8")


def commands(group: typer.Typer, path: str = "mta") -> Iterator[str]:
    for command in group.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "")
        yield f"{path} {name}"
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, f"{path} {inner.name}")


def tables(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, by cell."""
    section = MANUAL.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.parametrize("command", sorted(commands(app)))
def test_every_command_is_in_the_manual(command: str) -> None:
    assert command in MANUAL


def test_every_setting_is_in_the_manual_and_no_other() -> None:
    written = [re.findall(r"MTA_\w+", row[0])[0] for row in tables("Settings")]

    assert sorted(written) == sorted(f"MTA_{name.upper()}" for name in Settings.model_fields)


def test_the_defaults_in_the_manual_are_the_real_ones() -> None:
    told = {re.findall(r"MTA_(\w+)", row[0])[0].lower(): row[1].strip("`") for row in tables("Settings")}
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    plain = {name: value for name, value in defaults.items() if isinstance(value, int | str | bool) and value != ""}

    said = {name: told[name] for name in plain if name != "site_url"}

    assert said == {name: str(value).lower() for name, value in plain.items() if name != "site_url"}


def test_every_column_of_a_batch_is_in_the_manual_and_no_other() -> None:
    written = [name for row in tables("Many wishes") for name in re.findall(r"`(\w+)`", row[0])]

    assert sorted(written) == sorted(batch_file.COLUMNS)


def test_every_part_the_doctor_examines_is_in_the_manual() -> None:
    written = {name for row in tables("When the doctor complains") for name in re.findall(r"`(\w+)`", row[0])}

    assert written == {check.__name__ for check in checks.EVERY}
