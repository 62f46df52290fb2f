"""Driving the City's booking pages: one verb per thing a visitor does there."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from browser_profiles.lease import Lease
from core.bookings import Appointment, HoldKey
from core.catalog import Catalog
from core.contact import Contact
from core.errors import AnswerLost, PortalChanged, Refused, SessionExpired, SlotGone
from core.looks import Answer, Dialect, Look
from core.slots import Slot, utc_now
from core.targets import Target
from portal import (
    appointment_page,
    calendar_step,
    confirm_page,
    contact_step,
    contract,
    evidence,
    links,
    opening,
    overview_step,
    redrawing,
    warm,
)
from portal.answers import ANSWERS
from portal.captcha_box import Policy
from portal.controls import Control, find
from portal.evidence import Evidence
from portal.looking import MOST_REQUESTS, Asking, Findings, TakesDay, gather
from portal.replies import Reply
from portal.visit import Standing, Visit
from portal.watching import watched
from portal.wire import Meter, Wire

__all__ = ["Meter", "Portal", "PortalSettings", "SeenCatalog", "any_day"]

DRAWN_WITHIN = timedelta(seconds=2)  # after the City's answer the page shows what it has to say of it
MOST_TO_OPEN = 7  # requests from nothing to the calendar: catalogue, captcha, days and a day's times
STALE_AFTER = timedelta(minutes=2)  # a calendar drawn longer ago is opened anew before a slot is taken from it
log = structlog.get_logger(__name__)
_LEAVES_THE_PAGE = frozenset({Answer.THROTTLED, Answer.BLOCKED})  # they are about the address


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """`captcha` says who ticks the City's box; `reserve` are requests of the City's budget a look leaves alone."""

    site_url: str
    captcha: Policy
    evidence_dir: Path
    step_timeout: timedelta = timedelta(seconds=20)
    reserve: int = 15


@dataclass(frozen=True, slots=True)
class SeenCatalog:
    catalog: Catalog
    dialect: Dialect


def any_day(_: date) -> bool:
    return True


class Portal:
    """Every verb raises errors of core.errors alone, SiteUnreachable and PortalChanged among them, unless it says less.

    A surprise leaves files in `evidence_dir`; the error's notes name them.
    """

    def __init__(self, settings: PortalSettings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._evidence = Evidence(settings.evidence_dir, clock=clock)
        self._visits: dict[Page, Visit] = {}

    async def catalog(self, lease: Lease) -> SeenCatalog:
        """What the City offers, as its page asks for it first of all."""
        visit = self._visit(lease)
        async with watched(visit, self._evidence, "catalog"):
            await opening.navigate(visit, self._settings.site_url)
            catalog, dialect = await opening.load_catalog(visit)
        return SeenCatalog(catalog, dialect)

    async def look(
        self, lease: Lease, target: Target, *, takes_day: TakesDay = any_day, most: int = MOST_REQUESTS
    ) -> Look:
        """Whatever the City says or fails to say is an answer; only BadInput is raised, for a target that cannot be.

        The times of days that `takes_day` refuses are not asked, nor any once `most` requests were made.
        """
        visit, stays, meter = self._visit(lease), self.is_warm(lease, target), self.meter(lease)
        started = self._clock()
        kept: list[str] = []
        found, answer, detail, cut_short = Findings(), Answer.FAILED, "", None
        asking = Asking(takes_day, reserve=self._settings.reserve, most=most, now=started)
        try:
            async with watched(visit, self._evidence, "look", traced=not stays) as kept:
                found = await self._gathered(visit, target, asking)
            answer = Answer.FREE if found.bookable else Answer.NONE
            detail = f"Not all was read: {found.cut_short}" if found.cut_short else ""
            cut_short = ANSWERS[type(found.cut_short)] if found.cut_short else None
        except tuple(ANSWERS) as error:
            answer, detail = ANSWERS[type(error)], str(error)
            visit.standing = visit.standing if answer in _LEAVES_THE_PAGE else None
        return Look(
            answer=answer,
            started_at=started,
            finished_at=self._clock(),
            dialect=visit.dialect,
            slots=found.all_slots,
            days=found.bookable,
            unread_days=found.unread,
            office_ids=found.offices,
            beyond=found.later,
            requests=meter.requests,
            received=meter.received,
            budget=meter.budget,
            cut_short=cut_short,
            detail=detail,
            evidence=tuple(kept),
        )

    async def hold(self, lease: Lease, target: Target, slot: Slot) -> Appointment:
        """Take the slot, on the page that saw it or on one opened anew.

        Raises SlotGone if it is somebody else's, after which the page can take another one; AnswerLost if only the
        City knows whether it is ours.
        """
        visit, began = self._visit(lease), self._clock()
        async with watched(visit, self._evidence, "hold"):
            standing = await self._drawn(visit, target, slot)
            visit.standing = None
            try:
                standing = await self._chosen(visit, standing, slot, since=began)
                reply = await visit.enter_for(calendar_step.NEXT, contract.RESERVE)
                held = _held(reply)
            except SlotGone:
                visit.standing = replace(standing, drawn_at=None)
                raise
            visit.scope = contract.read_scope(reply)
            visit.keep_secret(held.key)
        return held

    async def fill(self, lease: Lease, contact: Contact) -> None:
        """Hand the person's details in. Raises BadInput for a field that is not taken, HoldLost if time is over."""
        async with self._personal(lease, "contact") as visit:
            visit.personal |= contact.words
            await contact_step.arrive(visit)
            await contact_step.write(visit, contact)
            contract.read_appointment(await contact_step.send(visit))

    async def preconfirm(self, lease: Lease) -> Appointment:
        """Tick the consents and reserve. Raises Refused, such as for too many appointments with one mail address."""
        async with self._personal(lease, "overview") as visit:
            appointment = await overview_step.reserve(visit)
            await self._note_unless_shown(visit, overview_step.RESERVED, "overview")
        return appointment

    async def confirm(self, lease: Lease, link: str) -> Appointment:
        """Open the mailed link. Raises BadInput for no such link or key, HoldLost if the City has dropped the hold."""
        key = links.parse_confirm_link(link, self._settings.site_url)
        async with self._personal(lease, "confirm", key) as visit:
            return await confirm_page.confirm(visit, key, site_url=self._settings.site_url)

    async def read(self, lease: Lease, key: HoldKey) -> Appointment | None:
        """What the City says of an appointment; None only if it says that there is none."""
        async with self._personal(lease, "appointment", key) as visit:
            return await appointment_page.read(visit, key, site_url=self._settings.site_url)

    async def cancel(self, lease: Lease, key: HoldKey) -> Appointment | None:
        """Cancel what is live and return it as the City left it; None if nothing was."""
        async with self._personal(lease, "cancel", key) as visit:
            return await appointment_page.cancel(visit, key, site_url=self._settings.site_url, now=self._clock())

    async def screenshot(self, lease: Lease, path: Path, *, mask_personal: bool) -> Path:
        """A picture of the page as it stands, into this file."""
        visit = self._visit(lease)
        async with watched(visit, self._evidence, "picture", traced=False):
            await evidence.picture(visit, path, masked=mask_personal)
        return path

    def is_warm(self, lease: Lease, target: Target) -> bool:
        """Whether this page was opened for the target and can be asked again where it stands."""
        standing = self._visit(lease).standing
        return standing is not None and standing.target == target and warm.lasts(standing, now=self._clock())

    async def takes_here(self, lease: Lease, target: Target, slot: Slot) -> bool:
        """Whether this page can take the slot where it stands, without being opened anew."""
        visit = self._visit(lease)
        if visit.standing is None or not self.is_warm(lease, target):
            return False
        async with watched(visit, self._evidence, "hold", traced=False):
            return self._is_fresh(visit.standing) or await redrawing.possible(visit, visit.standing, slot)

    def meter(self, lease: Lease) -> Meter:
        """Counts what this page asks of the City from now on."""
        return Meter(self._visit(lease).wire)

    @asynccontextmanager
    async def _personal(self, lease: Lease, name: str, key: HoldKey | None = None) -> AsyncIterator[Visit]:
        """A verb that leaves somebody's details in the page: no trace is run, and nobody else gets that page."""
        lease.retire("personal")
        visit = self._visit(lease)
        if key is not None:
            visit.keep_secret(key)
        async with watched(visit, self._evidence, name, traced=False):
            yield visit

    async def _note_unless_shown(self, visit: Visit, headline: Control, name: str) -> None:
        """The City's API has spoken, so a page with other words than these is kept and logged, and changes nothing."""
        with contextlib.suppress(PlaywrightError):
            try:
                await find(headline, visit.page, within=DRAWN_WITHIN)
            except PortalChanged:
                kept = await self._evidence.keep(visit, name)
                log.warning("portal.unknown_headline", expected=headline.name, evidence=kept)

    async def _gathered(self, visit: Visit, target: Target, asking: Asking) -> Findings:
        try:
            if visit.standing is not None and self.is_warm(visit.lease, target):
                try:
                    return await warm.look_again(visit, visit.standing, asking)
                except SessionExpired:  # sooner than its token said
                    if asking.most - len(visit.wire.calls) < MOST_TO_OPEN:
                        raise
            standing = await self._open(visit, target)
            return await gather(visit, standing, dict.fromkeys((standing.days, standing.times)), asking)
        except Refused as error:
            raise PortalChanged(
                f"The City refuses its own page's question ({error.code}).", expected=error.code
            ) from error

    async def _drawn(self, visit: Visit, target: Target, slot: Slot) -> Standing:
        """The page with a calendar to take the slot from; raises SlotGone if it has nothing to show."""
        standing = visit.standing if self.is_warm(visit.lease, target) else None
        visit.standing = None
        if standing is not None and not self._is_fresh(standing):
            standing = await redrawing.redraw(visit, standing, slot, clock=self._clock)
        if standing is None:
            standing = await self._open(visit, target)
        if standing.drawn_at is None:
            visit.standing = standing
            raise SlotGone("The City offers nothing there any more.")
        return standing

    async def _chosen(self, visit: Visit, standing: Standing, slot: Slot, *, since: datetime) -> Standing:
        """The page with the slot chosen. What a calendar drawn before `since` does not show may be free by now."""
        office = visit.catalog.office_by_id.get(slot.office_id) if visit.catalog else None
        try:
            await calendar_step.choose(visit, slot, office)
        except calendar_step.NotDrawn:
            drawn_before = standing.drawn_at is not None and standing.drawn_at < since
            if not drawn_before or not await redrawing.possible(visit, standing, slot):
                raise
            visit.standing = replace(standing, drawn_at=None)
            standing = await self._drawn(visit, standing.target, slot)
            visit.standing = None
            await calendar_step.choose(visit, slot, office)
        return standing

    def _is_fresh(self, standing: Standing) -> bool:
        return standing.drawn_at is not None and self._clock() - standing.drawn_at < STALE_AFTER

    async def _open(self, visit: Visit, target: Target) -> Standing:
        return await opening.open_calendar(
            visit, target, site_url=self._settings.site_url, policy=self._settings.captcha, clock=self._clock
        )

    def _visit(self, lease: Lease) -> Visit:
        visit = self._visits.get(lease.page)
        if visit is None:
            visit = Visit(lease, Wire(lease.page), self._settings.step_timeout)
            self._visits[lease.page] = visit
            lease.page.once("close", self._forget)
        visit.lease = lease
        return visit

    def _forget(self, page: Page) -> None:
        self._visits.pop(page, None)


def _held(reply: Reply) -> Appointment:
    """Gone to somebody else is believed only of a request that was sent once: it may be our own hold that is there."""
    try:
        return contract.read_held(reply)
    except SlotGone as gone:
        if reply.resent:
            raise AnswerLost("The City's answer to the first of several sendings never came.") from gone
        raise
