"""What stands above each step: where one is, and what is chosen so far."""

from collections.abc import Sequence

from bot.context import Talk
from bot.markup import Html
from bot.screens import lines
from bot.texts import Words
from bot.wish.form import Form, StepName
from bot.wish.newcomer import Newcomer
from core.catalog import Catalog
from core.contact import Contact
from models import people


async def above(talk: Talk, form: Form, steps: Sequence[StepName]) -> Html:
    """`steps` are all there are. The summary says everything by itself."""
    if form.step is StepName.SUMMARY:
        return Html("")
    return lines(_where(talk, form, steps), await _chosen(talk, form))


async def contact_of(talk: Talk, person_id: int) -> Contact:
    keyring = talk.parts.keyring
    return await talk.read(lambda session: people.contact(keyring, people.get(session, person_id)))


def _where(talk: Talk, form: Form, steps: Sequence[StepName]) -> Html:
    if form.reviewed:
        return talk.words.say("wish.changing")
    asked: list[StepName] = [name for name in StepName if name in steps and name is not StepName.SUMMARY]
    return talk.words.say("wish.step", number=asked.index(_at(form)) + 1, most=len(asked))


def _at(form: Form) -> StepName:
    """The step that the person is in: one that had to ask for somebody's details goes on afterwards."""
    newcomer = Newcomer.seen(form.view) if form.step is StepName.WHO else None
    return newcomer.then if newcomer is not None and newcomer.then is not None else form.step


async def _chosen(talk: Talk, form: Form) -> Html:
    """Of what the step itself does not show."""
    name, services, step = "", "", _at(form)
    if form.person_id is not None and step is not StepName.WHO:
        name = (await contact_of(talk, form.person_id)).family_name
    catalog = await talk.parts.catalog() if form.services and step is not StepName.SERVICE else None
    if catalog is not None:
        services = services_in_words(talk.words, form, catalog)
    if name and services:
        return talk.words.say("wish.for_whom_what", name=name, names=services)
    return talk.words.say("wish.for_whom", name=name) if name else Html("")


def services_in_words(words: Words, form: Form, catalog: Catalog) -> str:
    """The City's names, with how many of each where it is not one."""
    known = [(one.count, catalog.service_by_id.get(one.service_id)) for one in form.services]
    return ", ".join(
        words.label("wish.also.line", number=count, name=service.name) if count > 1 else service.name
        for count, service in known
        if service is not None
    )
