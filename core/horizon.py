"""How far ahead the City gives appointments: its page asks for the days from today to six months on."""

from calendar import monthrange
from datetime import date
from typing import Final

MONTHS: Final = 6


def last_bookable(today: date) -> date:
    """The same day of the month six months on, or that month's last."""
    year, month = divmod(today.year * 12 + today.month - 1 + MONTHS, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
