"""The demo's story: a made-up person, a real watch, and everything that comes of it, told as it happens.

The person is played by this process; all else is the same code that `mta up` runs.
"""

import asyncio
import random
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from bot import texts
from config import wiring
from config.settings import Settings
from console import activation, demo_teller, one_look, outbox, store, wishing
from console.arguments import Written
from console.demo_teller import Teller
from console.practice import Bystander
from console.store import Store
from core.bookings import BookingState, HoldKey
from core.catalog import Catalog
from core.errors import Blocked, CaptchaNeedsPerson, Maintenance, MtaError, PortalChanged, Throttled
from core.looks import Answer
from core.slots import utc_now
from models import bookings, events, holds
from models.booking import Booking
from models.event import Event
from models.watch import WatchState
from portal import links
from workers.queue import QueueUnreachable

EVERY: Final = 0.05  # seconds between two glances at the rows or the inbox
ENOUGH_LOOKS: Final = 3  # without a booking, before the demo says that there is nothing to be had
DECISIVE: Final = frozenset({Answer.THROTTLED, Answer.BLOCKED, Answer.CAPTCHA, Answer.CHANGED})  # not mended by waiting
FIRST_NAMES: Final = ("Ada", "Bruno", "Clara", "Emil", "Ida", "Jonas", "Mira", "Theo")
LAST_NAMES: Final = ("Beispiel", "Muster", "Probe", "Test", "Übung")


class CameToNothing(MtaError):
    """The demo ended without a confirmed appointment; the text says why."""


