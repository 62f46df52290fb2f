"""Driving the City's booking pages: one verb per thing a visitor does there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page

from browser_profiles.lease import Lease
from core.bookings import Appointment
from core.looks import Answer, Look
from core.slots import Slot, utc_now
from core.targets import Target
from portal import calendar_step, contract, opening
from portal.captcha_box import Policy
from portal.looking import TakesDay, gather
from portal.visit import Standing, Visit
from portal.wire import Wire


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """`captcha` says who ticks the City's box; `reserve` are requests of the City's budget a look leaves alone."""

    site_url: str
    captcha: Policy
    evidence_dir: Path
    step_timeout: timedelta = timedelta(seconds=20)
    reserve: int = 15


def any_day(_: date) -> bool:
    return True


class Portal:
    def __init__(self, settings: PortalSettings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._visits: dict[Page, Visit] = {}

    async def look(self, lease: Lease, target: Target, *, takes_day: TakesDay = any_day) -> Look:
        visit = self._visit(lease)
        started = self._clock()
        standing = await self._open(visit, target)
        f = await gather(visit, standing, takes_day=takes_day, reserve=self._settings.reserve, now=self._clock())
        return Look(
            answer=Answer.FREE if f.bookable else Answer.NONE,
            started_at=started,
            finished_at=self._clock(),
            dialect=visit.dialect,
            slots=f.all_slots,
            days=f.bookable,
            unread_days=f.unread,
            requests=len(visit.wire.calls),
            budget=visit.wire.budget,
        )

    async def hold(self, lease: Lease, target: Target, slot: Slot) -> Appointment:
        visit = self._visit(lease)
        if not (visit.standing and visit.standing.target == target):
            await self._open(visit, target)
        office = visit.catalog.office_by_id.get(slot.office_id) if visit.catalog else None
        await calendar_step.choose(visit, slot, office)
        reply = await visit.press_for(calendar_step.NEXT, contract.RESERVE)
        visit.scope = contract.read_scope(reply)
        return contract.read_appointment(reply)

    async def _open(self, visit: Visit, target: Target) -> Standing:
        return await opening.open_calendar(
            visit, target, site_url=self._settings.site_url, policy=self._settings.captcha, clock=self._clock
        )

    def _visit(self, lease: Lease) -> Visit:
        visit = self._visits.get(lease.page)
        if visit is None:
            visit = Visit(lease, Wire(lease.page), self._settings.step_timeout)
            self._visits[lease.page] = visit
            lease.page.once("close", lambda page: self._visits.pop(page, None))
        visit.lease = lease
        return visit
