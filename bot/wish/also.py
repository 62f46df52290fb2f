"""Step ALSO: how many of it, and what else in the same appointment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows, short
from bot.texts import Words
from bot.wish import catalogue, matters, offices
from bot.wish.form import Form, StepName
from bot.wish.paging import page_of
from bot.wish.step import Step
from core.catalog import Catalog, Service
from core.errors import BadInput
from core.services import ServiceCount
from core.wanted import check_wanted, taking


@dataclass(frozen=True)
class HowMany(Callback, word="wmany", repeatable=True):
    """Of a service, by the number there shall be: a second tap on it changes nothing."""

    service_id: int
    count: int


@dataclass(frozen=True)
class AlsoPage(Callback, word="walsop", repeatable=True):
    page: int


@dataclass(frozen=True)
class AlsoDone(Callback, word="walsok"):
    pass


def asks_anything(form: Form, catalog: Catalog) -> bool:
    main = catalog.service_by_id.get(form.services[0].service_id) if form.services else None
    return main is not None and (main.max_quantity > 1 or bool(_combinable(main, catalog)))


async def needless(talk: Talk, form: Form) -> bool:
    catalog = await talk.parts.catalog()
    return catalog is not None and not asks_anything(form, catalog)


async def draw(talk: Talk, form: Form) -> Screen:
    catalog, words = await catalogue.known(talk), talk.words
    main = catalog.service_by_id[form.services[0].service_id]
    listed = lines(*(_line(words, catalog, one) for one in form.services))
    texts = (words.say("wish.also.so_far"), listed, _asked(words, main, catalog))
    buttons = (*_counts(words, catalog, form.services), *_others(words, catalog, form))
    return Screen(paragraphs(*texts), rows(*buttons, Button(words.label("wish.onward"), AlsoDone())))


async def how_many(talk: Talk, form: Form, chosen: HowMany) -> Form:
    """Raises BadInput, in words, for what the City does not do in one appointment."""
    catalog = await catalogue.known(talk)
    if chosen.service_id not in catalog.service_by_id:
        raise BadInput(f"The City has no service {chosen.service_id}.", code="service_unknown")
    services = _with(form.services, chosen.service_id, chosen.count)
    if services == form.services:
        return form
    _check(catalog, services)
    return form.changed(services=services)


async def turn(_: Talk, form: Form, chosen: AlsoPage) -> Form:
    return form.changed(view={"page": chosen.page})


async def done(talk: Talk, form: Form, _: AlsoDone) -> Form:
    return offices.after_services(form, await catalogue.known(talk))


def _with(services: tuple[ServiceCount, ...], service_id: int, count: int) -> tuple[ServiceCount, ...]:
    """The main service stays in front, and stays at all."""
    if count < 1:
        return tuple(one for place, one in enumerate(services) if place == 0 or one.service_id != service_id)
    if service_id not in {one.service_id for one in services}:
        return (*services, ServiceCount(service_id, count))
    return tuple(replace(one, count=count) if one.service_id == service_id else one for one in services)


def _check(catalog: Catalog, services: Sequence[ServiceCount]) -> None:
    """It is enough that one office takes it; if none does, why the best of them does not."""
    able = taking(catalog, services)
    check_wanted(catalog, services, [able[0].id] if able else ())


def _combinable(main: Service, catalog: Catalog) -> list[Service]:
    """Those that some office does together with it, as the City orders them."""
    others = (catalog.service_by_id.get(one) for one in main.combinable)
    pairs = ((other, [ServiceCount(main.id), ServiceCount(other.id)]) for other in others if other is not None)
    return [other for other, pair in pairs if taking(catalog, pair)]


def _line(words: Words, catalog: Catalog, one: ServiceCount) -> Html:
    return words.say("wish.also.line", number=one.count, name=catalog.service_by_id[one.service_id].name)


def _asked(words: Words, main: Service, catalog: Catalog) -> Html:
    several = words.say("wish.also.several", number=main.max_quantity) if main.max_quantity > 1 else Html("")
    return paragraphs(several, words.say("wish.also.others") if _combinable(main, catalog) else "")


def _counts(words: Words, catalog: Catalog, services: Sequence[ServiceCount]) -> Rows:
    """One less and one more of each, and away with what is not the main service."""
    made = []
    for place, one in enumerate(services):
        service, row = catalog.service_by_id[one.service_id], []
        if one.count > 1 or place > 0:
            label = words.label("wish.also.fewer" if one.count > 1 else "wish.also.without", name=service.name)
            row.append(Button(short(label), HowMany(one.service_id, one.count - 1)))
        if one.count < service.max_quantity:
            label = words.label("wish.also.more", name=service.name)
            row.append(Button(short(label), HowMany(one.service_id, one.count + 1)))
        made += [row] if row else []
    return rows(*made)


def _others(words: Words, catalog: Catalog, form: Form) -> Rows:
    main, taken = catalog.service_by_id[form.services[0].service_id], {one.service_id for one in form.services}
    every = [one for one in _combinable(main, catalog) if one.id not in taken]
    here, number, pages = page_of(every, int(form.view.get("page", 0)))
    added = [Button(_add(words, one), HowMany(one.id, 1)) for one in here]
    turning = [Button(words.label("wish.also.more_kinds"), AlsoPage((number + 1) % pages))] if pages > 1 else []
    return rows(*added, *turning)


def _add(words: Words, service: Service) -> str:
    english = matters.in_english(service) if words.language == "en" else ""
    return short(words.label("wish.also.add", name=english or service.name))


STEP = Step(
    name=StepName.ALSO,
    draw=draw,
    taps={HowMany: how_many, AlsoPage: turn, AlsoDone: done},
    needless=needless,
)
