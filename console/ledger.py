"""What became of the slots that fitted a watch, for mta watch show."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from models import ledger
from models.watch import Watch

SHOWN = 20
HEADINGS = ("slot that fitted (Munich)", "office", "first seen", "gone", "what became of it", "why")
WHY = {
    "waited-longer": "somebody here waited longer",
    "lot": "somebody here waited as long, and the lot fell to them",
    "office-preference": "you had been drawn another one",
    "had-another": "something else was under way for this person",
    "holds-per-day": "this person has had as many holds today as allowed",
    "holds-full": "as many bookings as allowed were under way",
    "mandate": "the mandate had run out",
    "told-only": "mode notify books nothing",
    "offers-full": "too many offers were waiting for their answers",
    "too-short": "it was gone before it could be tried",
}


def of_watch(session: Session, watch: Watch) -> list[dict[str, Any]]:
    return [
        {
            "starts_at": one.offered.slot.starts_at,
            "office_id": one.offered.slot.office_id,
            "first_seen_at": one.offered.first,
            "gone_at": one.offered.gone,
            "fate": str(one.fate),
            "reason": one.reason,
        }
        for one in ledger.of_watch(session, watch, limit=SHOWN)
    ]


def draw_of(session: Session, watch: Watch) -> str:
    """The place in the last draw, in words; with the seed anybody can draw again."""
    place = ledger.place_in_draw(session, watch)
    return f"place {place[0]} of {place[1]}, seed {place[2]}" if place else ""


def rows(lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for one in lines:
        why = WHY.get(one["reason"], one["reason"])
        yield one["starts_at"], one["office_id"], one["first_seen_at"], one["gone_at"], one["fate"], why
