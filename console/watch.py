"""mta watch: wishes kept open."""

import asyncio
import sys
from collections import Counter
from datetime import timedelta
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot import texts
from config import settings, wiring
from config.settings import Settings
from console import improving, ledger, nearest, one_look, outlook, printing, replaying, store, wishing
from console.arguments import Written, WrittenRules, span
from console.look import Offices, Services
from console.options import Exclude, From, Hours, Latest, Notice, To
from core.contact import Contact
from core.errors import BadInput
from core.slots import utc_now
from models import bookings, looks, notices, people, targets, watches
from models.watch import Watch, WatchState
from workers.queue import QueueUnreachable

app = typer.Typer(help="Watches: add, list, show, stop, replay.", no_args_is_help=True)
app.command("replay")(replaying.replay)
Id = Annotated[int, typer.Argument(help="The watch's number, as listed.")]
Json = Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)]
InsteadOf = Annotated[
    str, typer.Option(help="Booking, or link of a mail (- reads it), that an earlier appointment shall replace.")
]
Mandated = Annotated[bool, typer.Option("--yes-i-am-mandated", help="The person asked for this; it is recorded.")]
ShowPerson = Annotated[bool, typer.Option("--show-person", help="Names and mail addresses instead of numbers.")]
LOOKS_COUNTED = 100


@app.command()
def add(
    service: Services,
    *,
    first_name: Annotated[str, typer.Option(help="As it stands in the passport.")],
    last_name: Annotated[str, typer.Option(help="As it stands in the passport.")],
    mail: Annotated[str, typer.Option(help="The City sends its activation link there.")],
    phone: Annotated[str, typer.Option(help="Some offices demand it.")] = "",
    remarks: Annotated[str, typer.Option(help="Some offices demand them.")] = "",
    remarks2: Annotated[str, typer.Option(help="A second field that a few offices have.")] = "",
    language: Annotated[str, typer.Option(help="Of the notices: de or en.")] = "de",
    office: Offices = None,
    from_: From = None,
    to: To = None,
    exclude: Exclude = None,
    hours: Hours = None,
    notice: Notice = "",
    latest: Latest = "",
    mode: Annotated[str, typer.Option(help="notify tells, ask holds and asks, auto books.")] = "auto",
    until: Annotated[str, typer.Option(help="Give up after this day.")] = "",
    instead_of: InsteadOf = "",
    gain: Annotated[str, typer.Option(help="With --instead-of: how much earlier at least: 1d, 2w.")] = "1d",
    yes_i_am_mandated: Mandated = False,
    json: Json = False,
) -> None:
    """Open a watch. Everything is checked first; then it is written, and looked at, at once."""
    written = Written(
        services=service,
        offices=office or (),
        contact=Contact(first_name, last_name, mail, phone, remarks, remarks2),
        language=language,
        rules=WrittenRules(from_=from_, to=to, exclude=exclude, hours=hours, notice=notice, latest=latest),
        mode=mode,
        until=until,
    )
    earlier_by = span(gain, field="gain")
    _open(written, settings.load(), instead_of=instead_of, gain=earlier_by, mandated=yes_i_am_mandated, json=json)


@app.command("list")
def list_watches(
    *,
    state: Annotated[str, typer.Option(help="Only those in this state.")] = "",
    show_person: ShowPerson = False,
    json: Json = False,
) -> None:
    """Every watch, oldest first; who it is for only when asked."""
    chosen = settings.load()
    with store.opened(chosen) as kept, kept.database.reading() as session:
        listed = watches.list(session, _state(state))
        seen = outlook.of_watches(session, listed, now=utc_now())
        rows = [_summary(session, kept, one, show_person=show_person) | {"sight": seen[one.id]} for one in listed]
    if json:
        printing.as_json(rows)
        return
    printing.table(
        ("id", "person", "state", "mode", "services", "offices", "since", "until", "last good look"),
        [
            (
                *(one["id"], one["person"], one["state"], one["mode"], " ".join(one["services"])),
                *(" ".join(map(str, one["offices"])) or "any", one["since"], one["deadline"], one["sight"]),
            )
            for one in rows
        ],
        empty="There are no watches. Open one with: mta watch add",
    )


@app.command()
def show(watch_id: Id, *, show_person: ShowPerson = False, json: Json = False) -> None:
    """One watch: when it was last looked at, with what answers, and what came of it."""
    chosen = settings.load()
    with store.opened(chosen) as kept, kept.database.reading() as session:
        watch = store.watch_of(session, watch_id)
        answer = _summary(session, kept, watch, show_person=show_person) | _history(session, watch)
        rules = wishing.in_words(watch.rules)
    if json:
        printing.as_json(answer)
        return
    told = {name: value for name, value in answer.items() if name not in ("bookings", "notices", "rules", "slots")}
    printing.facts(told | rules)
    if answer["bookings"]:
        printing.table(
            ("booking", "state", "when (Munich)", "office", "reason"),
            [tuple(one.values()) for one in answer["bookings"]],
        )
    if answer["slots"]:
        printing.table(ledger.HEADINGS, ledger.rows(answer["slots"]))
    if answer["notices"]:
        printing.table(("notice", "written", "told"), [tuple(one.values()) for one in answer["notices"]])


