"""Chats, whom they stand for, ways in, drafts, and the messages that are edited in place"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TIME = sa.DateTime(timezone=True)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=16)


def _chat() -> None:
    op.create_table(
        "chat",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sealed_id", sa.String),
        sa.Column("mark", sa.String, unique=True),
        sa.Column("language", _words("language", "de", "en"), nullable=False),
        sa.Column("role", _words("role", "person", "operator"), nullable=False),
        sa.Column("state", _words("chat_state", "invited", "active", "left", "blocked"), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("consent_version", sa.String, nullable=False),
        sa.Column("consent_at", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("barred_at", _TIME),
        sa.Column("last_update_id", sa.BigInteger),
        sa.Column("rest_until", _TIME),
        sa.Column("lease_until", _TIME),
        sa.Column("leased_by", sa.String, nullable=False),
    )


def _chat_person() -> None:
    op.create_table(
        "chat_person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chat_id", sa.Integer, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False, unique=True),
        sa.Column("since", _TIME, nullable=False),
    )
    op.create_index("ix_chat_person_chat_id", "chat_person", ["chat_id"])


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mark", sa.String, nullable=False, unique=True),
        sa.Column("role", _words("role", "person", "operator"), nullable=False),
        sa.Column("made_by", sa.Integer, sa.ForeignKey("chat.id")),
        sa.Column("uses_left", sa.Integer, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_index("ix_invitation_made_by", "invitation", ["made_by"])


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chat_id", sa.Integer, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sealed", sa.String, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.UniqueConstraint("chat_id", "kind"),
    )


def _chat_message() -> None:
    op.create_table(
        "chat_message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chat_id", sa.Integer, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("shows", sa.String, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.UniqueConstraint("chat_id", "purpose"),
    )


TABLES = {
    "chat": _chat,
    "chat_person": _chat_person,
    "invitation": _invitation,
    "draft": _draft,
    "chat_message": _chat_message,
}


def upgrade() -> None:
    for create in TABLES.values():
        create()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
