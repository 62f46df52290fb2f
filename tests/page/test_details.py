"""Single corners of the practice page: search, list view, hours, traps of the form, and what a failure looks like."""

import re
from itertools import count

import pytest
from playwright.async_api import expect

from rehearsal.settings import Dialect
from tests.page.walker import Walker, at, in_days, spoken_day
from tests.rehearsal_fixtures import ABMELDUNG, KFZ, ORLEANSPLATZ, PASING, WOHNSITZ

OFFICE = "KfZ Zulassungsstelle"
START = at(in_days(3), 9)
TIMES = "/available-"
CALENDAR = {Dialect.FEB: "available-days-by-office", Dialect.AUG: "available-calendar"}


async def at_contact(walker: Walker) -> None:
    await walker.offer(KFZ, START, at(in_days(3), 9, 30))
    await walker.open(f"services/{ABMELDUNG}")
    await walker.to_contact(START, OFFICE)


async def test_a_service_is_found_by_typing(walker: Walker) -> None:
    page = walker.page
    await walker.open()
    await expect(page.get_by_role("link", name="Kfz-Abmeldung")).to_be_visible()

    await page.get_by_role("combobox").press("Enter")
    await page.get_by_role("searchbox", name="Leistung auswählen").fill("abmeld")
    await page.get_by_role("option", name="Fahrzeug abmelden").click()

    await expect(page.locator(f"#service-{ABMELDUNG}")).to_be_visible()
    await walker.button("Anzahl Fahrzeug abmelden erhöhen auf 2").click()
    await expect(walker.button("Anzahl Fahrzeug abmelden erhöhen auf 3")).to_be_disabled()


