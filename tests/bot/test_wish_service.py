"""What the appointment is for: the usual, words of one's own, the whole list; and how much of it at once."""

import pytest

from bot.wish.form import Form, StepName
from core.services import ServiceCount
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_cast import at, begin, form_of, labels, put, shown
from tests.city_cast import BUSINESS, CAR_HERE, IDENTITY, PASSPORT, PENSION, REGISTRATION
from tests.telegram.server import Telegram

USUAL = {
    "de": ["Wohnsitzanmeldung", "Reisepass", "Personalausweis"],
    "en": [
        "Register an address – Wohnsitzanmeldung",
        "Passport – Reisepass",
        "Identity card – Personalausweis",
    ],
}


@pytest.fixture
async def asking(idle_bot: RunningBot) -> RunningBot:
    await begin(idle_bot)
    return idle_bot


async def services(bot: RunningBot, user: User) -> dict[int, int]:
    form = await form_of(bot, user)
    assert form is not None
    return {one.service_id: one.count for one in form.services}


@pytest.mark.parametrize("language", sorted(USUAL))
async def test_what_is_asked_most_is_a_tap_away(asking: RunningBot, language: str) -> None:
    anna = await asking.member(language_code=language)
    await at(asking, anna, StepName.SERVICE)

    assert labels(anna)[:3] == USUAL[language]
    assert labels(anna)[-3].endswith("(18)")
    await anna.click(USUAL[language][1])

    assert await services(asking, anna) == {PASSPORT: 1}
    form = await form_of(asking, anna)
    assert form is not None
    assert form.step is StepName.ALSO


@pytest.mark.parametrize(
    ("language", "typed", "label"),
    [
        ("de", "ummeldung", "Wohnsitzanmeldung"), ("de", "Fürungszeugnis", "Führungszeugnis"),
        ("en", "register my address", "Register an address – Wohnsitzanmeldung"),
        ("en", "criminal record", "Certificate of good conduct – Führungszeugnis"),
    ],
)  # fmt: skip
async def test_it_is_found_by_words(asking: RunningBot, language: str, typed: str, label: str) -> None:
    anna = await asking.member(language_code=language)
    await at(asking, anna, StepName.SERVICE)

    await anna.send(typed)
    await anna.sees(f"“{typed}”" if language == "en" else f"„{typed}“")
    await anna.click(label)

    assert len(await services(asking, anna)) == 1


@pytest.mark.parametrize(
    ("language", "typed", "says"),
    [
        ("de", "pizza", "finde ich nichts"), ("en", "pizza", "find nothing"),
        ("de", "blaue karte", "„Blaue Karte EU“ steht nicht in der Liste"),
        ("en", "blue card", "“Blaue Karte EU” is not in the list"),
        ("de", "neuer Pass für unseren Sohn Xaver", "finde ich nicht genau"),
        ("de", "<b>" * 2000, "finde ich nichts"),
    ],
    ids=lambda value: value[:20],
)  # fmt: skip
async def test_what_is_not_there_is_said_to_be_so(asking: RunningBot, language: str, typed: str, says: str) -> None:
    anna = await asking.member(language_code=language)
    await at(asking, anna, StepName.SERVICE)

    await anna.send(typed)

    await anna.sees(says)
    assert any(label.endswith("(18)") for label in labels(anna)), "the whole list is always a way on"
    assert await services(asking, anna) == {}


async def test_long_lists_are_turned_page_by_page(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.SERVICE)

    await anna.click("Alle Leistungen")
    assert "Seite 1 von 3" in shown(anna)
    await anna.click("Nächste Seite")
    await anna.click("Nächste Seite")
    assert "Seite 3 von 3" in shown(anna)
    assert "Nächste Seite" not in labels(anna)
    await anna.click("Seite davor")
    assert "Seite 2 von 3" in shown(anna)
    await anna.click("Zurück")
    assert "Worum geht es" in shown(anna)
    assert len([one for one in anna.screen() if one.by_bot]) == 1, "it is all one message"


@pytest.mark.parametrize("data", ["1wsvc:999", "1wsvc:-1", "1wsvc:abc", "1wevery:99999999", "1wfound:-5"])
async def test_forged_numbers_do_no_harm(asking: RunningBot, telegram: Telegram, data: str) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.SERVICE)

    await anna.press(data)

    assert await services(asking, anna) == {}
    assert "Fehler" not in str(anna)
    assert telegram.refused() == []


