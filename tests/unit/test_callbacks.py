"""Callback data: what is written is read back, and nothing else is."""

from dataclasses import dataclass
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import conversations
from bot.callbacks import MOST_BYTES, Callback, Codec
from models.person import Language


@dataclass(frozen=True)
class Everything(Callback, word="every"):
    number: int
    yes: bool
    language: Language
    text: str
    day: date | None
    hour: time
    many: tuple[int, ...]


@dataclass(frozen=True)
class Stop(Callback, word="stop"):
    watch_id: int
    booking_id: int | None = None


CODEC = Codec([Everything, Stop])


@given(
    some.builds(
        Everything,
        number=some.integers(-(10**8), 10**8),
        yes=some.booleans(),
        language=some.sampled_from(Language),
        text=some.from_regex(r"[A-Za-z0-9_-]{0,8}", fullmatch=True),
        day=some.none() | some.dates(min_value=date(2000, 1, 1)),
        hour=some.times().map(lambda one: one.replace(second=0, microsecond=0)),
        many=some.lists(some.integers(0, 99), max_size=4).map(tuple),
    )
)
def test_what_is_written_is_read_back(value: Everything) -> None:
    assert len(value.data.encode()) <= MOST_BYTES
    assert CODEC.read(value.data) == value


@given(some.text(max_size=80))
def test_nothing_that_is_read_raises(data: str) -> None:
    assert CODEC.read(data) is None or data.startswith("1")


@pytest.mark.parametrize(
    "data",
    [
        "", "1", "1stop", "1stop:", "1stop:x", "1stop:1", "1stop:1:2:3", "1stop: 1:", "1stop:1.5:", "1stop:²:",
        "0stop:1:", "2stop:1:", "1gone:1", "1stop:99999999999999999999:", "1every:1:2:de:a::0800:",
        "1every:1:1:fr:a::0800:", "1every:1:1:de:ä::0800:", "1every:1:1:de:a:20261332:0800:",
        "1every:1:1:de:a::2460:", "1every:1:1:de:a::0800:1..2",
    ],
)  # fmt: skip
def test_what_nobody_wrote_is_nothing(data: str) -> None:
    assert CODEC.read(data) is None


def test_it_names_the_rows_that_must_be_the_chats() -> None:
    assert Stop(7).owned == {"watch_id": 7}
    assert Stop(7, 8).owned == {"watch_id": 7, "booking_id": 8}


@pytest.mark.parametrize("text", ["x" * 41, "a b", "a:b", "ü"])
def test_what_cannot_be_carried_is_a_bug(text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be carried|64"):
        _ = Everything(1, True, Language.DE, text, None, time(8), ()).data
    with pytest.raises(ValueError, match="64 bytes"):
        _ = Everything(1, True, Language.DE, "x" * 30, None, time(8), tuple(range(30))).data


def test_two_callbacks_cannot_have_one_word() -> None:
    @dataclass(frozen=True)
    class Other(Callback, word="stop"):
        pass

    with pytest.raises(TypeError, match="same word"):
        Codec([Stop, Other])


def test_a_field_that_cannot_be_carried_is_refused_at_the_start() -> None:
    @dataclass(frozen=True)
    class Wrong(Callback, word="wrong"):
        price: float

    with pytest.raises(TypeError, match="cannot carry"):
        Codec([Wrong])


def test_the_bots_own_callbacks_fit_together() -> None:
    assert len(conversations.table().taps) >= 6
