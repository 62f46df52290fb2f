"""Step 2 of the City's page: the offices, the month, the day, the hour, and the slot that was chosen."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Collection
from datetime import date, datetime, timedelta
from typing import Final

from playwright.async_api import Locator

from core.catalog import Office
from core.errors import PortalChanged, SlotGone
from core.slots import BERLIN, Slot
from portal import contract, contract_aug, contract_feb
from portal.controls import Control, Place, control, css, find, missing, role, see
from portal.replies import Reply
from portal.visit import Visit

MONTHS: Final = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
    *("August", "September", "Oktober", "November", "Dezember"),
)
_MONTH_NAME = re.compile(rf"^\s*({'|'.join(MONTHS)}) (\d{{4}})\s*$")
_WRITTEN_SLOT = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}),?\s+(\d{1,2}):(\d{2})\s+Uhr")
_BOX_ID = re.compile(r"checkbox-provider-(\d+)")
_LOST_PRESSES = 2
_SOON = timedelta(seconds=4)  # nothing shown so long after a press: it was lost
_MOST_PAGES = 30  # hours of a day, or months of the horizon, however often the page is paged through

NEXT = control("Weiter of the calendar", role("button", "Weiter"), role("button", re.compile(r"^\s*Weiter\b")))
MONTH = control("month heading", role("heading", _MONTH_NAME))
NEXT_MONTH = control("Nächster Monat", role("button", "Nächster Monat"))
PREVIOUS_MONTH = control("Vorheriger Monat", role("button", "Vorheriger Monat"))
TO_CALENDAR = control("switch to the calendar", role("button", re.compile("Zur Kalenderansicht wechseln")))
TO_LIST = control("switch to the list", role("button", re.compile("Zur Listenansicht wechseln")))
LIST_DAY = control("day in the list", role("button", re.compile(r"^\s*\w+, \d{2}\.\d{2}\.\d{4}\s*$")))
MORE_DAYS = control("Mehr laden", role("button", "Mehr laden"))
EARLIER = control("Früher", role("button", "Früher"))
LATER = control("Später", role("button", "Später"))
OFFICE_BOX = control("office box", css("input[id^=checkbox-provider-]"))
ANY_SLOT = control("slot", css("button[id*=-timeslot-]"), role("button", re.compile(r"^\d{1,2}:\d{2} Uhr")))
CALENDAR = control("calendar", *MONTH.ways, *LIST_DAY.ways, *TO_CALENDAR.ways)
CHOSEN = control(
    "chosen appointment",
    lambda place: place.locator(".m-callout").filter(has_text="Ausgewählter Termin"),
    lambda place: place.get_by_role("heading", name="Ausgewählter Termin").locator(".."),
)
_WRITTEN_TIMES = """buttons => buttons.map(b => (b.getAttribute("aria-label") || b.textContent).trim().slice(0, 5))"""


def office_box(office_id: int) -> Control:
    return control(f"box of office {office_id}", css(f"#checkbox-provider-{office_id}"))


def day_cell(day: date) -> Control:
    return control(f"day {day.day} of the month", role("button", f"{day.day} auswählen"))


def day_heading(day: date) -> Control:
    return control("heading of the day", role("heading", re.compile(rf"{day:%d\.%m\.%Y}"), level=4))


def list_day(day: date) -> Control:
    return control("day in the list", role("button", re.compile(rf"{day:%d\.%m\.%Y}")))


def slot_button(slot: Slot, office: Office | None) -> Control:
    name = f"{slot.local:%H:%M} Uhr, {office.name}" if office else f"{slot.local:%H:%M} Uhr"
    return control("slot", css(f"[id='provider-{slot.office_id}-timeslot-{slot.unix}']"), role("button", name))


async def office_boxes(visit: Visit) -> dict[int, bool]:
    """The offices that can be ticked, and whether they are. Empty where there is only one."""
    boxes = await OFFICE_BOX.any(visit.page).evaluate_all("boxes => boxes.map(b => [b.id, b.checked])")
    found = ((_BOX_ID.fullmatch(box_id), ticked) for box_id, ticked in boxes)
    return {int(match[1]): ticked for match, ticked in found if match}


class NotDrawn(SlotGone):
    """The page does not show it: it went before the page drew its calendar, or came after."""


async def tick_only(visit: Visit, keep: Collection[int]) -> frozenset[int]:
    """Tick these of the offices shown and untick all others; returns those that were changed."""
    changed = set()
    for office_id, ticked in (await office_boxes(visit)).items():
        if ticked == (office_id in keep):
            continue
        box = await visit.control(office_box(office_id))
        await (visit.hand.untick(box) if ticked else visit.hand.tick(box))
        changed.add(office_id)
    return frozenset(changed)


async def choose(visit: Visit, slot: Slot, office: Office | None) -> None:
    """Choose exactly this slot and read it back. Raises SlotGone when the City no longer offers it, NotDrawn likewise.

    Days and slots are pressed by the keyboard, which is quicker than the pointer. Days and months make the page ask the
    City, whose answer may be why a control never comes.
    """
    await visit.unless(_check_times, _choose(visit, slot, office), contract_feb.TIMES, contract_aug.CALENDAR)


async def _choose(visit: Visit, slot: Slot, office: Office | None) -> None:
    await find(CALENDAR, visit.page, within=visit.limit)
    if await see(MONTH, visit.page):
        await _show_month(visit, slot.day)

    async def press() -> None:
        place: Place = visit.page
        if await see(MONTH, visit.page):
            await _show_day(visit, slot.day)
        else:
            place = await _open_list_day(visit, slot.day)
        await visit.hand.press(await _page_to(visit, slot, office, place=place))

    await _press_until(visit, press, CHOSEN)
    await _read_back(visit, slot)


async def _press_until(visit: Visit, press: Callable[[], Awaitable[None]], shows: Control) -> None:
    """Press, and again when nothing came of it: February draws its calendar anew soon after it has shown it."""
    for _ in range(_LOST_PRESSES):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SOON.total_seconds()):
                await press()
                await visit.control(shows)
                return
    await press()
    await visit.control(shows)


async def _show_month(visit: Visit, day: date) -> None:
    for _ in range(_MOST_PAGES):
        shown = await month_shown(visit)
        if shown == (day.year, day.month):
            return
        await turn(visit, shown, NEXT_MONTH if shown < (day.year, day.month) else PREVIOUS_MONTH)
    raise missing(MONTH)


async def turn(visit: Visit, shown: tuple[int, int], pager: Control) -> None:
    """Leave the month that is shown; in August the page asks the City first."""

    async def press() -> None:
        button = await visit.control(pager)
        if await month_shown(visit) != shown:
            return
        if not await button.is_enabled():
            raise NotDrawn("The City's calendar no longer reaches the slot's month.")
        await visit.hand.choose(button)

    year, month = shown
    others = re.compile(rf"^\s*(?!{MONTHS[month - 1]} {year})(?:{'|'.join(MONTHS)}) \d{{4}}\s*$")
    await _press_until(visit, press, control(MONTH.name, role("heading", others)))


async def month_shown(visit: Visit) -> tuple[int, int]:
    heading = await visit.control(MONTH)
    written = _MONTH_NAME.match(await heading.inner_text())
    if written is None:
        raise missing(MONTH)
    return int(written[2]), MONTHS.index(written[1]) + 1


async def _show_day(visit: Visit, day: date) -> None:
    async def press() -> None:
        if await see(day_heading(day), visit.page):
            return
        cell = await visit.control(day_cell(day))
        if not await cell.is_enabled():
            raise NotDrawn("The City's calendar no longer offers the slot's day.")
        await visit.hand.press(cell)

    await _press_until(visit, press, day_heading(day))


def _check_times(reply: Reply) -> None:
    """The page stays as it is when the day it asked for has no times, in August even when it was to turn the month."""
    if not contract.read_availability(reply).times.get(contract.day_asked(reply)):
        raise SlotGone("The City has no times any more on a day that it offered.")


async def _open_list_day(visit: Visit, day: date) -> Place:
    """The list view, should the page have no calendar: days to unfold, and more of them on demand."""
    for _ in range(_MOST_PAGES):
        await visit.control(LIST_DAY)
        button = await see(list_day(day), visit.page)
        if button is not None:
            break
        await visit.hand.choose(await visit.control(MORE_DAYS))
    else:
        raise NotDrawn("The City's list no longer offers the slot's day.")
    region = visit.page.get_by_role("region", name=re.compile(rf"{day:%d\.%m\.%Y}"))
    if not await see(ANY_SLOT, region):
        await visit.hand.choose(button)
    await find(ANY_SLOT, region, within=visit.limit)
    return region


async def _page_to(visit: Visit, slot: Slot, office: Office | None, *, place: Place) -> Locator:
    """Page through the day's hours until the slot shows; with several offices only one hour shows at a time."""
    button, wanted = slot_button(slot, office), f"{slot.local:%H:%M}"
    for _ in range(_MOST_PAGES):
        await find(ANY_SLOT, place, within=visit.limit)
        found = await see(button, place)
        if found is not None:
            return found
        times = await ANY_SLOT.any(place).evaluate_all(_WRITTEN_TIMES)
        if not times:  # drawn anew since: February asks for the first day's times twice
            continue
        pager = await see(LATER if max(times) < wanted else EARLIER, place)
        if pager is None or not await pager.is_enabled():
            break
        await visit.hand.choose(pager)
    raise NotDrawn("The City's page no longer offers the slot.")


async def _read_back(visit: Visit, slot: Slot) -> None:
    """The page drops a choice when the day changes, so what it says it chose is read before anything is held."""
    callout = await visit.control(CHOSEN)
    written = _WRITTEN_SLOT.search(await callout.inner_text())
    if written is None:
        raise missing(CHOSEN)
    day, month, year, hour, minute = (int(part) for part in written.groups())
    if datetime(year, month, day, hour, minute, tzinfo=BERLIN) != slot.local:
        raise PortalChanged("The page chose another time than the one pressed.", expected=CHOSEN.name)
