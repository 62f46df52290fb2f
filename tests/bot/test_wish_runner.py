"""The wish conversation as a whole: begun, left, taken up again, and nothing of it lost."""

import asyncio

import pytest

from bot.wish.form import KIND, StepName
from core.services import ServiceCount
from models import catalogs, chats, drafts
from models.database import Session
from rehearsal.telegram.server import Telegram
from tests.bot.conftest import SITE, RunningBot
from tests.bot.wish_cast import ADA, STEPS, at, begin, form_of, keep, labels, shown, stands_for
from tests.city_cast import IDENTITY, PASSPORT, REGISTRATION, city
from tests.jobs_fixtures import messages, until

TEXTS = {
    "de": (
        "Neuer Wunsch",
        "Schritt 1 von 5",
        "Möchten Sie damit",
        "Damit weitermachen",
        "Verwerfen und neu anfangen",
        "Ja, verwerfen",
    ),
    "en": ("New wish", "Step 1 of 5", "Would you like", "Go on with it", "Drop it and begin anew", "Yes, drop it"),
}
DROPPED = {"de": "Verworfen", "en": "Dropped"}


@pytest.fixture
async def asking(idle_bot: RunningBot) -> RunningBot:
    await begin(idle_bot)
    return idle_bot


@pytest.mark.parametrize("language", sorted(TEXTS))
async def test_from_the_start_to_a_dropped_wish_and_back(asking: RunningBot, language: str) -> None:
    new, first, asked, go_on, afresh, drop = TEXTS[language]
    anna = await asking.member(language_code=language)
    await anna.send("/start")

    await anna.click(new)
    await anna.sees(first)
    await anna.send("Adelheid")
    await anna.send("/wish")
    await anna.sees(asked)
    await anna.click(go_on)
    assert "Adelheid" in shown(anna), "nothing was lost"
    await anna.send("/wish")
    await anna.click(afresh)
    assert "Adelheid" not in shown(anna)
    await anna.send("Béla")
    await anna.sees("Béla")
    await anna.click({"de": "Abbrechen", "en": "Cancel"}[language])
    await anna.click(drop)

    assert DROPPED[language] in shown(anna)
    assert labels(anna) == []
    assert await form_of(asking, anna) is None


async def test_nothing_asked_when_nothing_was_said(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    await anna.sees("Wie ist der Vorname")

    await anna.send("/wish")
    await anna.settled()

    assert "angefangen" not in str(anna)
    assert [bool(one.buttons) for one in anna.screen() if one.by_bot] == [False, True], "one message has the buttons"


async def test_cancelling_asks_back(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(PASSPORT),))

    await anna.click("Abbrechen")
    await anna.click("Nein, weitermachen")

    assert "In einem Termin" in shown(anna)


async def test_cancel_as_a_command_takes_the_buttons_away(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(PASSPORT),))
    old = anna.screen()[-1]

    await anna.send("/cancel")
    await anna.sees("Verworfen: der angefangene Wunsch")
    toast = await anna.press("1wgo", message_id=old.id)

    assert toast.alert
    assert [one.buttons for one in anna.screen() if one.id == old.id] == [()]
    assert await form_of(asking, anna) is None


async def test_all_of_it_stands_in_one_message_with_where_one_is(asking: RunningBot) -> None:
    anna = await asking.member()
    await stands_for(asking, anna, ADA)
    await anna.send("/wish")

    for tapped, place in (
        ("Adelheid Zwickelsdorfer", "Schritt 2 von 5\nFür Adelheid Zwickelsdorfer\n"),
        ("Personalausweis", "Schritt 3 von 5\nFür Adelheid Zwickelsdorfer: Personalausweis\n"),
        ("Dazu: Reisepass", "Für Adelheid Zwickelsdorfer: Personalausweis, Reisepass\n"),
        ("Weiter", "Schritt 4 von 5\nFür Adelheid Zwickelsdorfer: Personalausweis, Reisepass\n"),
    ):
        await anna.click(tapped)
        assert place in shown(anna)
    for place in ("Schritt 3 von 5", "Schritt 2 von 5", "Schritt 1 von 5"):
        await anna.click("Zurück")
        assert place in shown(anna)

    assert len([one for one in anna.screen() if one.by_bot]) == 1
    form = await form_of(asking, anna)
    assert form is not None
    assert [one.service_id for one in form.services] == [IDENTITY, PASSPORT], "going back loses nothing"


async def test_a_restart_between_two_taps_loses_nothing(asking: RunningBot) -> None:
    anna = await asking.member()
    await stands_for(asking, anna, ADA)
    await anna.send("/wish")
    await anna.click("Adelheid Zwickelsdorfer")
    await asking.restart()
    await anna.click("Reisepass")
    await asking.restart()
    await anna.click("1 mehr: Reisepass")

    form = await form_of(asking, anna)
    assert form is not None
    assert form.services == (ServiceCount(PASSPORT, 2),)


