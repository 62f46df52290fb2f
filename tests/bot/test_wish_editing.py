"""Changing what is there: a watch as a form, beside what is half made, and only one's own."""

from dataclasses import dataclass

import pytest

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Conversation, Tap
from bot.handlers import wish
from bot.wish.editing import form_of as form_of_watch
from bot.wish.editing import open_form
from bot.wish.form import Form, StepName
from bot.wish.step import Step
from core.services import ServiceCount
from core.slots import utc_now
from core.wishes import Mode
from models import watches
from tests.bot.conftest import RunningBot
from tests.bot.wish_cast import ADA, STEPS, at, begin, form_of, keep, labels, put, shown, stands_for
from tests.city_cast import PENSION, REGISTRATION
from tests.models_cast import watch_of


@pytest.fixture
async def asking(idle_bot: RunningBot) -> RunningBot:
    await begin(idle_bot)
    return idle_bot


async def test_a_watch_becomes_a_form_at_its_summary(asking: RunningBot) -> None:
    anna = await asking.member()
    person_id = (await stands_for(asking, anna, ADA))[0]
    watch = await asking.act(lambda session: watch_of(session, person_id=person_id, now=utc_now()))

    form = form_of_watch(watch)

    assert form == Form(
        step=StepName.SUMMARY, reviewed=True, person_id=person_id, services=tuple(watch.services),
        office_ids=tuple(watch.office_ids), rules=watch.rules, mode=Mode.AUTO, watch_id=watch.id,
    )  # fmt: skip
    assert Form.model_validate(form.model_dump(mode="json")) == form
    await put(asking, anna, form)
    assert "SUMMARY" in shown(anna)
    assert labels(anna) == ["Abbrechen"]


@dataclass(frozen=True)
class EditWatch(Callback, word="tedit", repeatable=True):
    watch_id: int


async def edit_watch(talk: Talk, chosen: EditWatch) -> None:
    """As the list of watches does it."""
    await open_form(talk, form_of_watch(await talk.read(lambda session: watches.get(session, chosen.watch_id))))


async def test_a_half_made_wish_is_not_lost_to_the_change_of_a_watch(asking: RunningBot) -> None:
    asking.more = (Conversation(taps=(Tap(EditWatch, edit_watch),)),)
    await asking.restart()
    anna = await asking.member()
    person_id = await at(asking, anna, StepName.ALSO, services=(ServiceCount(REGISTRATION),))
    watch = await asking.act(lambda session: watch_of(session, person_id=person_id, now=utc_now()))

    await anna.press(f"1tedit:{watch.id}")
    assert "Für Adelheid Zwickelsdorfer: Wohnsitzanmeldung" in shown(anna)
    assert labels(anna) == ["Damit weitermachen", "Verwerfen und den anderen ändern"]
    await anna.click("Damit weitermachen")
    assert "In einem Termin" in shown(anna)
    await anna.press(f"1tedit:{watch.id}")
    await anna.click("Verwerfen und den anderen ändern")
    await anna.sees("SUMMARY")

    form = await form_of(asking, anna)
    assert form is not None
    assert (form.watch_id, form.step) == (watch.id, StepName.SUMMARY)


async def test_a_step_with_nothing_to_ask_leads_back_to_the_summary_and_says_why(asking: RunningBot) -> None:
    to_also = Step(StepName.SUMMARY, STEPS[-1].draw, taps={ToAlso: to_the_counts})
    asking.every = (*asking.every[:-1], wish.conversation((*STEPS[:-1], to_also)))
    await asking.restart()
    anna = await asking.member()
    await at(asking, anna, StepName.SUMMARY, services=(ServiceCount(PENSION),))

    toast = await anna.press("1talso")

    assert toast.text == "Bei dieser Leistung gibt es da nichts zu wählen."
    assert "SUMMARY" in shown(anna)


@dataclass(frozen=True)
class ToAlso(Callback, word="talso"):
    pass


async def to_the_counts(_: Talk, form: Form, __: ToAlso) -> Form:
    return form.at(StepName.ALSO)


async def test_somebody_elses_watch_is_nobodys_to_change(asking: RunningBot) -> None:
    bert, anna = await asking.member("Bert"), await asking.member("Anna")
    theirs = (await stands_for(asking, bert, ADA))[0]
    watch = await asking.act(lambda session: watch_of(session, person_id=theirs, now=utc_now()))
    await anna.send("/wish")
    await anna.sees("Wie ist der Vorname")

    toast = await anna.press(f"1wedit:{watch.id}")
    await keep(asking, anna, Form(person_id=theirs, watch_id=watch.id).at(StepName.SUMMARY).model_dump(mode="json"))
    await anna.send("x")
    await anna.settled()

    assert toast.alert
    assert "SUMMARY" not in str(anna)
    await anna.send("/wish")
    await anna.settled()
    assert "Wie ist der Vorname" in shown(anna), "and the way to a wish of one's own is free"