@dataclass(slots=True)
class Story:
    """`result` grows while it is told, so that a story broken off can be reported too."""

    kept: Store
    settings: Settings
    teller: Teller
    bystander: Bystander
    written: Written
    result: dict[str, Any]
    last_event: int = 0
    looks_in_vain: int = 0

    async def tell(self) -> None:
        """Raises CameToNothing, or what went wrong."""
        catalog = await self.watch()
        telling = asyncio.create_task(
            outbox.deliver(self.kept, self.settings, tell=lambda _, said: self.teller.notice(said))
        )
        try:
            booking_id = await self.until_preconfirmed()
            key = await self.activate(booking_id)
            await self.until_confirmed(booking_id)
            await self.ask_the_city(booking_id, key, catalog)
            await outbox.deliver_due(self.kept, self.settings, tell=lambda _, said: self.teller.notice(said))
        finally:
            telling.cancel()

    async def watch(self) -> Catalog:
        """The same checks, rows and first message as of mta watch add."""
        wish = wishing.read(self.written, now=utc_now())
        try:
            catalog = await one_look.catalog_of(self.kept, self.settings, refresh=True)
        except MtaError as error:
            answer = answer_of(error)
            self.result["answer"] = str(answer)
            raise CameToNothing(said_of(answer, str(error))) from error
        wishing.check(wish, catalog)
        names = ", ".join(f"{one.count} x {store.service_name(catalog, one.service_id)}" for one in wish.services)
        where = ", ".join(office.name for office in wishing.accepted_offices(wish, catalog))
        self.teller.catalog = catalog
        self.teller.step("wish", f"a made-up person wants: {names} at {where}")
        watch = await self.kept.database.act(
            lambda session: wishing.write(
                session, self.kept.keyring, wish, catalog=catalog, caps=wiring.caps(self.settings), now=utc_now()
            )
        )
        with store.reached(self.settings) as queue:
            try:
                await asyncio.to_thread(queue.first_look, self.kept.database, watch.target_id)
            except QueueUnreachable as error:
                raise CameToNothing(str(error)) from error
        await self.news()
        self.teller.step("look.sent", "a worker is sent to look at the City's page")
        return catalog

    async def until_preconfirmed(self) -> int:
        while True:
            for event in await self.news():
                self._judge(event)
                if event.kind == "booking.preconfirmed" and event.booking_id:
                    return event.booking_id
            await asyncio.sleep(EVERY)

    async def activate(self, booking_id: int) -> HoldKey:
        """Play the person: read the mail, hand the link in."""
        while (link := await self.bystander.activation_link(self.written.contact.mail)) is None:
            await self.news()
            await asyncio.sleep(EVERY)
        self.teller.step("mail.arrived", "the City's mail with the activation link arrived")
        await asyncio.to_thread(activation.hand_in, self.kept, self.settings, booking_id, link)
        return links.parse_confirm_link(link, self.settings.site_url)

    async def until_confirmed(self, booking_id: int) -> None:
        while True:
            for event in await self.news():
                if event.booking_id == booking_id and event.kind == "booking.confirmed":
                    return
                if event.booking_id == booking_id and demo_teller.ended(event):
                    raise CameToNothing(f"The booking ended: {demo_teller.sentence_of(event)}.")
            await asyncio.sleep(EVERY)

    async def ask_the_city(self, booking_id: int, key: HoldKey, catalog: Catalog) -> None:
        """Only what the City's API says counts, asked past MTA with the key of the mailed link."""
        booking, number = await self.kept.database.read(lambda session: _booked(session, booking_id))
        self.result["status"] = await self.bystander.status(key)
        self.result["booking"] = {
            "id": booking_id,
            "office_id": booking.office_id,
            "office": store.office_name(catalog, booking.office_id),
            "starts_at": booking.starts_at.isoformat(),
            "number": number,
        }
        self.result["files"] = {
            "screenshot": demo_teller.exists(booking.screenshot_path),
            "calendar": demo_teller.exists(booking.calendar_path),
        }
        self.teller.step("city.asked", f"asked the City's API, past MTA: {self.result['status']}")
        if self.result["status"] != BookingState.CONFIRMED:
            raise CameToNothing(f"MTA says confirmed, but the City says {self.result['status']}.")

    async def news(self) -> list[Event]:
        """What was noted since the last time, told as it is read."""
        found = list(await self.kept.database.read(lambda session: events.since(session, self.last_event)))
        for event in found:
            self.last_event = event.id
            self.teller.event(event)
        return found

    def _judge(self, event: Event) -> None:
        """Break the story off when there is nothing to be had."""
        if event.kind == f"watch.{WatchState.ENDED}":
            raise CameToNothing(f"The watch has ended. {texts.reason(str(event.fields.get('reason')), 'en')}")
        if event.kind == "booking.wanted":
            self.looks_in_vain = 0
        if event.kind != "look.answered":
            return
        answer = Answer(event.fields["answer"])
        self.looks_in_vain += 1
        if answer in DECISIVE or self.looks_in_vain >= ENOUGH_LOOKS:
            self.result["answer"] = str(answer)
            raise CameToNothing(said_of(answer, str(event.fields.get("detail") or "")))


def said_of(answer: Answer, detail: str) -> str:
    if answer is Answer.FREE:
        return "There are free slots, but none of them could be booked."
    return f"{texts.answer(answer, 'en')} {detail}".strip()


def answer_of(error: MtaError) -> Answer:
    """What a look would have answered, for an error that came before the first one."""
    answers = {
        Throttled: Answer.THROTTLED,
        Blocked: Answer.BLOCKED,
        Maintenance: Answer.MAINTENANCE,
        PortalChanged: Answer.CHANGED,
        CaptchaNeedsPerson: Answer.CAPTCHA,
    }
    return next((answer for kind, answer in answers.items() if isinstance(error, kind)), Answer.FAILED)


def made_up_person(rng: random.Random) -> tuple[str, str, str]:
    """First name, last name and a mail address at a domain that is reserved for examples."""
    return rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES), f"person{rng.randrange(10_000)}@example.org"


def _booked(session: Session, booking_id: int) -> tuple[Booking, str]:
    hold = holds.of_booking(session, booking_id)
    return bookings.get(session, booking_id), hold.display_number if hold else ""
