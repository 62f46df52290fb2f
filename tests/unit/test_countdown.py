"""How much time is left, in steps worth an edit, and that an edit which can wait gives way."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.countdown import left
from bot.limits import Limits
from bot.texts import Words

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "german", "english"),
    [
        (1800, "Noch 30 Minuten.", "30 minutes left."),
        (179.9, "Noch 2 Minuten.", "2 minutes left."),
        (119, "Noch 1 Minute.", "1 minute left."),
        (60, "Noch 1 Minute.", "1 minute left."),
        (59, "Noch etwa 45 Sekunden.", "About 45 seconds left."),
        (15, "Noch etwa 15 Sekunden.", "About 15 seconds left."),
        (14, "Nur noch ein paar Sekunden.", "Only a few seconds left."),
    ],
)
def test_never_more_is_said_than_there_is(seconds: float, german: str, english: str) -> None:
    rest = left(NOW + timedelta(seconds=seconds), now=NOW)

    assert rest is not None
    assert [rest.said(Words(language)) for language in ("de", "en")] == [f"<b>{german}</b>", f"<b>{english}</b>"]


@pytest.mark.parametrize("seconds", [0, -1])
def test_what_is_over_has_nothing_left(seconds: int) -> None:
    assert left(NOW + timedelta(seconds=seconds), now=NOW) is None


def test_half_an_hour_is_worth_few_edits() -> None:
    marks = [left(NOW + timedelta(seconds=one), now=NOW) for one in range(1800, 0, -1)]

    assert len({one.mark for one in marks if one is not None}) == 30 + 4


async def test_it_is_not_calm_while_much_is_leaving() -> None:
    limits = Limits()
    assert limits.is_calm

    await limits._base_limiter.acquire(3)  # type: ignore[union-attr]  # ours always has one

    assert not limits.is_calm
