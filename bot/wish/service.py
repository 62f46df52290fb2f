"""Step SERVICE: what the appointment is for, from the services most asked for, by words, or out of the whole list."""

from dataclasses import dataclass

from telegram import Message

from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html
from bot.screens import Button, Rows, Screen, paragraphs, rows, short
from bot.texts import Words
from bot.wish import also, catalogue, matters, offices
from bot.wish.form import Form, StepName
from bot.wish.newcomer import cleaned
from bot.wish.paging import page_of
from bot.wish.step import Step
from core.catalog import Catalog, Service
from core.errors import BadInput
from core.services import ServiceCount


@dataclass(frozen=True)
class PickService(Callback, word="wsvc"):
    service_id: int


@dataclass(frozen=True)
class EveryService(Callback, word="wevery", repeatable=True):
    page: int


@dataclass(frozen=True)
class FoundPage(Callback, word="wfound", repeatable=True):
    page: int


@dataclass(frozen=True)
class MostAsked(Callback, word="wtop"):
    """Back to the services most asked for."""


async def draw(talk: Talk, form: Form) -> Screen:
    catalog, page = await catalogue.known(talk), int(form.view.get("page", 0))
    if form.view.get("every"):
        said = talk.words.say("wish.service.every")
        return _listed(talk.words, said, matters.offered(catalog), page, turns=EveryService)
    if text := str(form.view.get("text", "")):
        return _found(talk.words, catalog, text, page)
    return _first(talk.words, catalog, form, talk.words.say("wish.service.ask"))


async def pick(talk: Talk, form: Form, chosen: PickService) -> Form:
    """What was chosen with it stays if it is the same service. Raises BadInput for what the City does not have."""
    catalog = await catalogue.known(talk)
    if chosen.service_id not in {one.id for one in matters.offered(catalog)}:
        raise BadInput(f"The City has no service {chosen.service_id}.", code="service_unknown")
    if form.services[:1] and form.services[0].service_id == chosen.service_id:
        return form.onward() if form.reviewed else form.at(StepName.ALSO)
    begun = form.changed(services=(ServiceCount(chosen.service_id),))
    return begun.at(StepName.ALSO) if also.asks_anything(begun, catalog) else offices.after_services(begun, catalog)


async def show_every(_: Talk, form: Form, chosen: EveryService) -> Form:
    return form.changed(view={"every": True, "page": chosen.page})


async def turn(_: Talk, form: Form, chosen: FoundPage) -> Form:
    return form.changed(view={**form.view, "page": chosen.page})


async def most_asked(_: Talk, form: Form, __: MostAsked) -> Form:
    return form.changed(view={})


async def typed(_: Talk, form: Form, message: Message) -> Form:
    text = cleaned(message.text or message.caption or "")
    if not text:
        raise BadInput("Only words can be read here.", code="words_only")
    return form.changed(view={"text": text[: matters.LONGEST_QUERY]})


def back(form: Form) -> Form | None:
    return form.changed(view={}) if form.view else None


def _first(words: Words, catalog: Catalog, form: Form, text: Html) -> Screen:
    kept = catalog.service_by_id.get(form.services[0].service_id) if form.services else None
    still = [Button(short(words.label("wish.service.keep", name=kept.name)), PickService(kept.id))] if kept else []
    asked = [_button(words, one) for one in matters.frequent(catalog) if one is not kept]
    return Screen(text, rows(*still, *asked, _all_button(words, catalog)))


def _found(words: Words, catalog: Catalog, text: str, page: int) -> Screen:
    if found := matters.search(catalog, text):
        said = words.say("wish.service.found", count=len(found), name=text)
        return _listed(words, said, found, page, turns=FoundPage)
    if name := matters.not_there(catalog, text):
        return Screen(words.say("wish.service.not_there", name=name), _otherwise(words, catalog))
    if near := matters.nearest(catalog, text):
        said = words.say("wish.service.near", name=text)
        return Screen(said, (*rows(*(_button(words, one) for one in near)), *_otherwise(words, catalog)))
    return Screen(words.say("wish.service.nothing", name=text), _otherwise(words, catalog))


def _listed(
    words: Words, text: Html, services: list[Service], page: int, *, turns: type[EveryService | FoundPage]
) -> Screen:
    here, number, pages = page_of(services, page)
    turning = []
    if number > 0:
        turning.append(Button(words.label("wish.page_before"), turns(number - 1)))
    if number + 1 < pages:
        turning.append(Button(words.label("wish.page_after"), turns(number + 1)))
    where = words.say("wish.page", number=number + 1, most=pages) if pages > 1 else ""
    listed = rows(*(_button(words, one) for one in here), *([turning] if turning else []))
    return Screen(paragraphs(text, where), listed)


def _otherwise(words: Words, catalog: Catalog) -> Rows:
    return rows(Button(words.label("wish.service.most_asked"), MostAsked()), _all_button(words, catalog))


def _all_button(words: Words, catalog: Catalog) -> Button:
    return Button(words.label("wish.service.show_every", count=len(matters.offered(catalog))), EveryService(0))


def _button(words: Words, service: Service) -> Button:
    return Button(short(named(words, service)), PickService(service.id))


def named(words: Words, service: Service) -> str:
    """The City's name, with ours before it where German is not spoken, and how it is done where there is a choice."""
    name = service.name
    if words.has(f"wish.variant.{service.variant_id}"):
        how = words.label(f"wish.variant.{service.variant_id}")
        name = words.label("wish.service.variant", name=name, names=how)
    english = matters.in_english(service) if words.language == "en" else ""
    return words.label("wish.service.both", name=english, names=name) if english else name


STEP = Step(
    name=StepName.SERVICE,
    draw=draw,
    taps={PickService: pick, EveryService: show_every, FoundPage: turn, MostAsked: most_asked},
    typed=typed,
    inner=back,
)
