"""mta watch replay: what a wish would have had lately, and which change of one rule would have helped most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import typer
from sqlmodel import Session

from config import settings
from config.settings import Settings
from console import arguments, nearest, printing, replay_words, store
from console.arguments import WrittenRules
from console.look import Offices
from console.options import Exclude, From, Hours, Latest, Notice, To
from console.replay_words import Told
from core import services as wanted_services
from core.coverage import Span
from core.errors import BadInput
from core.services import ServiceCount
from core.slots import utc_now
from core.wanted import check_wanted
from core.wishes import Wish
from models import recorded
from models.retention import LOOKS

MOST_DAYS = LOOKS // timedelta(days=1)  # without the looks nobody knows what was in sight


@dataclass(frozen=True, slots=True)
class Typed:
    """What was asked for instead of a watch."""

    services: Sequence[str]
    offices: Sequence[str]
    rules: WrittenRules


@dataclass(frozen=True, slots=True)
class Asked:
    services: tuple[ServiceCount, ...]
    wish: Wish


def replay(
    watch_id: Annotated[int | None, typer.Argument(metavar="WATCH", help="A watch's number, as listed.")] = None,
    *,
    service: Annotated[
        list[str] | None, typer.Option(metavar="SERVICE[=COUNT]", help="Without a watch: numbers, several combined.")
    ] = None,
    office: Offices = None,
    from_: From = None,
    to: To = None,
    exclude: Exclude = None,
    hours: Hours = None,
    notice: Notice = "",
    latest: Latest = "",
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How far back; looks are kept no longer.")] = 7,
    json: Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)] = False,
) -> None:
    """Run a watch's rules, or those given here, over what was seen: what they would have had, what would help most."""
    rules = WrittenRules(from_=from_, to=to, exclude=exclude, hours=hours, notice=notice, latest=latest)
    typed = Typed(services=service or (), offices=office or (), rules=rules)
    _refuse_both(watch_id, typed)
    chosen, now = settings.load(), utc_now()
    span = Span(now - timedelta(days=days), now)
    with store.opened(chosen) as kept:
        nearest.refuse_words(kept, chosen, services=typed.services, offices=typed.offices)
        with kept.database.reading() as session:
            asked = _of_typed(session, chosen, typed) if watch_id is None else _of_watch(session, watch_id)
            told = _told(session, chosen, asked, span)
    if json:
        printing.as_json(replay_words.as_facts(told))
    else:
        replay_words.show(told)


def _refuse_both(watch_id: int | None, typed: Typed) -> None:
    if watch_id is None and not typed.services:
        raise BadInput("Neither a watch nor a service was named.", field="watch", hint="See: mta watch list")
    if watch_id is not None and typed != Typed((), (), WrittenRules()):
        raise BadInput("A watch has rules of its own.", field="watch", hint="Name the watch, or a service with rules.")


def _of_watch(session: Session, watch_id: int) -> Asked:
    watch = store.watch_of(session, watch_id)
    return Asked(tuple(watch.services), recorded.wish_of(session, watch))


def _of_typed(session: Session, chosen: Settings, typed: Typed) -> Asked:
    """Days may lie in the past here. The catalogue is asked only if one is kept: the City is not needed for this."""
    wish = Wish(arguments.rules(typed.rules), arguments.office_ids(typed.offices))
    asked = Asked(wanted_services.parse_all(typed.services), wish)
    if catalog := store.known_catalog(session, chosen.site_url):
        check_wanted(catalog, asked.services, wish.office_ids)
    return asked


def _told(session: Session, chosen: Settings, asked: Asked, span: Span) -> Told:
    catalog = store.known_catalog(session, chosen.site_url)
    offered = [one.id for one in catalog.offices_for(asked.services)] if catalog else []
    history = recorded.history(session, asked.services, asked.wish, span, others=offered)
    return Told(services=asked.services, history=history, catalog=catalog)
