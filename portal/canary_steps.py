"""What the canary does and looks for in each step of the City's pages up to the calendar."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.catalog import Service
from core.errors import PortalChanged
from core.looks import Dialect
from core.targets import Target
from portal import calendar_step, captcha_box, contract, known_page, links, opening, service_step
from portal.availability import Availability, check_plausible
from portal.captcha_box import Policy
from portal.controls import Control, milliseconds, see, which
from portal.drift import Kind, Step
from portal.visit import Visit

SOON = timedelta(seconds=3)  # for what is drawn together with what was waited for
FOLDED_ABOVE, UNFOLDED = 5, 3  # of more further services than these, so many are shown
ORDINALS = ("first", "second", "third", "fourth")
_TIMESLOT = re.compile(r"-timeslot-(\d+)$")
_IDS = "buttons => buttons.map(button => button.id)"


async def service(visit: Visit, step: Step, target: Target, *, site_url: str) -> bool:
    await opening.navigate(visit, links.target_link(site_url, service_id=target.main.service_id, office_id=None))
    catalog, _ = await opening.load_catalog(visit)
    await service_step.arrive(visit)
    await visit.hand.read(service_step.CHARS)
    main = catalog.service_by_id[target.main.service_id]
    await look_for(visit, step, service_step.NEXT, service_step.CHANGE, known_page.DURATION)
    await look_for(visit, step, service_step.increase(main.id, main.name))
    await look_for(visit, step, service_step.increased(main.id, main.name, to=1))
    await _further(visit, step, [catalog.service_by_id[one] for one in main.combinable if one in catalog.service_by_id])
    await service_step.choose(visit, target.services, catalog)
    await _headlines(visit, step)
    return True


async def captcha(visit: Visit, step: Step, target: Target, *, policy: Policy) -> bool:
    """The box stands there exactly if an office of the service asks for it; the policy says who ticks it."""
    due = visit.catalog is not None and opening.captcha_due(visit.catalog, target.main)
    if due:
        if contract.read_captcha_enabled(await visit.answer(contract.CAPTCHA_DETAILS)):
            await look_for(visit, step, captcha_box.BOX)
    elif await see(captcha_box.BOX, visit.page):
        step.differ(Kind.CHANGED, "There is a captcha box, though no office of the service asks for one.")
    else:
        step.known.append("no captcha box, as the catalogue says")
        return True
    if policy != "browser":
        step.unseen.append("what comes after the box, which is left to a person here")
        return False
    await captcha_box.pass_box(visit, policy)
    step.known.append("captcha box ticked")
    return True


async def calendar(visit: Visit, step: Step, target: Target, *, now: datetime) -> bool:
    mark = visit.wire.mark
    await visit.hand.choose(await visit.control(service_step.NEXT))
    days, times = await opening.first_answers(visit, frozenset(), since=mark)
    for reply in dict.fromkeys((days, times)):
        check_plausible(contract.read_availability(reply), asked=contract.offices_asked(reply), now=now)
    await look_for(visit, step, known_page.PLACE, known_page.time_heading(_dialect(visit)), service_step.BACK)
    await look_for(visit, step, calendar_step.NEXT)
    await _headlines(visit, step)
    await _offices(visit, step, target)
    if contract.read_availability(days).days:
        await _days(visit, step, contract.read_availability(times))
    else:
        await look_for(visit, step, known_page.NOTHING_FREE)
        step.unseen.append("calendar, days and slots: nothing is free")
    return True


async def months(visit: Visit, step: Step) -> bool:
    if not await see(calendar_step.MONTH, visit.page):
        step.unseen.append("months: there is no calendar")
        return True
    shown = await calendar_step.month_shown(visit)
    pager = await visit.control(calendar_step.NEXT_MONTH)
    if not await pager.is_enabled():
        step.unseen.append("another month: nothing is free after this one")
        return True
    await calendar_step.turn(visit, shown, calendar_step.NEXT_MONTH)
    await visit.at_rest()
    other = await calendar_step.month_shown(visit)
    await calendar_step.turn(visit, other, calendar_step.PREVIOUS_MONTH)
    await visit.at_rest()
    step.known.append(f"from {_written(shown)} to {_written(other)} and back")
    return True


async def list_view(visit: Visit, step: Step) -> bool:
    if not await see(calendar_step.TO_LIST, visit.page):
        step.unseen.append("list view: there is no calendar")
        return True
    await visit.hand.choose(await visit.control(calendar_step.TO_LIST))
    await look_for(visit, step, calendar_step.LIST_DAY, calendar_step.TO_CALENDAR)
    await visit.at_rest()
    await visit.hand.choose(await visit.control(calendar_step.TO_CALENDAR))
    await look_for(visit, step, calendar_step.MONTH)
    await visit.at_rest()
    return True


async def news(visit: Visit, step: Step, target: Target) -> bool:
    """What the offices say of new times, behind a button, if they say anything."""
    offices = visit.catalog.offices_for(target.services) if visit.catalog else ()
    button = await see(known_page.NEWS, visit.page)
    if button is None:
        told = any(office.scope and office.scope.info for office in offices)
        if told and await see(calendar_step.MONTH, visit.page):
            step.differ(Kind.MISSING_CONTROL, known_page.NEWS.name)
        else:
            step.unseen.append("news of the offices: there are none here")
        return True
    await visit.hand.choose(button)
    close = known_page.close_news(_dialect(visit))
    await look_for(visit, step, known_page.NEWS_OPEN, close)
    await visit.hand.choose(await visit.control(close))
    await known_page.NEWS_OPEN.any(visit.page).first.wait_for(state="hidden", timeout=milliseconds(visit.limit))
    return True


async def look_for(visit: Visit, step: Step, *controls: Control) -> None:
    """Note of each whether it is there, and by which of its ways."""
    for sought in controls:
        number = await which(sought, visit.page, within=SOON)
        if number is None:
            step.differ(Kind.MISSING_CONTROL, sought.name)
        elif number:
            step.differ(Kind.DRIFT, f"{sought.name}: found by its {ORDINALS[number]} way, {sought.ways[number]}")
        else:
            step.known.append(sought.name)


async def _further(visit: Visit, step: Step, services: Sequence[Service]) -> None:
    """The services that can be combined; of many only some are shown at first."""
    if not services:
        return
    await look_for(visit, step, known_page.COMBINABLE)
    shown = services
    if len(services) > FOLDED_ABOVE:
        shown = services[:UNFOLDED]
        await look_for(visit, step, service_step.SHOW_ALL)
    await look_for(visit, step, *(service_step.increase(one.id, one.name) for one in shown))


async def _days(visit: Visit, step: Step, read: Availability) -> None:
    await look_for(visit, step, calendar_step.MONTH, calendar_step.PREVIOUS_MONTH, calendar_step.NEXT_MONTH)
    await look_for(visit, step, calendar_step.TO_LIST)
    day = next((day for day, slots in sorted(read.times.items()) if slots), None)
    if day is None:
        step.unseen.append("slots: the first day's were just taken")
        return
    await look_for(visit, step, calendar_step.day_cell(day), calendar_step.day_heading(day), known_page.TIMES)
    await look_for(visit, step, calendar_step.ANY_SLOT)
    ids = await calendar_step.ANY_SLOT.any(visit.page).evaluate_all(_IDS)
    shown = {int(found[1]) for one in ids if (found := _TIMESLOT.search(one))}
    if shown - {slot.unix for slot in read.times[day]}:
        step.differ(Kind.CHANGED, "The page offers times that the City's answer does not name.")
    step.known.append(f"{len(ids)} slot buttons on {day}")


async def _offices(visit: Visit, step: Step, target: Target) -> None:
    """With one office there is nothing to tick; August shows offices that share their bookings as one."""
    catalog = visit.catalog
    offices = catalog.offices_for(target.services) if catalog else ()
    tiles = {min(office.shared_group | {office.id}) for office in offices}
    if len(tiles) > 1:
        await look_for(visit, step, calendar_step.OFFICE_BOX)
    boxes = await calendar_step.office_boxes(visit)
    for office_id in sorted(set(boxes) - set(catalog.office_by_id if catalog else ())):
        step.differ(Kind.CHANGED, f"There is a box for office {office_id}, which the catalogue does not have.")
    step.known.append(f"{len(boxes)} office boxes" if boxes else "one place, nothing to tick")


async def _headlines(visit: Visit, step: Step) -> None:
    await look_for(visit, step, known_page.APP)
    place = await see(known_page.APP, visit.page) or visit.page
    shown = await place.get_by_role("heading", level=2).filter(visible=True).all_inner_texts()
    for headline in known_page.unknown([" ".join(text.split()) for text in shown], _dialect(visit)):
        step.differ(Kind.NEW_HEADLINE, f"“{headline}”")


def _dialect(visit: Visit) -> Dialect:
    if visit.dialect is None:
        raise PortalChanged("The City's generation is not known.", expected="services")
    return visit.dialect


def _written(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02}"
