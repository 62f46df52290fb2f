"""A person on the phone, the bot, a worker with a real page, and the City: from the offer to what it confirms."""

import pytest

from core.bookings import BookingState
from core.wishes import Mode
from models import chats
from models.watch import Watch, WatchState
from rehearsal.settings import Dialect
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot, idle_bot, parts, telegram
from tests.jobs_fixtures import Works, until
from tests.portal_fixtures import moment
from tests.rehearsal_fixtures import KFZ

__all__ = ["idle_bot", "parts", "telegram"]


@pytest.fixture
def generation() -> Dialect:
    """What is talked about here is the same in both: one is enough."""
    return Dialect.AUG


async def wished(works: Works, bot: RunningBot, *, mode: Mode) -> tuple[User, Watch]:
    """Somebody in a chat, a slot at the City, and a wish that it pleases."""
    await bot.restart(site_url=works.runtime.site_url)
    anna = await bot.member()
    await works.town.offer(KFZ, moment(2, 9))
    watch = await works.watch(mode=mode)
    chat = (await bot.chat(anna)) or pytest.fail("no chat")
    await bot.act(lambda session: chats.entrust(session, chat.id, watch.person_id, now=bot.parts.now()))
    return anna, watch


async def test_yes_then_the_mail_pasted_into_the_chat(works: Works, idle_bot: RunningBot) -> None:
    anna, watch = await wished(works, idle_bot, mode=Mode.ASK)

    await works.look(watch)
    await anna.sees("zurückgelegt", within=30)
    await anna.click("Ja, bitte buchen")
    await anna.sees("vorgemerkt", within=60)
    link = await works.town.confirm_link()
    await anna.send(f"Termin bestätigen: {link}")
    await anna.sees("Ich öffne ihn jetzt.")
    await anna.sees("Der Termin ist gebucht", within=60)

    assert await works.live_at_the_city() == ["confirmed"]
    assert await works.states() == [BookingState.CONFIRMED]
    assert (await works.watch_row(watch)).state is WatchState.FULFILLED
    assert link not in str(anna)


async def test_no_gives_the_slot_back_to_the_city(works: Works, idle_bot: RunningBot) -> None:
    anna, watch = await wished(works, idle_bot, mode=Mode.ASK)

    await works.look(watch)
    await anna.sees("zurückgelegt", within=30)
    await anna.click("Nein, zurückgeben")
    await anna.sees("wird nicht gebucht: Sie wollten ihn nicht.", within=60)

    assert await works.live_at_the_city() == []
    assert len(anna.screen()) == 1


async def test_in_mode_auto_the_steps_are_seen(works: Works, idle_bot: RunningBot) -> None:
    anna, watch = await wished(works, idle_bot, mode=Mode.AUTO)

    works.runtime.queue.look(watch.target_id)
    await anna.sees("vorgemerkt", within=60)
    await works.rest()

    [row] = await works.bookings()
    assert row.state is BookingState.PRECONFIRMED

    async def one_message() -> bool:
        return len(anna.screen()) == 1

    assert await until(one_message)
