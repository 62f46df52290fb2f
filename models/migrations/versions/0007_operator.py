"""Wishes to be forgotten, notices to whole chats, and services that the operator halts"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TIME = sa.DateTime(timezone=True)
_CHAT = "fk_notice_chat_id_chat"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chat_id", sa.Integer, sa.ForeignKey("chat.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("cancels", sa.Boolean, nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
    )
    for column in ("chat_id", "person_id"):
        op.create_index(f"ix_erasure_{column}", "erasure", [column])
    op.create_table(
        "halt",
        sa.Column("service_id", sa.Integer, primary_key=True),
        sa.Column("since", _TIME, nullable=False),
    )
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("person_id", existing_type=sa.Integer, nullable=True)
        notice.add_column(sa.Column("chat_id", sa.Integer))
        notice.create_foreign_key(_CHAT, "chat", ["chat_id"], ["id"])
        notice.create_index("ix_notice_chat_id", ["chat_id"])
    with op.batch_alter_table("target") as target:
        target.add_column(sa.Column("halted", sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("target") as target:
        target.alter_column("halted", server_default=None)


def downgrade() -> None:
    """Words to whole chats have no place in the older table."""
    with op.batch_alter_table("target") as target:
        target.drop_column("halted")
    op.execute("DELETE FROM notice WHERE person_id IS NULL")
    with op.batch_alter_table("notice") as notice:
        notice.drop_index("ix_notice_chat_id")
        notice.drop_constraint(_CHAT, type_="foreignkey")
        notice.drop_column("chat_id")
        notice.alter_column("person_id", existing_type=sa.Integer, nullable=False)
    op.drop_table("halt")
    op.drop_table("erasure")
