"""From nothing to the calendar of a target, like a visitor: deep link, counts, captcha box, "Weiter", offices."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Response

from core.catalog import Catalog
from core.errors import BadInput, Blocked, PortalChanged, SiteUnreachable, Throttled
from core.looks import Dialect
from core.services import ServiceCount
from core.targets import Target
from portal import calendar_step, captcha_box, contract, contract_aug, contract_feb, links, service_step
from portal.captcha_box import Policy
from portal.controls import see
from portal.replies import Reply
from portal.visit import Memory, Standing, Visit

ASKED_AGAIN_WITHIN = timedelta(seconds=0.5)  # usually after 0.1 s
_BLANK = "about:blank"
_FIRST = (contract_feb.DAYS, contract_aug.CALENDAR)


async def navigate(visit: Visit, url: str) -> None:
    """Load a page of the City's site anew: a change of the hash alone would not be noticed by it."""
    visit.standing, visit.memory = None, Memory()
    try:
        if visit.page.url != _BLANK:
            await visit.page.goto(_BLANK)
        visit.wire.listen()
        visit.wire.begin()
        response = await visit.page.goto(url, wait_until="commit")
    except PlaywrightError as error:
        if visit.page.is_closed() or "crash" in str(error).lower():
            raise
        raise SiteUnreachable("The City's page could not be loaded.") from error
    _check_document(response)


async def load_catalog(visit: Visit) -> tuple[Catalog, Dialect]:
    """Read what the page asks first of all: every page of the City's begins with it."""
    reply = await visit.answer(contract.CATALOG)
    visit.catalog, visit.dialect = contract.read_catalog(reply)
    return visit.catalog, visit.dialect


async def open_calendar(
    visit: Visit, target: Target, *, site_url: str, policy: Policy, clock: Callable[[], datetime]
) -> Standing:
    """Bring the page to the target's calendar. Raises whatever the City's first answers say."""
    opened_at = clock()
    office_id = next(iter(target.office_ids)) if len(target.office_ids) == 1 else None
    await navigate(visit, links.target_link(site_url, service_id=target.main.service_id, office_id=office_id))
    catalog, _ = await load_catalog(visit)
    _check_pair(catalog, target)
    await service_step.arrive(visit)
    await visit.hand.read(service_step.CHARS)
    await service_step.choose(visit, target.services, catalog)
    if captcha_due(catalog, target.main) or await see(captcha_box.BOX, visit.page):
        await captcha_box.pass_box(visit, policy)
    allowed = allowed_offices(catalog, target.office_ids)
    mark = visit.wire.mark
    await visit.hand.choose(await visit.control(service_step.NEXT))
    standing = await at_calendar(visit, target, allowed, since=mark, opened_at=opened_at, clock=clock)
    if standing.drawn_at is not None:
        standing = await _restrict(visit, standing)
    _check_asked(contract.offices_asked(standing.times), standing, catalog)
    contract.read_availability(standing.times)
    visit.standing = standing
    return standing


def allowed_offices(catalog: Catalog, office_ids: frozenset[int]) -> frozenset[int]:
    """The offices the page may ask for when these are wanted: it swaps and joins offices that stand for each other."""
    wanted = [office for office in catalog.offices if office.id in office_ids]
    return office_ids.union(*(office.mix_group | office.shared_group for office in wanted))


async def at_calendar(
    visit: Visit,
    target: Target,
    allowed: frozenset[int],
    *,
    since: int,
    opened_at: datetime,
    clock: Callable[[], datetime],
) -> Standing:
    """After "Weiter" at the service step, pressed at the mark `since`: the page asks what is free and draws it."""
    days, times = await first_answers(visit, allowed, since=since)
    offered = _offers(days, allowed)
    if offered:
        await visit.control(calendar_step.CALENDAR)
        await visit.control(calendar_step.NEXT)
    offices = allowed or contract.offices_asked(times)
    return Standing(target, days, times, offices, opened_at=opened_at, drawn_at=clock() if offered else None)


