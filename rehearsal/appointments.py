"""Bookings and their life: reserved → preconfirmed → confirmed → deleted, with the limits on the way."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rehearsal.catalog import Catalog, Scope
from rehearsal.errors import CityError
from rehearsal.settings import Dialect
from rehearsal.slots import Opening, Slots

PLACEHOLDER_MAIL = "test@muenchen.de"


class Status(StrEnum):
    RESERVED = "reserved"
    PRECONFIRMED = "preconfirmed"
    CONFIRMED = "confirmed"
    DELETED = "deleted"


@dataclass(frozen=True)
class Contact:
    """None leaves the value as it is."""

    family_name: str | None = None
    email: str | None = None
    telephone: str | None = None
    text: str | None = None
    text2: str | None = None


@dataclass(frozen=True)
class Step:
    at: datetime
    status: Status
    cause: str


@dataclass
class Appointment:
    id: int
    office_id: int
    services: tuple[tuple[int, int], ...]
    start: int
    openings: tuple[Opening, ...]
    slot_count: int
    auth_key: str
    display_number: str
    status: Status
    changed_at: datetime
    family_name: str = ""
    email: str = PLACEHOLDER_MAIL
    telephone: str = ""
    text: str = ""
    text2: str = ""
    history: list[Step] = field(default_factory=list)

    def move(self, status: Status, *, at: datetime, cause: str) -> None:
        self.status = status
        self.changed_at = at
        self.history.append(Step(at=at, status=status, cause=cause))


Freed = Callable[[Appointment, datetime], None]
"""Told which appointment's openings come back, and when."""


