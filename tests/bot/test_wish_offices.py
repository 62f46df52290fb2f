"""Where: in order of preference or anywhere, the nearest first, and nothing missing that an office demands."""

from typing import Any

import pytest

from bot.wish.form import Form, Near, StepName
from core.catalog import Catalog
from core.services import ServiceCount
from rehearsal.telegram.client import User
from tests.bot.conftest import RunningBot
from tests.bot.wish_cast import at, begin, contacts_of, form_of, labels, put, shown
from tests.city_cast import BUSINESS, CAR_HERE, ORLEANS, PASING, PASSPORT, PENSION, RUPPERT, city

FORSTENRIED, LEONROD, SCHEIDPLATZ, PASSPORTS = 102526, 102523, 102524, 10502
TEXTS = {
    "de": ("Als 1. Wahl: Bürgerbüro Pasing", "Doch nicht (1. Wahl)", "2. Wahl: Bürgerbüro Scheidplatz", "3,9 km"),
    "en": ("As choice 1: Bürgerbüro Pasing", "Rather not (choice 1)", "Choice 2: Bürgerbüro Scheidplatz", "3.9 km"),
}


@pytest.fixture
async def asking(idle_bot: RunningBot) -> RunningBot:
    await begin(idle_bot)
    return idle_bot


async def where(bot: RunningBot, user: User, *services: int, **chosen: Any) -> None:
    """The user's wish for these services, in step OFFICES."""
    wanted = tuple(ServiceCount(one) for one in services or (PASSPORT,))
    await at(bot, user, StepName.OFFICES, services=wanted, **chosen)


async def form(bot: RunningBot, user: User) -> Form:
    found = await form_of(bot, user)
    assert found is not None
    return found


async def test_the_first_tap_is_the_first_choice(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna)

    await anna.click("Als 1. Wahl: Bürgerbüro Scheidplatz")
    await anna.click("Als 2. Wahl: Bürgerbüro Ruppertstraße")
    await anna.click("Als 3. Wahl: Bürgerbüro Leonrodstraße")
    await anna.click("Doch nicht (1. Wahl)")
    assert "1. Wahl: Bürgerbüro Ruppertstraße\n2. Wahl: Bürgerbüro Leonrodstraße" in shown(anna)
    await anna.click("Weiter mit 2 Stellen")

    assert shown(anna).endswith("DAYS 1 services at 2 offices")
    assert (await form(asking, anna)).office_ids == (PASSPORTS, LEONROD)


@pytest.mark.parametrize("language", sorted(TEXTS))
async def test_the_nearest_stands_first_in_both_languages(asking: RunningBot, language: str) -> None:
    take, leave, second, kilometres = TEXTS[language]
    anna = await asking.member(language_code=language)
    await where(asking, anna)

    await anna.send_location(48.152345, 11.514321)
    await anna.sees(kilometres)
    offices = [label for label in labels(anna) if "Bürgerbüro" in label]
    assert "Leonrodstraße" in offices[0]
    assert (await form(asking, anna)).near == Near(latitude=48.152, longitude=11.514)
    await anna.click(take)
    assert any(label.startswith(leave) for label in labels(anna))
    await anna.click("Scheidplatz")

    assert second in shown(anna)


async def test_a_district_is_tapped_or_written(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna)

    await anna.click("Nach Stadtteil sortieren")
    assert len([label for label in labels(anna) if label not in ("Zu den Stellen", "Zurück", "Abbrechen")]) == 25
    await anna.click("Pasing-Obermenzing")
    assert "von Pasing-Obermenzing, in Luftlinie" in shown(anna)
    assert next(one for one in labels(anna) if "Wahl" in one) == "Als 1. Wahl: Bürgerbüro Pasing"
    await anna.send("solln")
    await anna.sees("Fürstenried-Solln, in Luftlinie")
    assert next(one for one in labels(anna) if "Wahl" in one) == "Als 1. Wahl: Bürgerbüro Forstenrieder Allee"
    await anna.send("Timbuktu")
    await anna.sees("Diesen Stadtteil kenne ich nicht")
    await anna.click("Nicht nach Entfernung sortieren")

    assert (await form(asking, anna)).near is None


async def test_any_office_will_do_once_nothing_is_missing(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna)

    await anna.click("Egal, jede Stelle ist recht")
    await anna.sees("Zusätzliche Bemerkungen: verlangt von Bürgerbüro Orleansplatz, Bürgerbüro Pasing")
    await anna.click("Angabe ergänzen")
    asked = await anna.sees("unter „Zusätzliche Bemerkungen“ stehen")
    assert asked.text.startswith("Schritt 4 von 5"), "it is still the step that asks where"
    await anna.send("Neuer Reisepass")
    assert (await anna.sees("Stimmt das so?")).text.startswith("Schritt 4 von 5")
    await anna.click("Ja, so speichern")

    await anna.sees("DAYS 1 services at 0 offices")
    assert [one.remarks for one in await contacts_of(asking, anna)] == ["Neuer Reisepass"]


async def test_who_gives_nothing_more_takes_the_other_offices(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna)

    await anna.click("Egal, jede Stelle ist recht")
    await anna.click("Nur die anderen Stellen nehmen")

    assert (await form(asking, anna)).step is StepName.DAYS
    assert (await form(asking, anna)).office_ids == (PASSPORTS, FORSTENRIED, LEONROD, SCHEIDPLATZ)


