"""A wish that stands at one of its later steps, with a catalogue of its own."""

from datetime import date, timedelta
from typing import Any

from bot.wish.form import KIND, Form, StepName
from core.catalog import Catalog, ContactField, Office, Relation, Scope, Service
from core.contact import Contact
from core.looks import Dialect
from core.services import ServiceCount
from core.slots import BERLIN, utc_now
from core.wishes import Mode
from models import catalogs, chats, drafts
from models.watch import Watch
from models.watches import list as every_watch
from rehearsal.telegram.client import User
from tests.bot.conftest import SITE, RunningBot

PASSPORT, LICENCE = 1063441, 1064305
RUPPERT, PASING, PHONE = 10489, 54261, 10502
SCOPE = Scope(id=1, reservation=timedelta(minutes=15), activation=timedelta(minutes=30))
CATALOG = Catalog(
    offices=(
        Office(id=RUPPERT, name="Bürgerbüro Ruppertstraße", scope=SCOPE),
        Office(id=PASING, name="Bürgerbüro Pasing", scope=Scope(id=2, reservation=timedelta(minutes=30))),
        Office(id=PHONE, name="Führerscheinstelle", scope=Scope(id=3, phone=ContactField(shown=True, required=True))),
    ),
    services=(
        Service(id=PASSPORT, name="Reisepass", max_quantity=3),
        Service(id=LICENCE, name="Führerschein umtauschen"),
    ),
    relations=(
        Relation(office_id=RUPPERT, service_id=PASSPORT),
        Relation(office_id=PASING, service_id=PASSPORT),
        Relation(office_id=PHONE, service_id=LICENCE),
    ),
)


async def steps_running(bot: RunningBot, **changes: Any) -> None:
    """The bot with a catalogue."""
    await bot.act(lambda session: catalogs.keep(session, SITE, Dialect.AUG, CATALOG, now=utc_now()))
    await bot.restart(**changes)


async def begun(bot: RunningBot, user: User, step: StepName, **fields: Any) -> Form:
    """A wish for a passport that was made up to this step; it is on the screen."""
    given = {"services": (ServiceCount(PASSPORT),), "mode": Mode.AUTO, "step": step} | fields
    if "person_id" not in given:
        given["person_id"] = await person(bot, user)
    form = Form(**given)
    await put(bot, user, form)
    await user.send("/wish")
    await user.click("1wgo")
    return form


async def put(bot: RunningBot, user: User, form: Form) -> None:
    """Into the rows alone."""
    chat_id, content = await chat_id_of(bot, user), form.model_dump(mode="json")
    await bot.act(lambda session: drafts.keep(session, bot.keyring, chat_id, KIND, content, now=utc_now()))


async def kept(bot: RunningBot, user: User) -> Form:
    await user.settled()
    chat_id = await chat_id_of(bot, user)
    draft = await bot.database.read(lambda session: drafts.load(session, bot.keyring, chat_id, KIND))
    return Form.model_validate(draft)


async def person(bot: RunningBot, user: User, *, phone: str = "") -> int:
    contact = Contact("Adelheid", "Zwick", f"adelheid{user.id}@example.org", phone)
    chat_id = await chat_id_of(bot, user)
    return int(await bot.act(lambda session: chats.adopt(session, bot.keyring, chat_id, contact, now=utc_now()).id))


async def chat_id_of(bot: RunningBot, user: User) -> int:
    chat = await bot.chat(user)
    assert chat is not None
    return chat.id


async def watches_of(bot: RunningBot) -> list[Watch]:
    return list(await bot.database.read(every_watch))


def today() -> date:
    return utc_now().astimezone(BERLIN).date()


def day(number: int) -> date:
    """So many days from today."""
    return today() + timedelta(days=number)
