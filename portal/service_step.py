"""Step 1 of the City's page: how often which service, and on to the calendar."""

import re

from core.catalog import Catalog
from core.errors import BadInput, PortalChanged
from core.services import ServiceCount
from portal import contract
from portal.controls import Control, control, css, find, missing, role, see
from portal.replies import Reply
from portal.visit import Visit

NEXT = control("Weiter of the service step", role("button", "Weiter"), role("button", re.compile(r"^\s*Weiter\b")))
BACK = control("Zurück", role("button", "Zurück"), role("button", re.compile(r"^\s*Zurück\b")))
CHANGE = control("Leistung wechseln", role("button", "Leistung wechseln"))
SHOW_ALL = control("Alle Leistungen anzeigen", role("button", "Alle Leistungen anzeigen"))
INVALID_LINK = control(
    "invalid link headline", role("heading", re.compile(r"^Diese Ansicht kann nicht geladen werden"))
)
HEADLINE = control("headline", css(".m-callout h2"), css("[class*=callout] h2"))
CHARS = 80  # of the step, as somebody skims it who knows what they came for
VARIANTS = {1: "Vor-Ort", 2: "Telefon", 3: "Video"}
_NUMBER = re.compile(r"auf (\d+)\s*$")


def increase(service_id: int, name: str) -> Control:
    return control(
        f"counter of service {service_id}",
        lambda place: place.locator(f"#service-{service_id}").get_by_role("button", name=re.compile("erhöhen auf")),
        role("button", re.compile(rf"^Anzahl {re.escape(name)} erhöhen auf")),
    )


def increased(service_id: int, name: str, *, to: int) -> Control:
    return control(
        f"counter of service {service_id} at {to}",
        role("button", f"Anzahl {name} reduzieren auf {to - 1}"),
        lambda place: place.locator(f"#service-{service_id}").get_by_role(
            "button", name=re.compile(rf"reduzieren auf {to - 1}$")
        ),
    )


def variant(variant_id: int) -> Control:
    word = VARIANTS.get(variant_id, "")
    return control(f"variant {variant_id}", role("radio", re.compile(rf"^{word}", re.IGNORECASE)))


ANY_VARIANT = control("variant choice", role("radio"))
ARRIVED = control("service step", *NEXT.ways, *HEADLINE.ways, *INVALID_LINK.ways)


async def arrive(visit: Visit) -> None:
    """Wait for the step; raises BadInput on the City's page for links that cannot be, PortalChanged on any other."""
    await find(ARRIVED, visit.page, within=visit.limit)
    if await see(NEXT, visit.page):
        return
    if await see(INVALID_LINK, visit.page):
        raise BadInput("The City's page knows no such pair of service and office.", field="service")
    raise PortalChanged("The City's page shows a headline instead of the services.", expected=NEXT.name)


async def come_back(visit: Visit) -> None:
    """From the calendar to this step; what was counted here is still counted.

    The page asks for the City's catalogue again, whose answer may be why the step never comes.
    """
    visit.standing = None
    visit.wire.listen()
    await visit.unless(_check_catalog, _press_back(visit), contract.CATALOG)


async def _press_back(visit: Visit) -> None:
    mark = visit.wire.mark
    await visit.hand.choose(await visit.control(BACK))
    await visit.control(CHANGE)
    if visit.wire.asked(contract.CATALOG, since=mark):  # the step may be drawn before a refusal has arrived
        _check_catalog(await visit.answer(contract.CATALOG, since=mark))


def _check_catalog(reply: Reply) -> None:
    contract.read_catalog(reply)


async def choose(visit: Visit, wanted: tuple[ServiceCount, ...], catalog: Catalog) -> None:
    for service in wanted:
        known = catalog.service_by_id.get(service.service_id)
        if known is None:
            raise BadInput(f"The City has no service {service.service_id}.", field="service")
        await _raise_to(visit, service, name=known.name)
    if await see(ANY_VARIANT, visit.page):
        await _choose_variant(visit, catalog.service_by_id[wanted[0].service_id].variant_id)


async def _raise_to(visit: Visit, wanted: ServiceCount, *, name: str) -> None:
    plus = increase(wanted.service_id, name)
    if not await see(plus, visit.page):
        await _unfold(visit, plus)
    count = await _count(visit, plus)
    while count < wanted.count:
        button = await visit.control(plus)
        if not await button.is_enabled():
            raise BadInput(f"The City's page takes no {wanted.count} of service {wanted.service_id}.", field="service")
        await visit.hand.choose(button)
        count += 1
        await visit.control(increased(wanted.service_id, name, to=count))


async def _unfold(visit: Visit, plus: Control) -> None:
    """More than five further services are folded; a service that is not among them cannot be combined."""
    unfold = await see(SHOW_ALL, visit.page)
    if unfold is not None:
        await visit.hand.choose(unfold)
    await visit.control(plus)


async def _count(visit: Visit, plus: Control) -> int:
    button = await visit.control(plus)
    name = await button.get_attribute("aria-label") or await button.inner_text()
    found = _NUMBER.search(name)
    if found is None:
        raise missing(plus)
    return int(found[1]) - 1


async def _choose_variant(visit: Visit, variant_id: int | None) -> None:
    radio = await visit.control(variant(variant_id or 1))
    if not await radio.is_checked():
        await visit.hand.press(radio, "Space")