async def test_several_offices_show_one_hour_at_a_time(walker: Walker) -> None:
    # given twenty slots a day at two offices, of which one has the captcha solved for both
    page, day = walker.page, START.date()
    for office in (ORLEANSPLATZ, PASING):
        await walker.offer(office, *(at(day, 8 + n // 4, n % 4 * 15) for n in range(10)))
    await walker.open(f"services/{WOHNSITZ}")
    await walker.solve_captcha()

    # when February has asked for the day's times a second time, which takes the hour back to the first
    answers = count(1)
    last = 3 if walker.feb else 1  # the days, and twice the times
    async with page.expect_response(lambda answer: TIMES in answer.url and next(answers) == last):
        await walker.forward()

    # then
    await expect(page.get_by_role("checkbox", name=re.compile("^Bürgerbüro Pasing Landsberger"))).to_be_checked()
    await expect(page.locator(f"#checkbox-provider-{PASING}")).to_have_attribute("name", "checkbox")
    await expect(page.get_by_role("heading", name="Bürgerbüro Pasing", level=5)).to_be_visible()
    await expect(page.get_by_text("8:00-8:59")).to_have_count(2)
    await expect(walker.button("Früher")).to_be_disabled()
    await walker.button("Später").click()
    await expect(page.get_by_text("9:00-9:59")).to_have_count(2)
    await expect(page.get_by_text("8:00-8:59")).to_have_count(0)
    await page.locator(f"#checkbox-provider-{PASING}").uncheck()
    await expect(page.get_by_role("heading", name="Bürgerbüro Pasing", level=5)).to_have_count(0)


async def test_an_offices_label_takes_no_click(walker: Walker) -> None:
    page = walker.page
    await walker.offer(ORLEANSPLATZ, START)
    await walker.offer(PASING, START)
    await walker.open(f"services/{WOHNSITZ}")
    await walker.solve_captcha()
    await walker.forward()
    box = page.get_by_role("checkbox", name=re.compile("^Bürgerbüro Pasing"))

    await page.locator(f"label[for=checkbox-provider-{PASING}]").click()

    await expect(box).to_be_checked()
    await box.press(" ")
    await expect(box).not_to_be_checked()


async def test_coming_back_to_the_calendar_asks_anew_unless_it_was_kept(walker: Walker) -> None:
    # given a slot chosen and held
    await at_contact(walker)
    chosen = walker.callout("Ausgewählter Termin")
    asked = len(await walker.city.look("requests", endpoint=CALENDAR[walker.city.dialect]))

    # when
    await walker.button("Zurück").click()

    # then FEB has forgotten the choice, AUG has kept the whole step
    await expect(walker.button(f"09:30 Uhr, {OFFICE}")).to_be_visible()
    await expect(chosen).to_have_count(0 if walker.feb else 1)
    again = len(await walker.city.look("requests", endpoint=CALENDAR[walker.city.dialect]))
    assert (again > asked) is walker.feb


async def test_the_list_opens_day_by_day(walker: Walker) -> None:
    page = walker.page
    await walker.offer(KFZ, *(at(in_days(n), 9) for n in range(1, 8)))
    await walker.open(f"services/{ABMELDUNG}")
    await walker.forward()

    await walker.button("Kalenderansicht aktiv. Zur Listenansicht wechseln").click()

    await expect(walker.button("Listenansicht aktiv. Zur Kalenderansicht wechseln")).to_be_visible()
    days = page.get_by_role("heading", level=4).get_by_role("button")
    await expect(days).to_have_count(5)
    await walker.button("Mehr laden").click()
    await expect(days).to_have_count(7)
    last = spoken_day(in_days(7))
    await walker.button(last).click()
    region = page.get_by_role("region", name=last)
    await expect(region.get_by_role("button", name=f"09:00 Uhr, {OFFICE}")).to_be_visible()


async def test_a_required_but_hidden_field_blocks_without_a_word(walker: Walker) -> None:
    await walker.city.order(
        "scope", office=KFZ, changes={"text": {"label": "Zusätzliche Bemerkungen", "use": "required_hidden"}}
    )
    await at_contact(walker)
    await walker.introduce()

    await walker.forward()
    await walker.forward()

    await expect(walker.heading("Kontaktdaten", 2)).to_be_visible()
    await expect(walker.page.get_by_role("alert")).to_have_count(0)
    assert await walker.city.look("requests", endpoint="update-appointment") == []


async def test_the_fiftieth_character_draws_an_error_that_does_not_block(walker: Walker) -> None:
    await at_contact(walker)
    await walker.introduce()
    await walker.page.get_by_role("textbox", name="Vorname").fill("A" * 50)
    error = "Ihre Eingabe in diesem Feld darf 50 Zeichen nicht überschreiten."
    await expect(walker.page.get_by_role("alert")).to_have_text(error)

    await walker.forward()

    await expect(walker.heading("Ihr Termin", 2)).to_be_visible()


async def test_a_slot_that_is_gone_leaves_the_calendar_with_a_callout(walker: Walker) -> None:
    await walker.offer(KFZ, START)
    await walker.city.order("mood", add=["gone"])
    await walker.open(f"services/{ABMELDUNG}")
    await walker.forward()
    slot = await walker.choose(START, OFFICE)

    await walker.forward()

    await expect(walker.callout("Ihr gewählter Termin ist nicht mehr verfügbar.")).to_be_visible()
    await expect(slot).to_be_visible()


async def test_nothing_free_is_said_and_keeps_weiter_off(walker: Walker) -> None:
    await walker.open(f"services/{ABMELDUNG}")
    await walker.forward()

    await expect(walker.callout("Aktuell ist kein Termin verfügbar.")).to_be_visible()
    await expect(walker.button("Weiter")).to_be_disabled()


@pytest.mark.parametrize(
    ("mood", "headline"),
    [
        ("maintenance", "Wir aktualisieren unser System für Sie."),
        ("bad-gateway", "Diese Funktion ist zur Zeit nicht verfügbar."),
        ("throttled", "Zu viele Anfragen"),
    ],
)
async def test_a_catalogue_that_fails_replaces_the_page(walker: Walker, mood: str, headline: str) -> None:
    await walker.city.order("mood", add=[f"{mood}:offices-and-services"])

    await walker.open()

    await expect(walker.callout(headline)).to_be_visible()
    await expect(walker.page.locator(".m-form-step")).to_have_count(0)


async def test_a_pair_that_does_not_fit_is_refused_at_the_door(walker: Walker) -> None:
    await walker.open(f"services/{WOHNSITZ}/locations/10502")

    await expect(walker.callout("Diese Ansicht kann nicht geladen werden.")).to_be_visible()
    await expect(walker.button("Termin vereinbaren")).to_be_visible()


async def test_the_moods_of_the_page_rename_a_control_and_a_headline(walker: Walker) -> None:
    await walker.city.order("mood", add=["missing-control", "unknown-headline"])
    await walker.offer(KFZ, START)
    await walker.open(f"services/{ABMELDUNG}")
    await walker.forward()
    await walker.choose(START, OFFICE)
    await expect(walker.button("Weiter")).to_have_count(0)
    await walker.button("Fortfahren").click()
    await walker.introduce()
    await walker.forward()
    await expect(walker.heading("Ihr Termin", 2)).to_be_visible()
    for box in await walker.page.get_by_role("checkbox").all():
        await box.press(" ")

    await walker.button("Termin reservieren").click()

    await expect(walker.heading("Wir haben Ihre Anfrage erhalten.", 2)).to_be_visible()
    assert (await walker.city.look("appointments"))[0]["status"] == "preconfirmed"