async def test_the_persons_order_stays_when_some_offices_fall_away(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna, office_ids=(SCHEIDPLATZ, PASING, PASSPORTS))

    await anna.click("Weiter mit 3 Stellen")
    await anna.click("Nur die anderen Stellen nehmen")

    assert (await form(asking, anna)).office_ids == (SCHEIDPLATZ, PASSPORTS)


async def test_a_demanded_telephone_number_is_asked_for(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna, PENSION)
    assert "verlangt eine Telefonnummer" in shown(anna)

    await anna.click("Weiter mit dieser Stelle")
    missing = await anna.sees("Hier fehlt noch etwas")
    assert "Sozialversicherungsnummer" in missing.text
    assert "Nur die anderen Stellen nehmen" not in labels(anna), "there are no others"
    await anna.click("Angabe ergänzen")
    await anna.sees("vergibt ohne sie keinen Termin")
    assert "Ohne weiter" not in labels(anna)
    await anna.click("Zurück")
    assert "Wo?" in shown(anna)
    await anna.click("Weiter mit dieser Stelle")
    await anna.click("Angabe ergänzen")
    await anna.send("089 1234567")
    await anna.sees("unter „Sozialversicherungsnummer“ stehen")
    await anna.send("65 170839 J 003")
    await anna.click("Ja, so speichern")
    await anna.sees("DAYS")

    assert [(one.phone, one.remarks) for one in await contacts_of(asking, anna)] == [("0891234567", "65 170839 J 003")]


async def test_where_there_is_one_office_there_is_nothing_to_choose(asking: RunningBot) -> None:
    anna = await asking.member()
    await where(asking, anna, BUSINESS)

    assert "nur eine Stelle" in shown(anna)
    assert "Gewerbeamt, Implerstraße 11" in shown(anna)
    assert labels(anna) == ["Weiter mit dieser Stelle", "Zurück", "Abbrechen"]


async def test_offices_with_the_check_box_are_named_where_there_are_others(asking: RunningBot) -> None:
    catalog = city()
    free = tuple(
        one.model_copy(update={"scope": one.scope.model_copy(update={"captcha": one.id != PASING})})
        if one.scope is not None
        else one
        for one in catalog.offices
    )
    anna = await asking.member()
    await where(asking, anna)
    assert "Bei allen diesen Stellen fragt die Stadt mit einem Kontrollkästchen" in shown(anna)
    await put(asking, anna, (await form(asking, anna)).changed(services=(ServiceCount(CAR_HERE),)))
    assert "Kontrollkästchen" not in shown(anna)

    await begin(asking, catalog=Catalog(offices=free, services=catalog.services, relations=catalog.relations))
    await put(asking, anna, (await form(asking, anna)).changed(services=(ServiceCount(PASSPORT),)))

    lines = shown(anna).splitlines()
    assert [line.endswith("mit Kontrollkästchen") for line in lines if "Pasing," in line] == [False]
    assert [line.endswith("mit Kontrollkästchen") for line in lines if "Scheidplatz," in line] == [True]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("1wtake:999", "Diese Stelle hat die Stadt nicht"),
        (f"1wtake:{RUPPERT}", "Diese Stelle hat die Stadt nicht"),
        ("1wplaces", "Bitte wählen Sie erst eine Stelle"),
        ("1wdist:99", "Wo?"),
        ("1woffp:-7", "Wo?"),
        ("1wless", "DAYS"),
        ("1wgive", "Zusätzliche Bemerkungen"),
    ],
)
async def test_forged_taps_do_no_harm(asking: RunningBot, data: str, says: str) -> None:
    anna = await asking.member()
    await where(asking, anna)

    await anna.press(data)

    assert says in shown(anna)
    assert {RUPPERT, 999} & set((await form(asking, anna)).office_ids) == set()


async def test_several_offices_of_one_name_at_one_address_are_one_choice(asking: RunningBot) -> None:
    catalog = city()
    twins = tuple(
        one.model_copy(update={"name": "Bürgerbüro Orleansplatz", "street": "Orleansstraße 50", "postal_code": "81667"})
        if one.id == LEONROD
        else one
        for one in catalog.offices
    )
    await begin(asking, catalog=Catalog(offices=twins, services=catalog.services, relations=catalog.relations))
    anna = await asking.member()
    await where(asking, anna)

    await anna.click("Als 1. Wahl: Bürgerbüro Orleansplatz")

    assert set((await form(asking, anna)).office_ids) == {ORLEANS, LEONROD}
    assert shown(anna).count("1. Wahl") == 1


async def test_pages_of_offices_are_turned(asking: RunningBot) -> None:
    catalog = city()
    many = tuple(
        one.model_copy(update={"id": one.id * 10 + copy, "name": f"{one.name} {copy}"})
        for copy in range(3)
        for one in catalog.offices
        if one.id in (ORLEANS, PASING, LEONROD, SCHEIDPLATZ)
    )
    relations = tuple(
        one.model_copy(update={"office_id": office.id})
        for office in many
        for one in catalog.relations
        if one.office_id == office.id // 10
    )
    await begin(asking, catalog=Catalog(offices=many, services=catalog.services, relations=relations))
    anna = await asking.member()
    await where(asking, anna)

    assert "Seite 1 von 2" in shown(anna)
    await anna.click("Nächste Seite")
    await anna.click("Als 1. Wahl")

    assert "Seite 2 von 2" in shown(anna), "it stays on its page"
