"""Having the City's page draw its calendar anew where it stands, to take a slot that it does not show yet.

Without a captcha the page goes back to the service step, if it does not wait there already, and on with "Weiter". With
one that would mean another captcha, so an office is ticked or unticked: in August the page then asks again. February
asks for its days only once, so there a page with a captcha must be opened anew.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.catalog import Catalog
from core.slots import Slot
from portal import calendar_step, contract, contract_aug, service_step
from portal.opening import allowed_offices, at_calendar
from portal.visit import Standing, Visit


async def redraw(visit: Visit, standing: Standing, slot: Slot, *, clock: Callable[[], datetime]) -> Standing | None:
    """The page with its calendar drawn now, `drawn_at` being None if it shows nothing; None if it cannot be had so."""
    visit.wire.listen()
    if standing.captcha_token:
        august = standing.days.endpoint == contract_aug.CALENDAR
        return await _turn_an_office(visit, standing, slot, clock=clock) if august else None
    if not standing.waits_at_service:
        await service_step.come_back(visit)
    return await _go_on(visit, standing, clock=clock)


async def possible(visit: Visit, standing: Standing, slot: Slot) -> bool:
    """Whether `redraw` would come to a calendar."""
    if not standing.captcha_token:
        return True
    if standing.days.endpoint != contract_aug.CALENDAR:
        return False
    boxes = await calendar_step.office_boxes(visit)
    return _office_to_turn(boxes, _same_place(visit.catalog, slot.office_id)) is not None


async def _go_on(visit: Visit, standing: Standing, *, clock: Callable[[], datetime]) -> Standing:
    allowed = allowed_offices(visit.catalog, standing.target.office_ids) if visit.catalog else standing.offices
    mark = visit.wire.mark
    await visit.hand.press(await visit.control(service_step.NEXT))
    drawn = await at_calendar(visit, standing.target, allowed, since=mark, opened_at=standing.opened_at, clock=clock)
    return replace(standing, drawn_at=drawn.drawn_at, waits_at_service=False)


async def _turn_an_office(
    visit: Visit, standing: Standing, slot: Slot, *, clock: Callable[[], datetime]
) -> Standing | None:
    boxes = await calendar_step.office_boxes(visit)
    chosen = _office_to_turn(boxes, _same_place(visit.catalog, slot.office_id))
    if chosen is None:
        return None
    mark = visit.wire.mark
    box = await visit.control(calendar_step.office_box(chosen))
    await (visit.hand.untick(box) if boxes[chosen] else visit.hand.tick(box))
    found = contract.read_availability(await visit.answer(contract_aug.CALENDAR, since=mark))
    if not found.days and found.earlier is not None:  # the page stands in a month that was emptied, beyond all others
        return None
    return replace(standing, drawn_at=clock() if found.days else None)


def _office_to_turn(boxes: dict[int, bool], wanted: frozenset[int]) -> int | None:
    """The slot's own office if it is not ticked; else one that can go; else one that can come."""
    missing = [office for office, ticked in boxes.items() if office in wanted and not ticked]
    spare = [office for office, ticked in boxes.items() if office not in wanted and ticked]
    others = [office for office in boxes if office not in wanted]
    return next(iter([*missing, *spare, *others]), None) if wanted & set(boxes) else None


def _same_place(catalog: Catalog | None, office_id: int) -> frozenset[int]:
    """The office with those that the page may show in its stead."""
    office = catalog.office_by_id.get(office_id) if catalog else None
    return frozenset({office_id}) | (office.mix_group | office.shared_group if office else frozenset())
