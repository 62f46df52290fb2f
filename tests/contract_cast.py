"""Well-formed answers of the City's API in both generations, and ways to spoil them one field at a time."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from core.slots import BERLIN
from portal.replies import Reply

BASE = "https://site.example/buergeransicht/api/citizen"
FIRST_DAY = date(2026, 11, 24)

Body = dict[str, Any]
Path = tuple[str | int, ...]

offices = st.integers(min_value=1, max_value=10_999_999)
days = st.integers(min_value=0, max_value=180).map(lambda n: FIRST_DAY + timedelta(days=n))
minutes_of_day = st.integers(min_value=0, max_value=24 * 60 - 1)
no_whole_numbers: st.SearchStrategy[Any] = st.sampled_from([None, True, "", "zwölf", 1.5, [], {}, -1, 0])
no_lists: st.SearchStrategy[Any] = st.sampled_from([None, True, 7, "liste", {"0": 1}])
no_days: st.SearchStrategy[Any] = st.sampled_from([20261124, "24.11.2026", "2026-13-01", "", True, []])
no_words: st.SearchStrategy[Any] = st.sampled_from([7, True, [], {}])


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def reply(endpoint: str, body: str, *, method: str = "GET", status: int = 200, **query: str) -> Reply:
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    return Reply(endpoint, method, f"{BASE}/{endpoint}/?{parameters}", status=status, text=body)


def unix(day: date, minute: int) -> int:
    return int(datetime.combine(day, time(minute // 60, minute % 60), BERLIN).astimezone(UTC).timestamp())


@st.composite
def times(draw: st.DrawFn, day: date) -> dict[int, list[int]]:
    """Unix seconds by office, on this day in Munich."""
    found = draw(st.dictionaries(offices, st.sets(minutes_of_day, min_size=1, max_size=5), min_size=1, max_size=4))
    return {office: sorted({unix(day, minute) for minute in chosen}) for office, chosen in found.items()}


def at(body: Body, path: Path) -> Any:
    for step in path:
        body = body[step]  # type: ignore[index]  # a path of names and places through objects and lists
    return body


def without(body: Body, path: Path) -> Body:
    spoiled = deepcopy(body)
    del at(spoiled, path[:-1])[path[-1]]
    return spoiled


def renamed(body: Body, path: Path) -> Body:
    spoiled = deepcopy(body)
    place = at(spoiled, path[:-1])
    place[f"{path[-1]}New"] = place.pop(path[-1])
    return spoiled


def with_value(body: Body, path: Path, value: Any) -> Body:
    spoiled = deepcopy(body)
    at(spoiled, path[:-1])[path[-1]] = value
    return spoiled


def spoiled(body: Body, path: Path, wrong: Any) -> Iterator[Body]:
    yield without(body, path)
    yield renamed(body, path)
    yield with_value(body, path, wrong)
