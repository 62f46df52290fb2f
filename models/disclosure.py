"""What a person gets who asks for everything that is kept about them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from models import chats, drafts, people
from models.booking import Booking
from models.keyring import Keyring
from models.row import Row
from models.schema import TABLES
from models.watch import Watch

_SEALED = frozenset({"sealed_contact", "sealed_key", "sealed_id", "sealed"})
_OURS = _SEALED | {"mark", "lease_until", "leased_by", "attempt", "rest_until", "last_update_id"}


def export(session: Session, keyring: Keyring, person_id: int) -> dict[str, Any]:
    """Plain JSON values: the contact, the person's own row, and by table's name each row that belongs to them.

    Without seals, leases, and the City's key to an appointment, which would let whoever finds the file cancel it.
    Raises BadInput when the person was erased.
    """
    person = people.get(session, person_id)
    ids = {
        "person_id": [person_id],
        "watch_id": session.scalars(select(col(Watch.id)).where(col(Watch.person_id) == person_id)).all(),
        "booking_id": session.scalars(select(col(Booking.id)).where(col(Booking.person_id) == person_id)).all(),
    }
    rows = {str(table.__tablename__): _about(session, table, ids) for table in TABLES if ids.keys() & _columns(table)}
    return {"contact": asdict(people.contact(keyring, person)), "person": _shown(person), **rows}


def export_chat(session: Session, keyring: Keyring, chat_id: int) -> dict[str, Any]:
    """As `export`, for a chat: its own row, what it has half said, its messages, and all it stands for."""
    chat = chats.get(session, chat_id)
    ids = {"chat_id": [chat_id], "made_by": [chat_id]}
    rows = {str(table.__tablename__): _about(session, table, ids) for table in TABLES if ids.keys() & _columns(table)}
    return {
        "telegram_id": chats.telegram_id(keyring, chat),
        "chat": _shown(chat),
        "persons": [export(session, keyring, person.id) for person in chats.people_of(session, chat_id)],
        "drafts": {kind: drafts.load(session, keyring, chat_id, kind) for kind in drafts.kinds(session, chat_id)},
        **rows,
    }


def _about(session: Session, table: type[Row], ids: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    theirs: list[ColumnElement[bool]] = [
        _column(table, name).in_(some) for name, some in ids.items() if name in _columns(table)
    ]
    every = select(table).where(or_(*theirs)).order_by(_column(table, "id"))
    return [_shown(row) for row in session.scalars(every)]


def _shown(row: Row) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=set(_OURS))


def _columns(table: type[Row]) -> set[str]:
    return set(table.model_fields)


def _column(table: type[Row], name: str) -> Any:
    return getattr(table, name)
