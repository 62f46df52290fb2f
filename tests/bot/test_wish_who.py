"""Whom an appointment is for: chosen, entered question by question, refused in kind words, corrected."""

from dataclasses import replace

import pytest

from bot.wish.form import Form, StepName
from core.caps import Caps
from core.contact import Contact
from core.slots import utc_now
from models import mandates, people
from tests.bot.conftest import RunningBot
from tests.bot.wish_cast import ADA, at, begin, contacts_of, form_of, labels, put, shown, stands_for
from tests.models_cast import watch_of
from tests.telegram.server import Telegram

WORDS = {
    "de": ("Vorname", "Familienname", "E-Mail", "Telefon", "Ohne weiter", "Stimmt das so?", "Ja, es stimmt", "Worum"),
    "en": ("first name", "family name", "mail", "telephone", "Go on without", "Is this right?", "Yes, it is", "about"),
}
BELA = Contact("Béla", "Oberhuber", "bela@example.org", "+498912345")


@pytest.fixture
async def asking(idle_bot: RunningBot) -> RunningBot:
    await begin(idle_bot)
    return idle_bot


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_somebody_new_is_entered_in_four_questions(asking: RunningBot, language: str) -> None:
    first, last, mail, phone, skip, right, agree, then = WORDS[language]
    anna = await asking.member(language_code=language)

    await anna.send("/wish")
    for question, answer in ((first, " Adelheid "), (last, "Zwickelsdorfer"), (mail, "adelheid@example.org")):
        await anna.sees(question)
        await anna.send(answer)
    await anna.sees(phone)
    await anna.click(skip)
    summary = await anna.sees(right)
    await anna.click(agree)
    await anna.sees(then)

    assert "Adelheid" in summary.text
    assert await contacts_of(asking, anna) == [ADA]
    form = await form_of(asking, anna)
    assert form is not None
    assert (form.step, form.view) == (StepName.SERVICE, {})


async def test_with_the_person_the_mandate_is_recorded_as_it_was_read(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    for answer in ("Adelheid", "Zwickelsdorfer", "adelheid@example.org", "089 / 12 34 56-7"):
        await anna.send(answer)

    read = (await anna.sees("jederzeit widerrufen")).text
    await anna.click("Ja, es stimmt")
    await anna.sees("Worum geht es")

    form = await form_of(asking, anna)
    assert form is not None
    person_id = form.person_id
    assert person_id is not None
    mandate = await asking.database.read(lambda session: mandates.valid(session, person_id, now=utc_now()))
    assert mandate is not None
    assert mandate.what in read
    assert "in ihrem Namen ein Termin gebucht" in mandate.what
    assert [one.phone for one in await contacts_of(asking, anna)] == ["0891234567"]


REFUSED = [
    (0, "A" * 4096, "höchstens 50 Zeichen"),
    (0, "Anna 🎉", "nur Buchstaben"),
    (0, "007", "nur Buchstaben"),
    (0, "\u202e\u200b", "fehlt noch etwas"),
    (0, "<script>alert(1)</script>", "nur Buchstaben"),
    (2, "anna+termin@example.org", "Pluszeichen"),
    (2, "anna", "name@example.org"),
    (2, f"{'a' * 50}@example.org", "höchstens 50 Zeichen"),
    (2, "anna🎉@example.org", "name@example.org"),
    (3, "12", "7 bis 15 Ziffern"),
    (3, "ruf an!", "7 bis 15 Ziffern"),
]


@pytest.mark.parametrize(("question", "answer", "reason"), REFUSED)
async def test_what_the_city_would_not_take_is_refused_and_asked_again(
    asking: RunningBot, question: int, answer: str, reason: str
) -> None:
    anna = await asking.member()
    answers, asked = ("Anna", "Muster", "anna@example.org"), ("Vorname", "Familienname", "E-Mail", "Telefonnummer")
    await anna.send("/wish")
    for good in answers[:question]:
        await anna.send(good)

    await anna.send(answer)

    refused = await anna.sees(reason)
    assert asked[question] in refused.text, "the same question stands below the reason"
    assert refused.buttons
    form = await form_of(asking, anna)
    assert form is not None
    assert [form.view["newcomer"][one] for one in ("first_name", "last_name", "mail")[:question]] == [
        *answers[:question]
    ]


async def test_a_name_written_from_right_to_left_is_taken(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    for answer in ("\u202eרבקה", "כהן", "rivka@example.org", "0891234567"):
        await anna.send(answer)

    await anna.click("Ja, es stimmt")
    await anna.sees("Worum geht es")

    assert [one.family_name for one in await contacts_of(asking, anna)] == ["רבקה כהן"]


async def test_pictures_and_the_like_are_answered_and_a_sent_number_is_taken(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    await anna.send_photo()
    await anna.sees("nur Geschriebenes lesen")
    for answer in ("Anna", "Muster", "anna@example.org"):
        await anna.send(answer)

    await anna.send_contact("491511234567")

    await anna.sees("+491511234567")
    await anna.sees("Stimmt das so?")


async def test_every_line_can_be_changed_before_it_is_saved(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    for answer in ("Adelhaid", "Zwickelsdorfer", "adelheid@example.org", "0891234567"):
        await anna.send(answer)

    await anna.click("Vorname ändern")
    await anna.send("Adelheid")
    await anna.click("Telefonnummer ändern")
    await anna.click("Entfernen")
    await anna.click("E-Mail-Adresse ändern")
    await anna.click("Zurück")
    await anna.click("Ja, es stimmt")
    await anna.sees("Worum geht es")

    assert await contacts_of(asking, anna) == [ADA]


async def test_back_leads_one_question_back_with_nothing_lost(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    await anna.sees("Vorname")
    assert labels(anna) == ["Abbrechen"], "before the first question there is nothing"
    await anna.send("Adelhaid")
    await anna.send("Zwickelsdorfer")
    await anna.sees("E-Mail-Adresse?")

    await anna.click("Zurück")
    await anna.sees("Wie ist der Familienname")
    await anna.click("Zurück")
    await anna.sees("Wie ist der Vorname")
    await anna.send("Adelheid")
    await anna.send("Zwickelsdorfer")

    so_far = await anna.sees("E-Mail-Adresse?")
    assert "Adelheid" in so_far.text
    assert "Zwickelsdorfer" in so_far.text


async def test_the_half_entered_survive_a_restart_sealed(asking: RunningBot) -> None:
    anna = await asking.member()
    await anna.send("/wish")
    await anna.send("Adelheid")
    await anna.sees("Familienname")

    await asking.restart()
    await anna.send("Zwickelsdorfer")

    await anna.sees("E-Mail-Adresse?")


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
