"""What is told of an appointment besides when and where: all of it from facts and the City's catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from bot.markup import Html, escaped, lines_of, link
from bot.screens import lines, paragraphs
from bot.texts import Words, moment
from core import city_pages
from core.catalog import Catalog, Office
from models import retention
from models.booking import Booking

LONGEST_NOTICE = 900  # characters of what an office wants everybody to know


@dataclass(frozen=True, slots=True)
class Visit:
    office_id: int
    starts_at: datetime
    service_ids: tuple[int, ...] = ()
    number: str = ""

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> Self:
        """Of a notice."""
        ids = str(facts.get("services", ""))
        starts_at = datetime.fromisoformat(facts["starts_at"])
        return cls(int(facts["office_id"]), starts_at, _ids(ids), str(facts.get("number", "")))

    @classmethod
    def of_booking(cls, booking: Booking, *, number: str) -> Self:
        return cls(booking.office_id, booking.starts_at, _ids(booking.service_key), number)


def details(visit: Visit, words: Words, catalog: Catalog | None, *, numbered: bool = True) -> Html:
    """As `on_the_way`, and when we forget it."""
    forgotten = words.say("result.forgotten", day=retention.forgotten_by(visit.starts_at))
    return paragraphs(on_the_way(visit, words, catalog, numbered=numbered), forgotten)


def on_the_way(visit: Visit, words: Words, catalog: Catalog | None, *, numbered: bool = True) -> Html:
    """What for, the number unless it was said before, where exactly, and what to bring."""
    office = catalog.office_by_id.get(visit.office_id) if catalog else None
    number = visit.number if numbered else ""
    return paragraphs(
        lines(
            _what(visit, words, catalog),
            words.say("result.number", number=number) if number else "",
            _address(office, words),
        ),
        _told_by_the_city(office, words),
        bring(visit, words, catalog),
        words.say("result.cannot_come"),
    )


def bring(visit: Visit, words: Words, catalog: Catalog | None) -> Html:
    """No list of ours: only the City's counts."""
    if not visit.service_ids:
        return words.say("result.bring_mail")
    named = {one: _name(one, catalog) or words.label("result.page") for one in visit.service_ids}
    pages = ", ".join(link(city_pages.service_page(one), name) for one, name in named.items())
    return words.say("result.bring", pages=Html(pages))


def when_and_where(visit: Visit, words: Words, catalog: Catalog | None) -> Html:
    return lines(
        Html(f"<b>{escaped(moment(visit.starts_at, words.language))}</b>"),
        escaped(office_name(visit.office_id, words, catalog)),
    )


def office_name(office_id: int, words: Words, catalog: Catalog | None) -> str:
    office = catalog.office_by_id.get(office_id) if catalog else None
    return office.name if office else words.label("result.unknown_office", number=office_id)


def _what(visit: Visit, words: Words, catalog: Catalog | None) -> Html:
    names = [name for one in visit.service_ids if (name := _name(one, catalog))]
    return words.say("result.what", names=", ".join(names)) if names else Html("")


def _name(service_id: int, catalog: Catalog | None) -> str:
    service = catalog.service_by_id.get(service_id) if catalog else None
    return service.name if service else ""


def _address(office: Office | None, words: Words) -> Html:
    if office is None or not office.address:
        return Html("")
    return words.say("result.address", address=link(city_pages.map_page(office), office.address))


def _told_by_the_city(office: Office | None, words: Words) -> Html:
    said = lines_of(office.scope.notice, longest=LONGEST_NOTICE) if office and office.scope else ""
    return words.say("result.notice", notice=said) if said else Html("")


def _ids(service_key: str) -> tuple[int, ...]:
    return tuple(int(one) for one in service_key.split(",") if one)
