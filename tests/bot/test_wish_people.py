"""People whom a chat stands for: chosen from, corrected, refused, and gone."""

from dataclasses import replace

import pytest

from bot.wish.form import Form, StepName
from core.caps import Caps
from core.contact import Contact
from core.services import ServiceCount
from core.slots import utc_now
from models import people
from tests.bot.conftest import RunningBot
from tests.bot.wish_cast import ADA, at, begin, contacts_of, form_of, labels, put, shown, stands_for
from tests.city_cast import PENSION
from tests.models_cast import watch_of
from tests.telegram.server import Telegram

BELA = Contact("Béla", "Oberhuber", "bela@example.org", "+498912345")


@pytest.fixture
async def asking(idle_bot: RunningBot) -> RunningBot:
    await begin(idle_bot)
    return idle_bot


async def test_a_family_is_chosen_from(asking: RunningBot) -> None:
    anna = await asking.member()
    ids = await stands_for(asking, anna, ADA, BELA)

    await anna.send("/wish")
    await anna.sees("Für wen")
    assert labels(anna) == [
        "Adelheid Zwickelsdorfer", "Angaben: Adelheid Zwickelsdorfer",
        "Béla Oberhuber", "Angaben: Béla Oberhuber", "Jemand anderes", "Abbrechen",
    ]  # fmt: skip
    await anna.click("Béla Oberhuber")
    await anna.sees("Worum geht es")
    assert "Für Béla Oberhuber" in shown(anna)
    await anna.click("Zurück")
    await anna.click("Jemand anderes")
    await anna.sees("Wie ist der Vorname")
    await anna.click("Zurück")
    await anna.click("Weiterhin Béla Oberhuber")

    form = await form_of(asking, anna)
    assert form is not None
    assert form.person_id == ids[1]


async def test_details_are_changed_later(asking: RunningBot) -> None:
    anna = await asking.member()
    await stands_for(asking, anna, ADA)
    await anna.send("/wish")

    await anna.click("Angaben: Adelheid")
    summary = await anna.sees("Stimmt das so?")
    assert "widerrufen" not in summary.text, "the mandate was given before"
    await anna.click("Telefonnummer angeben")
    await anna.send("+49 89 1234567")
    await anna.click("E-Mail-Adresse ändern")
    await anna.send("ada@example.org")
    await anna.click("Ja, so speichern")
    await anna.sees("Für wen")

    assert await contacts_of(asking, anna) == [replace(ADA, mail="ada@example.org", phone="+49891234567")]


async def test_somebody_elses_name_and_address_are_refused_with_what_to_do(asking: RunningBot) -> None:
    bert, anna = await asking.member("Bert"), await asking.member("Anna")
    await stands_for(asking, bert, ADA)
    await anna.send("/wish")
    for answer in ("Adelheid", "Zwickelsdorfer", "adelheid@example.org"):
        await anna.send(answer)
    await anna.click("Ohne weiter")

    await anna.click("Ja, es stimmt")

    refused = await anna.sees("nicht von diesem Chat aus")
    assert "Stimmt das so?" in refused.text, "nothing is lost"
    assert await contacts_of(asking, anna) == []


async def test_who_has_enough_wishes_hears_so_at_once(asking: RunningBot, telegram: Telegram) -> None:
    await asking.restart(caps=Caps(watches_per_person=1))
    anna = await asking.member()
    person_id = (await stands_for(asking, anna, ADA))[0]
    await asking.act(lambda session: watch_of(session, person_id=person_id, now=utc_now()))

    await anna.send("/wish")
    await anna.click("Adelheid Zwickelsdorfer")

    refused = await anna.sees("nur eine Suche laufen")
    assert "Für wen" in refused.text
    assert telegram.refused() == []


async def test_a_forged_or_erased_person_is_nobody(asking: RunningBot) -> None:
    bert, anna = await asking.member("Bert"), await asking.member("Anna")
    theirs = (await stands_for(asking, bert, ADA))[0]
    await stands_for(asking, anna, BELA)
    await anna.send("/wish")
    await anna.sees("Für wen")

    toast = await anna.press(f"1wfor:{theirs}")
    await anna.press(f"1wabout:{theirs}")

    assert toast.alert
    assert "Adelheid" not in str(anna)
    await put(asking, anna, Form(person_id=theirs).at(StepName.SERVICE))
    await anna.sees("Für wen")
    form = await form_of(asking, anna)
    assert form is not None
    assert (form.person_id, form.step) == (None, StepName.WHO)


async def test_a_watch_keeps_its_person_and_their_details_can_be_changed(asking: RunningBot) -> None:
    anna = await asking.member()
    person_id = (await stands_for(asking, anna, ADA, BELA))[0]
    watch = await asking.act(lambda session: watch_of(session, person_id=person_id, now=utc_now()))
    await put(asking, anna, Form(person_id=person_id, watch_id=watch.id, reviewed=True).at(StepName.WHO))
    await anna.sees("Stimmt das so?")

    await anna.press("1wother")
    await anna.click("Telefonnummer angeben")
    await anna.send("0891234567")
    await anna.click("Ja, so speichern")
    await anna.sees("SUMMARY")

    assert "0891234567" in {one.phone for one in await contacts_of(asking, anna)}


async def test_who_was_erased_meanwhile_is_asked_for_again(asking: RunningBot) -> None:
    anna = await asking.member()
    person_id = await at(asking, anna, StepName.SERVICE)
    await asking.act(lambda session: people.erase(session, person_id, now=utc_now()))

    await anna.send("Reisepass")

    await anna.sees("Wie ist der Vorname")


async def test_what_an_office_demands_is_not_taken_away_while_it_is_looked_at(asking: RunningBot) -> None:
    anna = await asking.member()
    pensioner = replace(ADA, phone="+49891234567", remarks="65 170839 J 003")
    person_id = (await stands_for(asking, anna, pensioner))[0]
    await asking.act(
        lambda session: watch_of(
            session, person_id=person_id, services=[ServiceCount(PENSION)], office_ids=(), now=utc_now()
        )
    )
    await anna.send("/wish")
    await anna.click("Angaben: Adelheid")

    await anna.click("Telefonnummer ändern")
    await anna.click("Entfernen")
    await anna.click("Ja, so speichern")
    await anna.sees("verlangt eine Telefonnummer")
    assert await contacts_of(asking, anna) == [pensioner]
    await anna.click("Telefonnummer angeben")
    await anna.send("089 7654321")
    await anna.click("Ja, so speichern")
    await anna.sees("Für wen")

    assert await contacts_of(asking, anna) == [replace(pensioner, phone="0897654321")]