class Register:
    def __init__(self, catalog: Catalog, slots: Slots, *, dialect: Dialect, rng: random.Random, freed: Freed) -> None:
        self._catalog = catalog
        self._slots = slots
        self._dialect = dialect
        self._rng = rng
        self._freed = freed
        self._all: dict[int, Appointment] = {}
        self._numbers: Counter[str] = Counter()
        self._next_id = rng.randint(100_000, 109_999)

    def __iter__(self) -> Iterator[Appointment]:
        return iter(self._all.values())

    def counts(self) -> dict[str, int]:
        found = Counter(appointment.status for appointment in self)
        return {status.value: found[status] for status in Status}

    def reserve(self, office_id: int, *, services: Sequence[tuple[int, int]], start: int, now: datetime) -> Appointment:
        minutes = self._catalog.minutes(office_id, services)
        if minutes is None:
            raise CityError("invalidLocationAndServiceCombination")
        new_id = self._next_id
        openings = self._slots.take(office_id, start, minutes=minutes, by=str(new_id), now=now)
        if not openings:
            raise CityError("appointmentNotAvailable")
        self._next_id += self._rng.randint(1, 9)
        return self._enter(new_id, office_id, services=services, openings=openings, minutes=minutes, now=now)

    def find(self, appointment_id: int, auth_key: str) -> Appointment:
        found = self._all.get(appointment_id)
        if found is None or (found.status is Status.DELETED and found.auth_key != auth_key):
            raise CityError("appointmentNotFound")
        if found.auth_key != auth_key:
            raise CityError("authKeyMismatch")
        return found

    def update(self, appointment: Appointment, contact: Contact) -> Appointment:
        email = appointment.email if contact.email is None else contact.email
        self._check_mail_limit(appointment, email)
        for name, value in vars(contact).items():
            if value is not None:
                setattr(appointment, name, value)
        return appointment

    def preconfirm(self, appointment_id: int, auth_key: str, *, now: datetime) -> Appointment:
        """After the hold ran out the City still knows the number and says so: `processNotReservedAnymore`."""
        gone = self._all.get(appointment_id)
        if gone is not None and gone.status is Status.DELETED:
            raise CityError("processNotReservedAnymore")
        appointment = self.find(appointment_id, auth_key)
        self._check_mail_limit(appointment, appointment.email)
        if appointment.status is not Status.RESERVED:
            raise CityError("processNotReservedAnymore")
        appointment.move(Status.PRECONFIRMED, at=now, cause="preconfirm")
        return appointment

    def confirm(self, appointment_id: int, auth_key: str, *, now: datetime) -> Appointment:
        appointment = self.find(appointment_id, auth_key)
        if appointment.status not in {Status.RESERVED, Status.PRECONFIRMED}:
            raise CityError("processNotPreconfirmedAnymore")
        appointment.move(Status.CONFIRMED, at=now, cause="confirm")
        return appointment

    def cancel(self, appointment_id: int, auth_key: str, *, now: datetime) -> tuple[Appointment, Status]:
        """Also returns the status before. The key changes, so that old links find nothing."""
        appointment = self.find(appointment_id, auth_key)
        if appointment.status is Status.DELETED:
            raise CityError("appointmentNotFound")
        if appointment.start <= now.timestamp():
            raise CityError("appointmentCanNotBeCanceled")
        before = appointment.status
        blocked = timedelta(0) if before is Status.RESERVED else self._deallocation(appointment)
        appointment.move(Status.DELETED, at=now, cause="cancel")
        appointment.auth_key = self._new_key()
        self._freed(appointment, now + blocked)
        return appointment, before

    def expire(self, now: datetime) -> None:
        """What the City's job does once a minute."""
        for appointment in self._all.values():
            limit = self._lifetime(appointment)
            if limit is not None and now - appointment.changed_at >= limit:
                cause = f"{appointment.status.value} too long"
                appointment.move(Status.DELETED, at=now, cause=cause)
                appointment.auth_key = self._new_key()
                self._freed(appointment, now)

    def scope_of(self, appointment: Appointment) -> Scope:
        return self._catalog.offices[appointment.office_id].scope

    def _enter(
        self,
        new_id: int,
        office_id: int,
        *,
        services: Sequence[tuple[int, int]],
        openings: tuple[Opening, ...],
        minutes: int,
        now: datetime,
    ) -> Appointment:
        appointment = Appointment(
            id=new_id,
            office_id=office_id,
            services=tuple(services),
            start=openings[0].start,
            openings=openings,
            slot_count=minutes // self._catalog.offices[office_id].grid,
            auth_key=self._new_key(),
            display_number=self._display_number(new_id, office_id),
            status=Status.RESERVED,
            changed_at=now,
        )
        appointment.move(Status.RESERVED, at=now, cause="reserve")
        self._all[new_id] = appointment
        return appointment

    def _check_mail_limit(self, appointment: Appointment, email: str) -> None:
        """Preconfirmed and confirmed bookings of one address count, per scope; 0 means no limit."""
        scope = self.scope_of(appointment)
        address = email.casefold()
        if scope.mails < 1 or not address or address in {mail.casefold() for mail in scope.whitelist}:
            return
        live = {Status.PRECONFIRMED, Status.CONFIRMED}
        others = [
            other
            for other in self
            if other is not appointment
            and other.status in live
            and other.email.casefold() == address
            and self.scope_of(other).id == scope.id
        ]
        if len(others) >= scope.mails and appointment.status not in live:
            raise CityError("tooManyAppointmentsWithSameMail")

    def _lifetime(self, appointment: Appointment) -> timedelta | None:
        scope = self.scope_of(appointment)
        limits = {Status.RESERVED: scope.reservation, Status.PRECONFIRMED: scope.activation}
        minutes = limits.get(appointment.status)
        return None if minutes is None else timedelta(minutes=minutes)

    def _deallocation(self, appointment: Appointment) -> timedelta:
        return timedelta(minutes=self.scope_of(appointment).deallocation)

    def _display_number(self, new_id: int, office_id: int) -> str:
        prefix = self._catalog.offices[office_id].scope.prefix
        if not prefix:
            return str(new_id)
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]:04d}"

    def _new_key(self) -> str:
        """64 hexadecimal characters since 2026-07, four before."""
        length = 64 if self._dialect is Dialect.AUG else 4
        return f"{self._rng.getrandbits(length * 4):0{length}x}"