@app.command()
def stop(watch_id: Id) -> None:
    """End a watch; a booking under way is not touched by it."""
    with store.opened(settings.load()) as kept:
        found = kept.database.transact(lambda session: _stop(session, watch_id))
    stopped = found in (WatchState.OPEN, WatchState.PAUSED)
    printing.say(f"Watch {watch_id} is stopped." if stopped else f"Watch {watch_id} was already {found}.")


def _open(written: Written, chosen: Settings, *, instead_of: str, gain: timedelta, mandated: bool, json: bool) -> None:
    with store.opened(chosen) as kept:
        nearest.refuse_words(kept, chosen, services=written.services, offices=written.offices)
        wish = wishing.read(written, now=utc_now())
        if not mandated:
            _ask_mandate()
        catalog = asyncio.run(one_look.catalog_of(kept, chosen))
        wishing.check(wish, catalog)
        stands = improving.standing(kept, chosen, instead_of, wish, catalog)

        def write(session: Session) -> Watch:
            caps, now = wiring.caps(chosen), utc_now()
            watch = wishing.write(session, kept.keyring, wish, catalog=catalog, caps=caps, now=now)
            if stands is not None:
                improving.attach(session, kept, watch, stands, gain=gain, caps=caps, now=now)
            return watch

        watch = kept.database.transact(write)
        sent = look_now(kept, chosen, watch.target_id)
    if json:
        printing.as_json({"watch": watch.id, "person": watch.person_id, "target": watch.target_id, "queued": sent})
        return
    after = "it is looked at now" if sent else "no queue answers, so it is looked at once MTA runs (mta up)"
    printing.say(f"Watch {watch.id} is open; {after}. See: mta watch show {watch.id}")


def _stop(session: Session, watch_id: int) -> WatchState:
    """The state it was found in."""
    found = store.watch_of(session, watch_id).state
    if found in (WatchState.OPEN, WatchState.PAUSED):
        watches.stop(session, watch_id, now=utc_now())
    return found


def look_now(kept: store.Store, chosen: Settings, target_id: int) -> bool:
    """Send the first look; False leaves it to the scheduler."""
    with store.reached(chosen) as queue:
        try:
            queue.first_look(kept.database, target_id)
        except QueueUnreachable:
            return False
    return True


def _ask_mandate() -> None:
    refusal = BadInput(
        "Nothing is watched or booked without the person's mandate.",
        field="mandate",
        hint="Confirm with --yes-i-am-mandated.",
    )
    if not sys.stdin.isatty():
        raise refusal
    printing.remark(wishing.MANDATE)
    if not typer.confirm("Is that so?", err=True):
        raise refusal


def _state(written: str) -> WatchState | None:
    if written and written not in set(WatchState):
        raise BadInput(f"“{written}” is not a state.", field="state", hint=f"There are: {', '.join(WatchState)}.")
    return WatchState(written) if written else None


def _summary(session: Session, kept: store.Store, watch: Watch, *, show_person: bool) -> dict[str, Any]:
    return {
        "id": watch.id,
        "person": _who(session, kept, watch.person_id) if show_person else watch.person_id,
        "state": str(watch.state),
        "mode": str(watch.mode),
        "services": [str(one) for one in watch.services],
        "offices": list(watch.office_ids),
        "since": watch.since,
        "deadline": watch.deadline,
        "ended_reason": watch.ended_reason,
        "why": texts.reason(watch.ended_reason, "en") if watch.ended_reason else "",
    }


def _who(session: Session, kept: store.Store, person_id: int) -> str:
    contact = people.contact(kept.keyring, people.get(session, person_id))
    return f"{contact.family_name} <{contact.mail}>"


def _history(session: Session, watch: Watch) -> dict[str, Any]:
    target = targets.get(session, watch.target_id)
    seen = looks.latest(session, watch.target_id, limit=LOOKS_COUNTED)
    counts = Counter(str(look.answer) for look in seen)
    own = [one for one in bookings.list(session, person_id=watch.person_id) if one.watch_id == watch.id]
    return {
        "sight": outlook.of_watches(session, [watch], now=utc_now())[watch.id],
        "last_look_at": target.last_look_at,
        "last_good_look_at": target.last_good_at,
        "next_look_at": target.next_look_at,
        "blind_since": target.blind_since,
        "answers": ", ".join(f"{answer} {count}" for answer, count in counts.most_common()),
        **outlook.trouble(seen),
        "rules": watch.rules.model_dump(mode="json", exclude_defaults=True),
        "bookings": [
            {
                "id": one.id,
                "state": str(one.state),
                "starts_at": one.starts_at,
                "office_id": one.office_id,
                "reason": one.reason,
            }
            for one in own
        ],
        "last_draw": ledger.draw_of(session, watch),
        "slots": ledger.of_watch(session, watch),
        "notices": [
            {"kind": one.kind, "created_at": one.created_at, "told_at": one.told_at}
            for one in notices.of_watch(session, watch.id)
        ],
    }
