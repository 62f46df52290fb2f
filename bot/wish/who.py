"""Step WHO: whom the appointment is for, somebody known in this chat or somebody new."""

from telegram import Message

from bot.context import Talk
from bot.markup import read
from bot.rights import check_person
from bot.screens import Screen
from bot.wish import who_screens
from bot.wish.form import Form, StepName
from bot.wish.newcomer import Field, Newcomer
from bot.wish.step import Step
from bot.wish.who_buttons import Details, Fill, ForWhom, LeaveOut, SoBeIt, SomebodyElse
from core.contact import Contact
from core.errors import BadInput
from models import chats, mandates, people, quotas
from models.database import Session
from models.person import Person


async def draw(talk: Talk, form: Form) -> Screen:
    newcomer = await _newcomer(talk, form)
    if newcomer is None:
        return who_screens.choosing(talk.words, await _known(talk), chosen=form.person_id)
    if newcomer.asks is not None:
        return who_screens.asking(talk.words, newcomer, newcomer.asks)
    return who_screens.checking(talk.words, newcomer)


async def choose(talk: Talk, form: Form, chosen: ForWhom) -> Form:
    """Raises BadInput when the caps allow them no other wish."""
    if form.watch_id is not None:
        return form
    await talk.read(lambda session: quotas.check_watch(session, chosen.person_id, talk.parts.caps))
    return form.changed(person_id=chosen.person_id).onward()


async def somebody_else(_: Talk, form: Form, __: SomebodyElse) -> Form:
    return form.changed(view=Newcomer().view) if form.watch_id is None else form


async def details(talk: Talk, form: Form, chosen: Details) -> Form:
    newcomer = Newcomer.of(await _contact(talk, chosen.person_id), chosen.person_id)
    return form.changed(view=newcomer.view)


async def fill(talk: Talk, form: Form, chosen: Fill) -> Form:
    newcomer = await _newcomer(talk, form)
    return form.changed(view=newcomer.asking(chosen.field).view) if newcomer and newcomer.whole else form


async def leave_out(talk: Talk, form: Form, chosen: LeaveOut) -> Form:
    newcomer = await _newcomer(talk, form)
    if newcomer is None or newcomer.asks is not chosen.field:
        return form
    return form.changed(view=newcomer.skipped().view)


async def so_be_it(talk: Talk, form: Form, _: SoBeIt) -> Form:
    newcomer = await _newcomer(talk, form)
    if newcomer is None or newcomer.asks is not None:
        return form
    chat_id, changing = talk.chat.id, newcomer.person_id
    if changing is not None:
        await talk.act(lambda session: _correct(session, talk, chat_id, changing, newcomer.contact))
    else:
        person = await talk.act(lambda session: _adopt(session, talk, chat_id, newcomer.contact))
        return form.changed(person_id=person.id).onward()
    await talk.toast(talk.words.label("wish.who.kept"))
    if newcomer.then is not None:
        waited = form.at(newcomer.then)
        return waited.onward() if newcomer.first_owed is None else waited
    return form.onward() if form.watch_id is not None else form.changed(view={})


async def typed(talk: Talk, form: Form, message: Message) -> Form:
    newcomer = await _newcomer(talk, form)
    if newcomer is None or newcomer.asks is None:
        raise BadInput("Nothing is to be typed here.", code="use_buttons")
    written = (_shared_number(message) if newcomer.asks is Field.PHONE else "") or message.text or ""
    if not written:
        raise BadInput("Only words can be read here.", code="words_only")
    return form.changed(view=newcomer.answered(written).view)


def back(form: Form) -> Form | None:
    newcomer = Newcomer.seen(form.view)
    if newcomer is None:
        return None
    before = newcomer.before()
    if newcomer.then is not None and (before is None or newcomer.is_owed):
        return form.at(newcomer.then)
    if before is None and (newcomer.alone or form.watch_id is not None):
        return None
    return form.changed(view=before.view if before else {})


def asking_for(form: Form, person_id: int, contact: Contact, demanded: dict[Field, str]) -> Form:
    """The form in this step, asking for what offices demand; it leads back to the step that it came from."""
    newcomer = Newcomer.of(contact, person_id).model_copy(
        update={"demanded": demanded, "asks": next(iter(demanded)), "then": form.step}
    )
    return form.at(StepName.WHO).changed(view=newcomer.view)


def _shared_number(message: Message) -> str:
    """Of a contact sent from the address book; Telegram writes it without the plus."""
    number = message.contact.phone_number if message.contact else ""
    return f"+{number}" if number and number[0] not in "+0" else number


async def _newcomer(talk: Talk, form: Form) -> Newcomer | None:
    """Who is being entered. A watch keeps its person: there, only details can be changed."""
    newcomer = Newcomer.seen(form.view)
    if newcomer is None and form.watch_id is not None and form.person_id is not None:
        return Newcomer.of(await _contact(talk, form.person_id), form.person_id)
    if newcomer is None and not await _known(talk):
        return Newcomer(alone=True)
    return newcomer


async def _known(talk: Talk) -> list[tuple[int, str]]:
    """Everybody this chat stands for, with their names."""
    chat_id, keyring = talk.chat.id, talk.parts.keyring

    def named(session: Session) -> list[tuple[int, str]]:
        return [(one.id, people.contact(keyring, one).family_name) for one in chats.people_of(session, chat_id)]

    return await talk.read(named)


async def _contact(talk: Talk, person_id: int) -> Contact:
    chat_id, keyring = talk.chat.id, talk.parts.keyring

    def theirs(session: Session) -> Contact:
        check_person(session, chat_id, person_id)
        return people.contact(keyring, people.get(session, person_id))

    return await talk.read(theirs)


def _adopt(session: Session, talk: Talk, chat_id: int, contact: Contact) -> Person:
    """With the mandate that was read and agreed to. Raises BadInput when the caps allow them no wish."""
    person = chats.adopt(session, talk.parts.keyring, chat_id, contact, now=talk.now)
    quotas.check_watch(session, person.id, talk.parts.caps)
    mandates.record(session, person.id, read(talk.words.say("wish.who.mandate")), None, now=talk.now)
    return person


def _correct(session: Session, talk: Talk, chat_id: int, person_id: int, contact: Contact) -> None:
    check_person(session, chat_id, person_id)
    chats.correct(session, talk.parts.keyring, chat_id, person_id, contact)


STEP = Step(
    name=StepName.WHO,
    draw=draw,
    taps={
        ForWhom: choose,
        SomebodyElse: somebody_else,
        Details: details,
        Fill: fill,
        LeaveOut: leave_out,
        SoBeIt: so_be_it,
    },
    typed=typed,
    inner=back,
)
