"""Invitation codes: made by an operator, typed by a person, known to nobody else."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlmodel import Session, col

from models.chat import Role
from models.invitation import Invitation
from models.keyring import Keyring

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for another
LENGTH = 10


def new_code() -> str:
    """Forty-nine bits, from the system's own source of keys."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def make(
    session: Session,
    keyring: Keyring,
    code: str,
    *,
    role: Role,
    uses: int,
    until: datetime,
    now: datetime,
    made_by: int | None = None,
) -> Invitation:
    invitation = Invitation(
        mark=keyring.marks(_plain(code))[0], role=role, made_by=made_by, uses_left=uses, until=until, created_at=now
    )
    session.add(invitation)
    session.flush()
    return invitation


def use(
    session: Session, keyring: Keyring, code: str, *, now: datetime, roles: Collection[Role] = frozenset(Role)
) -> Role | None:
    """The role that one use of it gives, if it is one of `roles`; None for a code that is none, used up or over.

    Writing is forgiven.
    """
    ours = col(Invitation.mark).in_(keyring.marks(_plain(code))) & col(Invitation.role).in_(roles) & _good(now)
    used = update(Invitation).where(ours).values(uses_left=Invitation.uses_left - 1).returning(col(Invitation.role))
    return session.scalars(used).first()


def looks_like_one(text: str) -> bool:
    plain = _plain(text)
    return len(plain) == LENGTH and set(plain) <= set(ALPHABET)


def standing(session: Session, *, now: datetime) -> Sequence[Invitation]:
    return session.scalars(select(Invitation).where(_good(now)).order_by(col(Invitation.id))).all()


def sweep(session: Session, *, now: datetime) -> None:
    over = or_(col(Invitation.until) <= now, col(Invitation.uses_left) < 1)
    session.exec(delete(Invitation).where(over))


def _good(now: datetime) -> ColumnElement[bool]:
    return (col(Invitation.uses_left) > 0) & (col(Invitation.until) > now)


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()
