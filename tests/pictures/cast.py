"""The person's watch and booking in a picture, moved on by the worker's own code, always for the same slot."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core.bookings import Appointment, BookingState, HoldKey
from core.slots import Slot
from core.wishes import Mode
from models import bookings, notices
from models.database import Session
from models.watch import Watch
from portal import links
from tests.bot.conftest import SITE
from tests.bot.outbox_cast import person_of
from tests.models_cast import watch_of
from tests.pictures.script import Booked, Told
from workers import booking as moves
from workers.booking import Errand

if TYPE_CHECKING:
    from tests.pictures.playing import Stage

SLOT = Slot(datetime(2026, 12, 1, 7, 30, tzinfo=UTC), 10489)
NUMBER = "S12"
MINUTE = timedelta(minutes=1)
KEY = HoldKey(987654321, "5ec4e7" * 10 + "beef")
LINK = links.confirm_link(SITE, KEY)


async def told(stage: "Stage", told: Told) -> None:
    """A notice about the watch."""
    facts = dict(told.facts)
    watch = await _watch(stage, Mode.NOTIFY)

    def write(session: Session) -> None:
        where = {"office_id": SLOT.office_id, "starts_at": SLOT.starts_at.isoformat()}
        notices.write(
            session,
            person_id=watch.person_id,
            watch_id=watch.id,
            kind=told.kind,
            facts={**where, **facts},
            now=stage.clock(),
        )

    await stage.bot.act(write)


async def booked(stage: "Stage", booked: Booked) -> None:
    """The booking as far as this, and the notice that comes with it."""
    mode = Mode.ASK if booked.to == "offered" else Mode.AUTO
    watch, keyring, now = await _watch(stage, mode), stage.bot.keyring, stage.clock()
    files = _files(Path(str(stage.bot.database._file)).parent)

    def move(session: Session) -> None:
        row = stage.booking or bookings.want(session, watch=session.merge(watch), slot=SLOT, now=now)
        errand = moves.take(session, row.id, keyring=keyring, run="picture", now=now)
        assert errand is not None
        if errand.state is BookingState.WANTED:
            moves.to_holding(session, errand, lane="main", now=now)
        if booked.to != "begun":
            if errand.state in (BookingState.WANTED, BookingState.HOLDING):
                moves.to_held(session, errand, _answer("reserved"), keyring=keyring, now=now)
            _go_on(session, errand, booked, files, now=now)
        bookings.release_lease(session, row.id)
        stage.booking = bookings.get(session, row.id)

    await stage.bot.act(move)
    if booked.to == "begun":  # no notice says so: the bot sees it by itself
        await stage.user.sees(stage.words.label("progress.not_yet"))


def _go_on(session: Session, errand: Errand, booked: Booked, files: tuple[str, str], *, now: datetime) -> None:
    state = bookings.get(session, errand.booking_id).state
    match booked.to:
        case "offered":
            moves.to_offer(session, errand, until=now + booked.minutes * MINUTE, now=now)
        case "preconfirmed":
            if state is BookingState.HELD:
                moves.to_detailed(session, errand, now=now)
            moves.to_preconfirmed(session, errand, _answer("preconfirmed", booked.minutes), now=now)
        case "confirmed":
            picture, entry = files
            moves.to_confirmed(session, errand, _answer("confirmed"), screenshot=picture, calendar=entry, now=now)


async def _watch(stage: "Stage", mode: Mode) -> Watch:
    """The one there is, else one of that mode."""
    if stage.watch is None:
        person_id = await person_of(stage.bot, stage.user, stage.user.account.first_name)

        def make(session: Session) -> Watch:
            made = watch_of(session, person_id=person_id, now=stage.clock())
            made.mode = mode
            return made

        stage.watch = await stage.bot.act(make)
    return stage.watch


def _answer(status: str, minutes: int = 30) -> Appointment:
    return Appointment(KEY, status, SLOT.office_id, SLOT.starts_at, NUMBER, activation=minutes * MINUTE)


def _files(folder: Path) -> tuple[str, str]:
    """What a worker would have kept of the City's page; the picture is drawn as a grey one."""
    for name in ("termin.png", "termin.ics"):
        (folder / name).write_bytes(name.encode())
    return str(folder / "termin.png"), str(folder / "termin.ics")
