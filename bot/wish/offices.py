"""Step OFFICES: where, in order of preference, or anywhere; the nearest first if somebody says where they are."""

from telegram import Message

from bot.context import Talk
from bot.screens import Screen
from bot.wish import catalogue, offices_screens, places, who
from bot.wish.form import Form, StepName
from bot.wish.header import contact_of
from bot.wish.newcomer import Field, cleaned
from bot.wish.offices_buttons import (
    AnyOffice,
    DistrictList,
    FarOffice,
    GiveDetails,
    InDistrict,
    LeaveOffice,
    OfficeList,
    OfficePage,
    OfficesDone,
    TakeOffice,
    WithoutThem,
)
from bot.wish.places import Place
from bot.wish.step import Step
from core.catalog import Catalog, Office
from core.contact import Contact
from core.errors import BadInput
from core.wanted import Demand, check_wanted, lacking, taking


def after_services(form: Form, catalog: Catalog) -> Form:
    """What follows once the services are chosen: where, unless that was said already and still goes."""
    able = {office.id for office in taking(catalog, form.services)}
    kept = tuple(one for one in form.office_ids if one in able)
    if form.reviewed and kept == form.office_ids:
        return form.onward()
    return form.changed(office_ids=kept).at(StepName.OFFICES)


def accepted(form: Form, catalog: Catalog) -> tuple[Office, ...]:
    able = taking(catalog, form.services)
    return tuple(office for office in able if not form.office_ids or office.id in form.office_ids)


async def draw(talk: Talk, form: Form) -> Screen:
    catalog = await catalogue.known(talk)
    if form.view.get("districts"):
        return offices_screens.districts(talk.words)
    if form.view.get("lacking") and (missing := await _missing(talk, form, catalog)):
        return offices_screens.lacking(talk.words, missing, others=bool(await _contented(talk, form, catalog)))
    return offices_screens.choosing(talk.words, _places(form, catalog), form)


async def take(talk: Talk, form: Form, chosen: TakeOffice) -> Form:
    """As the last choice so far. Raises BadInput for an office that does not do it."""
    place = _place(form, await catalogue.known(talk), chosen.office_id)
    return form.changed(office_ids=tuple(dict.fromkeys((*form.office_ids, *place.ids))))


async def leave(talk: Talk, form: Form, chosen: LeaveOffice) -> Form:
    place = _place(form, await catalogue.known(talk), chosen.office_id)
    return form.changed(office_ids=tuple(one for one in form.office_ids if one not in place.ids))


async def anywhere(talk: Talk, form: Form, _: AnyOffice) -> Form:
    """Every office; each by its number where the City offers some that cannot take this much at once."""
    catalog = await catalogue.known(talk)
    able, offered = taking(catalog, form.services), catalog.offices_for(form.services)
    return await _onward(talk, form.changed(office_ids=() if able == offered else tuple(one.id for one in able)))


async def done(talk: Talk, form: Form, _: OfficesDone) -> Form:
    if not form.office_ids:
        raise BadInput("No office was chosen.", code="choose_office")
    return await _onward(talk, form)


async def give_details(talk: Talk, form: Form, _: GiveDetails) -> Form:
    """Off to the person's details, and back here once they are there."""
    missing = await _missing(talk, form, await catalogue.known(talk))
    if not missing or form.person_id is None:
        return form.changed(view={})
    demanded = {Field(demand.field): demand.label for demand in missing}
    return who.asking_for(form, form.person_id, await contact_of(talk, form.person_id), demanded)


async def without_them(talk: Talk, form: Form, _: WithoutThem) -> Form:
    """Only those of the chosen offices that want nothing more."""
    contented = await _contented(talk, form, await catalogue.known(talk))
    if not contented:
        return form
    return await _onward(talk, form.changed(office_ids=tuple(office.id for office in contented)))


async def show_districts(_: Talk, form: Form, __: DistrictList) -> Form:
    return form.changed(view={"districts": True})


async def in_district(_: Talk, form: Form, chosen: InDistrict) -> Form:
    found = next((one for one in places.districts() if one.number == chosen.number), None)
    return form.changed(view={}, near=found.near if found else form.near)


async def far(_: Talk, form: Form, __: FarOffice) -> Form:
    return form.changed(view={}, near=None)


async def turn(_: Talk, form: Form, chosen: OfficePage) -> Form:
    return form.changed(view={"page": chosen.page})


async def listed(_: Talk, form: Form, __: OfficeList) -> Form:
    return form.changed(view={})


async def typed(_: Talk, form: Form, message: Message) -> Form:
    """A location, or the name of a district."""
    location = message.location or (message.venue.location if message.venue else None)
    if location is not None:
        return form.changed(view={}, near=places.sent(location.latitude, location.longitude))
    district = places.district_called(cleaned(message.text or ""))
    if district is None:
        raise BadInput("No district is called like that.", code="no_district")
    return form.changed(view={}, near=district.near)


def back(form: Form) -> Form | None:
    return form.changed(view={}) if "districts" in form.view or "lacking" in form.view else None


async def _onward(talk: Talk, form: Form) -> Form:
    """On, unless an office wants something that the person has not given: better asked now than failed at the end."""
    catalog = await catalogue.known(talk)
    check_wanted(catalog, form.services, form.office_ids)
    if await _missing(talk, form, catalog):
        return form.changed(view={"lacking": True})
    return form.onward()


async def _missing(talk: Talk, form: Form, catalog: Catalog) -> dict[Demand, list[str]]:
    """What is lacking, with the names of the offices that want it."""
    contact = await _contact(talk, form)
    found: dict[Demand, list[str]] = {}
    for place in places.grouped(accepted(form, catalog)):
        for demand in lacking(place.offices, contact) if contact else ():
            found.setdefault(demand, []).append(place.name)
    return found


async def _contented(talk: Talk, form: Form, catalog: Catalog) -> list[Office]:
    """In the person's order where they gave one."""
    contact = await _contact(talk, form)
    content = [one for one in accepted(form, catalog) if contact is None or not lacking([one], contact)]
    order = {office_id: place for place, office_id in enumerate(form.office_ids)}
    return sorted(content, key=lambda one: order.get(one.id, 0))


async def _contact(talk: Talk, form: Form) -> Contact | None:
    return await contact_of(talk, form.person_id) if form.person_id is not None else None


def _places(form: Form, catalog: Catalog) -> list[Place]:
    return places.nearest_first(places.grouped(taking(catalog, form.services)), form.near)


def _place(form: Form, catalog: Catalog, office_id: int) -> Place:
    found = next((one for one in _places(form, catalog) if office_id in one.ids), None)
    if found is None:
        raise BadInput(f"Office {office_id} does not do this.", code="office_unknown")
    return found


STEP = Step(
    name=StepName.OFFICES,
    draw=draw,
    taps={
        TakeOffice: take,
        LeaveOffice: leave,
        AnyOffice: anywhere,
        OfficesDone: done,
        GiveDetails: give_details,
        WithoutThem: without_them,
        DistrictList: show_districts,
        InDistrict: in_district,
        FarOffice: far,
        OfficePage: turn,
        OfficeList: listed,
    },
    typed=typed,
    inner=back,
)