async def first_answers(visit: Visit, allowed: frozenset[int], *, since: int) -> tuple[Reply, Reply]:
    """The days and a first day's times, which August tells in one answer, heard after the wire's mark `since`."""
    days = await visit.answer(*_FIRST, since=since)
    spoken = contract.AVAILABILITY[days.endpoint]
    if spoken is not visit.dialect:
        raise PortalChanged("The City's catalogue and calendar speak different dialects.", expected=days.endpoint)
    times = days
    if _offers(days, allowed) and spoken is Dialect.FEB:
        times = await visit.answer(contract_feb.TIMES, since=since)
        await _asked_again(visit, since=since)
    await visit.at_rest()
    return _latest(visit, days), _latest(visit, times)


async def _asked_again(visit: Visit, *, since: int) -> None:
    """February asks for the first day's times twice and draws its calendar anew: let it, before anything is pressed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ASKED_AGAIN_WITHIN.total_seconds()):
            await visit.wire.question(contract_feb.TIMES, since=since, times=2)


def _offers(days: Reply, offices: frozenset[int]) -> bool:
    """Whether there may be something for these offices: February's first answer says so of every office and day."""
    found = contract.read_availability(days)
    if offices and days.endpoint == contract_feb.DAYS:
        return any(named & offices for named in found.days.values())
    return bool(found.days)


async def _restrict(visit: Visit, standing: Standing) -> Standing:
    """Leave only the target's offices ticked."""
    if contract.offices_asked(standing.times) <= standing.offices:
        return standing
    shown = await calendar_step.office_boxes(visit)
    keep = standing.offices & set(shown)
    if not keep:
        raise BadInput("None of these offices offers this on the City's page.", field="office")
    mark = visit.wire.mark
    await calendar_step.tick_only(visit, keep)
    endpoint = standing.times.endpoint
    times = await visit.answer(
        endpoint, since=mark, accept=lambda reply: contract.offices_asked(reply) <= standing.offices
    )
    await visit.at_rest()
    times = _latest(visit, times)
    return replace(standing, days=times if endpoint == contract_aug.CALENDAR else standing.days, times=times)


def _check_asked(asked: frozenset[int], standing: Standing, catalog: Catalog) -> None:
    """A page that asks for too few offices would make us say "none" for those left out.

    One that asks for offices its own catalogue does not have is not the page we know.
    """
    if not asked <= set(catalog.office_by_id):
        raise PortalChanged("The page asks for offices that the City's catalogue does not have.", expected="offices")
    wanted = standing.target.office_ids
    due = [office for office in catalog.offices_for(standing.target.services) if not wanted or office.id in wanted]
    if any(not asked & (office.mix_group | office.shared_group | {office.id}) for office in due):
        raise PortalChanged("The page asks for other offices than were chosen.", expected=calendar_step.OFFICE_BOX.name)


def _latest(visit: Visit, reply: Reply) -> Reply:
    return visit.wire.latest({reply.endpoint}) or reply


def captcha_due(catalog: Catalog, main: ServiceCount) -> bool:
    offices = {one.office_id for one in catalog.relations if one.service_id == main.service_id}
    return any(office.captcha for office in catalog.offices if office.id in offices)


def _check_pair(catalog: Catalog, target: Target) -> None:
    """The City's page refuses such links with a page of their own; the catalogue says which of the two is wrong."""
    if target.main.service_id not in catalog.service_by_id:
        raise BadInput(f"The City has no service {target.main.service_id}.", field="service")
    if target.office_ids and not target.office_ids & set(catalog.office_by_id):
        raise BadInput(f"The City has no office {min(target.office_ids)}.", field="office")
    for service in target.services[1:]:
        if service.service_id not in catalog.service_by_id[target.main.service_id].combinable:
            raise BadInput(f"Service {service.service_id} cannot be combined with the first.", field="service")
    if all(
        catalog.slots_needed(target.services, office_id=office_id) is None
        for office_id in target.office_ids or catalog.office_by_id
    ):
        raise BadInput("None of these offices offers this.", field="office")


def _check_document(response: Response | None) -> None:
    status = response.status if response else 0
    if status == 429:  # noqa: PLR2004 - the status is its own name
        raise Throttled("The City asks us to wait before its page is loaded.")
    if status == 403:  # noqa: PLR2004
        raise Blocked("The City's site refuses its page to this address.")
    if status >= 400:  # noqa: PLR2004
        raise SiteUnreachable(f"The City's page could not be loaded (status {status}).")
