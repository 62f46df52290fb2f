"""Long lists, a page at a time."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
ON_A_PAGE = 8


def page_of(every: Sequence[T], page: int, *, size: int = ON_A_PAGE) -> tuple[Sequence[T], int, int]:
    """What stands on it, which page that is (the nearest there is), and how many there are; the first is 0."""
    last = max(0, (len(every) - 1) // size)
    here = min(max(page, 0), last)
    return every[here * size : (here + 1) * size], here, last + 1