async def test_a_kill_while_the_step_is_drawn_leaves_a_wish_that_goes_on(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.SERVICE)
    tap = asyncio.create_task(anna.press(f"1wsvc:{PASSPORT}", within=30))
    await anna.store.until(lambda: not anna.store.updates or None, within=0.2)
    await asking.kill()
    await asking.start()
    await tap

    await anna.send("/wish")
    await anna.click("1wgo")

    form = await form_of(asking, anna)
    assert form is not None
    assert form.step in (StepName.SERVICE, StepName.ALSO)
    assert "Adelheid" in shown(anna)


@pytest.mark.parametrize("data", [f"1wsvc:{REGISTRATION}", "1wtake:54261", "1wback:service:0", "1wright", "1wany"])
async def test_a_tap_that_belongs_to_another_step_changes_nothing(asking: RunningBot, data: str) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(PASSPORT),))
    before = await form_of(asking, anna)

    await anna.press(data)
    await anna.settled()

    assert await form_of(asking, anna) == before
    assert "In einem Termin" in shown(anna)


async def test_a_double_tap_on_back_leads_back_once(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.OFFICES, services=(ServiceCount(PASSPORT),))
    newest = [one for one in anna.screen() if one.by_bot][-1].id
    form = await form_of(asking, anna)
    assert form is not None

    for _ in range(2):
        await anna.press(f"1wback:offices:{form.mark}", message_id=newest)

    assert "Schritt 3" in shown(anna)


@pytest.mark.parametrize("step", [StepName.ALSO, StepName.DAYS])
async def test_words_where_none_are_needed_lead_to_the_buttons(asking: RunningBot, step: StepName) -> None:
    anna = await asking.member()
    await at(asking, anna, step, services=(ServiceCount(PASSPORT),))

    await anna.send("irgendwas")

    hint = await anna.sees("nichts Geschriebenes")
    await anna.settled()
    assert hint.buttons
    buttons = [bool(one.buttons) for one in anna.screen() if one.by_bot]
    assert buttons == [False, True], "the older message has lost its buttons"


@pytest.mark.parametrize("content", [{"step": "dance"}, {"services": "none"}, {"view": 7}])
async def test_a_draft_that_nobody_can_read_is_begun_anew(asking: RunningBot, content: dict[str, object]) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    await anna.sees("Wie ist der Vorname")
    await keep(asking, anna, content)

    await anna.send("Anna")
    await anna.sees("gibt es nicht mehr")
    await anna.click("Neuer Wunsch")

    assert "Wie ist der Vorname" in shown(anna)


async def test_a_draft_that_was_swept_is_said_to_be_gone(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(PASSPORT),))
    chat = await asking.chat(anna)
    assert chat is not None
    await asking.act(lambda session: drafts.drop(session, chat.id, KIND))

    await anna.click("Weiter")

    await anna.sees("gibt es nicht mehr")


async def test_without_the_citys_list_it_says_so_and_goes_on_when_it_is_there(idle_bot: RunningBot) -> None:
    await idle_bot.start()
    anna = await idle_bot.member()
    await stands_for(idle_bot, anna, ADA)
    await anna.send("/wish")
    await anna.click("Adelheid Zwickelsdorfer")
    await anna.sees("lasse sie gerade holen")
    assert [one.actor_name for one in messages(idle_bot.redis_url, "looking")] == ["catalog"], "somebody is sent for it"
    form = await form_of(idle_bot, anna)
    assert form is not None
    assert form.person_id is not None, "what was said is kept"

    await begin(idle_bot, catalog=city())
    await anna.click("Noch einmal versuchen")

    assert "Worum geht es" in shown(anna)
    assert await idle_bot.database.read(lambda session: catalogs.latest(session, SITE)) is not None


def test_the_steps_of_the_table_are_each_there_once() -> None:
    names = [one.name for one in STEPS]

    assert names == sorted(set(names), key=list(StepName).index)


async def test_a_name_that_comes_again_after_a_kill_is_not_the_family_name_too(
    asking: RunningBot, telegram: Telegram
) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    await anna.sees("Vorname")
    await anna.send("Adelheid")
    await anna.sees("Familienname?")
    await anna.settled()
    await asking.stop()
    chat = (await asking.chat(anna)) or pytest.fail("no chat")

    def unnoted(session: Session) -> None:  # as it is when the kill comes before the update was noted
        chats.get(session, chat.id).last_update_id = None

    await asking.act(unnoted)
    [posting] = [one for one in telegram.store.postings[anna.id] if one.text == "Adelheid"]
    again = telegram.store.message(posting, anna.account)
    telegram.store.updates.append({"update_id": chat.last_update_id, "message": again})
    await asking.start()
    noted = asking.database.read
    await until(lambda: noted(lambda session: chats.get(session, chat.id).last_update_id))

    assert len(anna.bot_said()) == 3
    assert "Familienname?" in shown(anna)
    assert "zu lang" not in shown(anna)