async def test_what_has_nothing_to_add_is_passed_by_in_both_directions(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.SERVICE)

    await anna.send("Rente")
    await anna.click("Auskunft zur Rente")
    assert "Schritt 4" in shown(anna)
    await anna.click("Zurück")

    assert "Schritt 2" in shown(anna)
    assert "Weiterhin Auskunft zur Rente (Telefon-Termin)" in labels(anna)


async def test_several_and_more_in_one_appointment(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(PASSPORT),))
    assert "1 weniger: Reisepass" not in labels(anna), "what it is about stays"

    await anna.click("1 mehr: Reisepass")
    await anna.click("Dazu: Personalausweis")
    assert "1 weniger: Reisepass" in labels(anna)
    assert "1 mehr: Reisepass" not in labels(anna), "two at most"
    await anna.click("1 weniger: Reisepass")
    await anna.click("1 mehr: Personalausweis")
    assert await services(asking, anna) == {PASSPORT: 1, IDENTITY: 2}
    await anna.click("1 weniger: Personalausweis")
    await anna.click("Ohne: Personalausweis")
    assert await services(asking, anna) == {PASSPORT: 1}
    await anna.click("Weiter")

    assert "Wo?" in shown(anna)


@pytest.mark.parametrize(
    ("main", "tapped", "says"),
    [
        (PASSPORT, f"1wmany:{PASSPORT}:3", "höchstens 2-mal"),
        (PASSPORT, f"1wmany:{BUSINESS}:1", "geht nicht in einem Termin mit"),
        (PASSPORT, "1wmany:77:1", "Diese Leistung hat die Stadt nicht"),
        (BUSINESS, f"1wmany:{BUSINESS}:999", "höchstens 3-mal"),
    ],
)
async def test_what_the_city_refuses_is_refused_in_words_and_nothing_is_lost(
    asking: RunningBot, main: int, tapped: str, says: str
) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(main),))

    await anna.press(tapped)

    await anna.sees(says)
    assert await services(asking, anna) == {main: 1}


async def test_the_main_service_cannot_be_taken_away_by_a_forged_tap(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(PASSPORT), ServiceCount(IDENTITY)))

    await anna.press(f"1wmany:{PASSPORT}:0")

    assert await services(asking, anna) == {PASSPORT: 1, IDENTITY: 1}


async def test_a_number_goes_up_to_what_the_city_gives(asking: RunningBot) -> None:
    anna = await asking.member()
    await at(asking, anna, StepName.ALSO, services=(ServiceCount(CAR_HERE),))

    await anna.click("1 mehr: Umschreibung")
    assert await services(asking, anna) == {CAR_HERE: 2}
    assert not [one for one in labels(anna) if one.startswith("1 mehr")], "the City gives two at most"
    await anna.press(f"1wmany:{CAR_HERE}:3")
    await anna.sees("höchstens 2-mal")


async def test_another_service_in_a_wish_that_was_seen_asks_only_what_does_not_go_any_more(
    asking: RunningBot,
) -> None:
    anna = await asking.member()
    person = await at(asking, anna, StepName.SERVICE)
    seen = Form(person_id=person, services=(ServiceCount(REGISTRATION),), office_ids=(10503,), reviewed=True)
    await put(asking, anna, seen.at(StepName.SERVICE))
    assert "Ihre Suche wird geändert" in shown(anna)

    await anna.click("Weiterhin Wohnsitzanmeldung")
    assert "SUMMARY 1 services at 1 offices" in shown(anna)
    await put(asking, anna, seen.at(StepName.SERVICE))
    await anna.click("Reisepass")
    await anna.click("Weiter")

    assert "Wo?" in shown(anna), "the office that was chosen does no passports"
    form = await form_of(asking, anna)
    assert form is not None
    assert (form.office_ids, form.reviewed) == ((), True)


async def test_a_service_that_the_city_gave_up_is_asked_for_again(asking: RunningBot) -> None:
    anna = await asking.member()
    person = await at(asking, anna, StepName.SERVICE)

    await put(asking, anna, Form(person_id=person, services=(ServiceCount(777),)).at(StepName.ALSO))

    assert "Worum geht es" in shown(anna)
    assert PENSION not in await services(asking, anna)
