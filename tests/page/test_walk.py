"""The whole way over the practice page, in both generations, with what the City's page shows at each step."""

import re

from playwright.async_api import expect

from tests.page.walker import Walker, at, in_days, spoken_day, spoken_month
from tests.rehearsal_fixtures import AUSWEIS, ORLEANSPLATZ, WOHNSITZ

OFFICE = "Bürgerbüro Orleansplatz"
MAIL = "anna@example.org"


async def test_from_the_deep_link_to_the_mailed_link(walker: Walker) -> None:
    start = at(in_days(3), 9)
    await walker.offer(ORLEANSPLATZ, start, at(in_days(3), 9, 15), at(in_days(4), 14))
    await walker.open(f"services/{WOHNSITZ}/locations/{ORLEANSPLATZ}")

    await _count_and_captcha(walker)
    await _pick_a_time(walker)
    await _introduce(walker)
    await _agree_and_book(walker)
    await _activate(walker)

    booked = (await walker.city.look("appointments"))[-1]
    assert (booked["status"], booked["name"], booked["start"]) == ("confirmed", "Anna Öchsle", start.timestamp())
    assert booked["services"] == [[WOHNSITZ, 1], [AUSWEIS, 1]]


async def _count_and_captcha(walker: Walker) -> None:
    page = walker.page
    await walker.is_at_step(1)
    await expect(walker.heading("Leistung", 2)).to_be_visible()
    main, sub = page.locator(f"#service-{WOHNSITZ}"), page.locator(f"#service-{AUSWEIS}")
    await expect(main).to_contain_text("Aktuell ausgewählte Anzahl für Wohnsitzanmeldung ist 1")
    await expect(walker.button("Anzahl Wohnsitzanmeldung reduzieren auf 0")).to_have_attribute("aria-disabled", "true")
    await expect(walker.heading("Kombinierbare Leistungen", 3)).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("erhöhen auf"))).to_have_count(4)
    await walker.button("Alle Leistungen anzeigen").click()
    await expect(page.get_by_role("button", name=re.compile("erhöhen auf"))).to_have_count(7)
    await walker.button("Anzahl Personalausweis erhöhen auf 1").click()
    await expect(sub).to_contain_text("Aktuell ausgewählte Anzahl für Personalausweis ist 1")
    await expect(page.get_by_text("30 Minuten")).to_be_visible()
    await expect(walker.button("Weiter")).to_be_disabled()
    await walker.solve_captcha()
    await walker.forward()


async def _pick_a_time(walker: Walker) -> None:
    page, start = walker.page, at(in_days(3), 9)
    await walker.is_at_step(2)
    await expect(page.locator(f"#provider-{ORLEANSPLATZ}").first).to_have_text(OFFICE)
    await expect(walker.heading("Zeit" if walker.feb else "Datum und Uhrzeit", 2)).to_be_visible()
    await expect(walker.heading(spoken_month(start), 3)).to_be_visible()
    cell = page.locator("div.muc-calendar-item.selected")
    await expect(cell).to_have_attribute("aria-label", f"{start.day} auswählen")
    await expect(walker.heading(spoken_day(start), 4)).to_be_visible()
    await expect(walker.button("Weiter")).to_be_disabled()
    slot = await walker.choose(start, OFFICE)
    await expect(slot).to_have_id(f"provider-{ORLEANSPLATZ}-timeslot-{int(start.timestamp())}")
    await expect(slot).to_have_class(re.compile("m-button--primary"))
    if not walker.feb:
        await expect(slot).to_have_attribute("data-provider-id", str(ORLEANSPLATZ))
    chosen = walker.callout("Ausgewählter Termin")
    await expect(chosen).to_contain_text(f"{spoken_day(start)}, 09:00 Uhr")
    await walker.forward()


async def _introduce(walker: Walker) -> None:
    page = walker.page
    await walker.is_at_step(3)
    await expect(page.locator("#input-firstname")).to_have_attribute("maxlength", "50")
    await walker.forward()
    await expect(page.get_by_role("alert").filter(has_text="Bitte geben Sie Ihren Vornamen an.")).to_be_visible()
    await walker.introduce(mail="anna+termin@example.org")
    await page.get_by_role("textbox", name="Zusätzliche Bemerkungen").fill("Zu zweit")
    await walker.forward()
    await expect(page.get_by_role("alert")).to_contain_text("entspricht nicht dem vorgegebenen Format")
    await page.get_by_role("textbox", name="E-Mail-Adresse").fill(MAIL)
    await walker.forward()


async def _agree_and_book(walker: Walker) -> None:
    page = walker.page
    await walker.is_at_step(4)
    held = (await walker.city.look("appointments"))[-1]
    overview = page.locator(f"#process-{held['processId']}-displayNumber-{held['displayNumber']}")
    await expect(overview).to_contain_text("Anna Öchsle")
    await expect(walker.heading("Einwilligungen" if walker.feb else "Rechtliche Hinweise", 3)).to_be_visible()
    boxes = ["checkbox-privacy-policy"] if walker.feb else []
    boxes.append("checkbox-electronic-communication")
    assert [await box.get_attribute("id") for box in await page.get_by_role("checkbox").all()] == boxes
    for box in boxes:
        await expect(walker.button("Termin reservieren")).to_be_disabled()
        await page.locator(f"#{box}").press(" ")
    await walker.button("Termin reservieren").click()
    await expect(walker.heading("Aktivieren Sie Ihren Termin.", 2)).to_be_visible()
    await expect(walker.callout("Aktivieren Sie Ihren Termin.")).to_have_class(re.compile("m-callout--warning"))
    await expect(page.get_by_role("button")).to_have_count(0)


async def _activate(walker: Walker) -> None:
    page = walker.page
    mail = (await walker.city.mails(to=MAIL, count=1))[0]
    link = next(link["url"] for link in mail["links"] if link["title"] == "Termin bestätigen")
    await page.goto("about:blank")
    await page.goto(link)
    await expect(walker.heading("Ihr Termin wurde gebucht.", 2)).to_be_visible()
    await expect(walker.button("Termin herunterladen (ics)")).to_be_visible()
    await page.reload()
    if walker.feb:
        await expect(walker.heading("Ihr Termin kann nicht mehr aktiviert werden.", 2)).to_be_visible()
    else:
        await expect(page.get_by_role("dialog", name="Erfolg")).to_contain_text("bereits aktiviert")
        await expect(walker.button("Termin absagen")).to_be_visible()
