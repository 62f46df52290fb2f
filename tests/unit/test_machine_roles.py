"""Which roles mta up starts, and in which order."""

import pytest

from config.settings import Settings
from console import roles, up


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ["redis", "worker", "scheduler"]),
        ({"telegram_token": "1:x"}, ["redis", "worker", "scheduler", "bot"]),
        ({"telegram_token": "1:x", "redis_url": "redis://host"}, ["worker", "scheduler", "bot"]),
    ],
)
def test_the_bot_starts_last_and_only_with_a_token(settings: dict[str, str], names: list[str]) -> None:
    assert [one.name for one in up.machine_roles(Settings.model_validate(settings))] == names
    assert roles.command("bot")[1:] == ["-m", "bot"]
    assert roles.command("worker")[1:] == ["-m", "workers", "worker"]


def test_ids_are_written_with_commas() -> None:
    read = Settings.model_validate({"telegram_operators": "12, 34,", "telegram_allowed": ""})

    assert (read.telegram_operators, read.telegram_allowed) == ((12, 34), ())
