"""The wish conversation with the practice city's catalogue, up to where the days would be asked for."""

from typing import Any

from bot import conversations
from bot.context import Talk
from bot.handlers import wish
from bot.markup import Html
from bot.screens import Screen
from bot.wish.form import KIND, Form, StepName
from bot.wish.step import Step
from bot.wish.steps import EVERY
from core.catalog import Catalog
from core.contact import Contact
from core.looks import Dialect
from core.slots import utc_now
from models import catalogs, chats, drafts, people
from models.database import Session
from tests.bot.conftest import SITE, RunningBot
from tests.city_cast import city
from tests.telegram.client import User

ADA = Contact("Adelheid", "Zwickelsdorfer", "adelheid@example.org")
MINE = frozenset({StepName.WHO, StepName.SERVICE, StepName.ALSO, StepName.OFFICES})


async def _draw(_: Talk, form: Form) -> Screen:
    return Screen(Html(f"DAYS {len(form.services)} services at {len(form.office_ids)} offices"))


async def _draw_summary(_: Talk, form: Form) -> Screen:
    return Screen(Html(f"SUMMARY {len(form.services)} services at {len(form.office_ids)} offices"))


STEPS = (
    *(one for one in EVERY if one.name in MINE),
    Step(StepName.DAYS, _draw),
    Step(StepName.SUMMARY, _draw_summary),
)


async def begin(bot: RunningBot, *, catalog: Catalog | None = None) -> None:
    """With my steps alone, and a catalogue in the rows."""
    bot.every = (*(one for one in conversations.EVERY if one is not wish.CONVERSATION), wish.conversation(STEPS))
    kept = catalog or city()
    await bot.act(lambda session: catalogs.keep(session, SITE, Dialect.AUG, kept, now=utc_now()))
    await bot.restart()


async def stands_for(bot: RunningBot, user: User, *contacts: Contact) -> list[int]:
    """The ids of persons whom the user's chat has brought before."""
    chat = await bot.chat(user)
    assert chat is not None

    def adopt(session: Session) -> list[int]:
        return [chats.adopt(session, bot.keyring, chat.id, one, now=utc_now()).id for one in contacts]

    found: list[int] = await bot.act(adopt)
    return found


async def form_of(bot: RunningBot, user: User) -> Form | None:
    """What is kept of the wish."""
    chat = await bot.chat(user)
    assert chat is not None
    kept = await bot.database.read(lambda session: drafts.load(session, bot.keyring, chat.id, KIND))
    return Form.model_validate(kept) if kept is not None else None


async def put(bot: RunningBot, user: User, form: Form) -> None:
    """The wish stands there; /wish and "go on" show it."""
    await keep(bot, user, form.model_dump(mode="json"))
    await user.send("/wish")
    await user.click("1wgo")


async def keep(bot: RunningBot, user: User, content: dict[str, Any]) -> None:
    chat = await bot.chat(user)
    assert chat is not None
    await bot.act(lambda session: drafts.keep(session, bot.keyring, chat.id, KIND, content, now=utc_now()))


async def at(bot: RunningBot, user: User, step: StepName, **chosen: Any) -> int:
    """The user's wish in that step, for somebody they stand for; whose number is answered."""
    person = (await stands_for(bot, user, ADA))[0]
    await put(bot, user, Form(person_id=person, **chosen).at(step))
    return person


async def contacts_of(bot: RunningBot, user: User) -> list[Contact]:
    """Everybody the chat stands for."""
    chat = await bot.chat(user)
    assert chat is not None
    return await bot.database.read(
        lambda session: [people.contact(bot.keyring, one) for one in chats.people_of(session, chat.id)]
    )


def labels(user: User) -> list[str]:
    """Of the buttons of the newest message."""
    newest = [one for one in user.screen() if one.by_bot][-1]
    return [label for row in newest.buttons for label in row]


def shown(user: User) -> str:
    return user.bot_said()[-1]
