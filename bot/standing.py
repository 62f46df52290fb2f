"""What stands at the City for somebody who wants to be forgotten, in words."""

from collections.abc import Sequence
from datetime import datetime

from bot.markup import Html
from bot.screens import lines
from bot.texts import Words, office
from core.catalog import Catalog
from models.erasures import Standing


def running(found: Sequence[Standing], words: Words, catalog: Catalog | None) -> Html:
    """What is under way, or on its way back."""
    return lines(
        *(
            words.say(
                "erase.running_line",
                when=one.booking.starts_at,
                office=_office(one, words, catalog),
                state=Html(words.say(f"erase.states.{one.booking.state}")),
            )
            for one in found
        )
    )


def booked(found: Sequence[Standing], words: Words, catalog: Catalog | None) -> Html:
    return lines(*(_booked(one, words, catalog) for one in found))


def latest(found: Sequence[Standing]) -> datetime | None:
    """When the City drops the last of these by itself, as far as that is known."""
    known = [one.booking.deadline_at for one in found if one.booking.deadline_at is not None]
    return max(known) if known and len(known) == len(found) else None


def _booked(one: Standing, words: Words, catalog: Catalog | None) -> Html:
    office, when = _office(one, words, catalog), one.booking.starts_at
    if not one.number:
        return words.say("erase.booked_bare", when=when, office=office)
    return words.say("erase.booked_line", when=when, office=office, number=one.number)


def _office(one: Standing, words: Words, catalog: Catalog | None) -> str:
    return office(one.booking.office_id, words.language, catalog)
