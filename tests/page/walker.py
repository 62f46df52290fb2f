"""Somebody who walks the practice page step by step and looks at what stands there."""

from datetime import date, datetime, time, timedelta
from typing import Final

from playwright.async_api import Locator, Page, expect

from rehearsal.clock import BERLIN
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import Visitor

MONTHS: Final = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
WEEKDAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
STEPS: Final = ("Leistung", "Termin", "Kontakt", "Übersicht")


def in_days(days: int) -> date:
    return datetime.now(BERLIN).date() + timedelta(days=days)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BERLIN)


def spoken_day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day:%d.%m.%Y}"


def spoken_month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


class Walker:
    def __init__(self, page: Page, city: Visitor) -> None:
        self.page = page
        self.city = city
        self.feb = city.dialect is Dialect.FEB

    async def offer(self, office: int, *starts: datetime) -> None:
        slots = [{"office": office, "time": start.isoformat()} for start in starts]
        assert (await self.city.order("slots", add=slots))["added"] == len(starts)

    async def open(self, route: str = "") -> None:
        """By a full load: the page takes no notice of a service that comes by a changed hash."""
        await self.page.goto("about:blank")
        await self.page.goto(f"{self.city.url}/#/{route}")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def heading(self, name: str, level: int) -> Locator:
        return self.page.get_by_role("heading", name=name, level=level, exact=True)

    def callout(self, headline: str) -> Locator:
        return self.page.locator("div.m-callout").filter(has=self.page.get_by_role("heading", name=headline))

    async def is_at_step(self, number: int) -> None:
        icon = ".m-form-step__icon[aria-current=step]" if self.feb else ".m-form-step[aria-current=step]"
        current = self.page.locator(".m-form-step--current")
        await expect(current.locator(".m-form-step__title")).to_contain_text(STEPS[number - 1])
        await expect(self.page.locator(icon)).to_have_count(1)

    async def solve_captcha(self) -> None:
        await self.page.get_by_role("checkbox", name="Ich bin kein Bot.").press(" ")
        await expect(self.page.get_by_text("Erfolgreich überprüft.")).to_be_visible()

    async def forward(self) -> None:
        await self.button("Weiter").click()

    async def choose(self, start: datetime, office: str) -> Locator:
        slot = self.button(f"{start:%H:%M} Uhr, {office}")
        await slot.click()
        return slot

    async def introduce(self, *, mail: str = "anna@example.org") -> None:
        for label, text in (("Vorname", "Anna"), ("Nachname", "Öchsle"), ("E-Mail-Adresse", mail)):
            await self.page.get_by_role("textbox", name=label, exact=True).fill(text)

    async def to_contact(self, start: datetime, office: str) -> None:
        """From step 1 of a service without captcha."""
        await self.forward()
        await self.choose(start, office)
        await self.forward()
        await expect(self.heading("Kontaktdaten", 2)).to_be_visible()
