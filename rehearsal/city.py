"""The practice city itself, without HTTP: one object holding its clock, supply, bookings, limits and moods.

Every entrance calls `now()` first, which lets due jobs, script turns, rivals and releases happen.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

from rehearsal.agenda import Agenda
from rehearsal.appointments import PLACEHOLDER_MAIL, Appointment, Contact, Register, Status
from rehearsal.captcha import Captcha
from rehearsal.catalog import Catalog, load_catalog
from rehearsal.clock import CityClock
from rehearsal.errors import CityError
from rehearsal.journal import Journal
from rehearsal.letters import activation_letter, cancellation_letter, confirmation_letter
from rehearsal.limiter import Limiter
from rehearsal.market import Market
from rehearsal.moods import SUPPLY, Mood, Moods, Turn, read_script
from rehearsal.settings import CitySettings
from rehearsal.slots import Slots

_JOB_EVERY = timedelta(minutes=1)
_SCRIPT = "script"
RESERVE = "reserve-appointment"

Post = Callable[[EmailMessage], None]


class City:
    """`post` takes a finished mail; `site` is the address its links start with."""

    def __init__(self, settings: CitySettings, *, post: Post, site: str = "") -> None:
        self.settings = settings
        self.site = site
        self._post = post
        self._script = read_script(settings.script) if settings.script else []
        self.reset()

    def reset(self, *, seed: int | None = None, moods: Sequence[str] | None = None) -> None:
        """Back to the first moment: a new day of the same city, or of another one under another seed."""
        settings = self.settings
        self.seed = settings.seed if seed is None else seed
        rng = random.Random(self.seed)
        self.clock = CityClock(settings.start or datetime.now(UTC), speed=settings.speed)
        self.agenda = Agenda()
        self.catalog: Catalog = load_catalog(
            reservation=settings.reservation_minutes, activation=settings.activation_minutes
        )
        self.slots = Slots(self.catalog, seed=self.seed, per_day=settings.slots_per_day)
        self.appointments = Register(self.catalog, self.slots, dialect=settings.dialect, rng=rng, freed=self._freed)
        self.market = Market(self.catalog, self.slots, agenda=self.agenda, rng=random.Random(rng.random()))
        self.captcha = Captcha(
            dialect=settings.dialect, cost=settings.captcha_cost, ttl=settings.captcha_ttl, seed=self.seed
        )
        self.limiter = Limiter(limit=settings.rate_limit, window=settings.rate_window)
        self.blacklist: list[str] = list(settings.blacklist)
        self.journal = Journal()
        self.moods = Moods()
        self._begin(settings.moods if moods is None else moods)

    def now(self) -> datetime:
        moment = self.clock.now()
        self.agenda.catch_up(moment)
        return moment

    def advance(self, by: timedelta) -> datetime:
        self.clock.advance(by)
        return self.now()

    def set_moods(self, specs: Sequence[str]) -> None:
        fresh = Moods()
        fresh.add(specs)
        self.moods = fresh
        now = self.clock.now()
        self._delay(list(fresh), now=now)
        self.market.follow(list(fresh), now=now)

    def change_moods(self, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """What moods in force brought stays on offer, unless one about supply is taken away: that starts it over."""
        now = self.clock.now()
        removed = self.moods.remove(remove)
        new = self.moods.add(add)
        self._delay(new, now=now)
        if any(mood.name in SUPPLY for mood in removed):
            self.market.follow(list(self.moods), now=now)
        else:
            self.market.join(new, now=now)

    def reserve(self, office_id: int, *, services: Sequence[tuple[int, int]], start: int) -> Appointment:
        now = self.now()
        minutes = self.catalog.minutes(office_id, services)
        if minutes is not None and self.moods.take("gone", RESERVE):
            self.market.snatch(office_id, start, minutes=minutes, now=now)
        return self.appointments.reserve(office_id, services=services, start=start, now=now)

    def find(self, appointment_id: int, auth_key: str) -> Appointment:
        self.now()
        return self.appointments.find(appointment_id, auth_key)

    def update(self, appointment_id: int, auth_key: str, *, contact: Contact) -> Appointment:
        return self.appointments.update(self.find(appointment_id, auth_key), contact)

    def preconfirm(self, appointment_id: int, auth_key: str) -> Appointment:
        now = self.now()
        appointment = self.appointments.preconfirm(appointment_id, auth_key, now=now)
        self._write(activation_letter(appointment, catalog=self.catalog, site=self.site, now=now))
        return appointment

    def confirm(self, appointment_id: int, auth_key: str) -> Appointment:
        now = self.now()
        appointment = self.appointments.confirm(appointment_id, auth_key, now=now)
        self._write(confirmation_letter(appointment, catalog=self.catalog, site=self.site, now=now))
        return appointment

    def cancel(self, appointment_id: int, auth_key: str) -> Appointment:
        now = self.now()
        appointment, before = self.appointments.cancel(appointment_id, auth_key, now=now)
        if before is not Status.RESERVED:
            self._write(cancellation_letter(appointment, catalog=self.catalog, now=now))
        return appointment

    def check_captcha(self, office_ids: Sequence[int], token: object, *, client: str) -> None:
        """Raises a captcha error if one of these offices wants a token and this one will not do."""
        offices = (self.catalog.offices.get(office_id) for office_id in office_ids)
        if any(office.scope.captcha for office in offices if office):
            self.captcha.check(token, client=client, now=self.now())

    def captcha_codes(self, office_ids: Sequence[int], token: object, *, client: str) -> list[str]:
        try:
            self.check_captcha(office_ids, token, client=client)
        except CityError as refusal:
            return list(refusal.codes)
        return []

    def change_scope(self, office_id: int, changes: Mapping[str, Any]) -> None:
        self.catalog.change_scope(office_id, changes)

    def _write(self, letter: EmailMessage) -> None:
        """Nobody reads the placeholder's mail, and it is a real address."""
        if letter["To"] not in {"", PLACEHOLDER_MAIL}:
            self._post(letter)

    def _begin(self, moods: Sequence[str]) -> None:
        start = self.clock.now()
        self.set_moods(moods)
        first_job = start.replace(second=0, microsecond=0) + _JOB_EVERY
        self.agenda.at(first_job, self._job)
        for turn in self._script:
            self._schedule(turn, start=start)

    def _job(self, when: datetime) -> None:
        self.appointments.expire(when)
        self.agenda.at(when + _JOB_EVERY, self._job)

    def _delay(self, moods: Sequence[Mood], *, now: datetime) -> None:
        """Moods about answers sleep until their time; the market times those about supply itself."""
        for mood in moods:
            if mood.name not in SUPPLY and (begins := mood.begins(now)) > now:
                mood.waiting = True
                self.agenda.at(begins, partial(_wake, mood))

    def _schedule(self, turn: Turn, *, start: datetime) -> None:
        self.agenda.at(start + timedelta(seconds=turn.at), lambda _: self._play(turn), topic=_SCRIPT)

    def _play(self, turn: Turn) -> None:
        if turn.moods is not None:
            self.set_moods(turn.moods)
        self.change_moods(add=turn.add, remove=turn.remove)

    def _freed(self, appointment: Appointment, when: datetime) -> None:
        self.agenda.at(when, lambda _: self.slots.release(appointment.openings))


def _wake(mood: Mood, _: datetime) -> None:
    mood.waiting = False
