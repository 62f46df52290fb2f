"""When slots were last unseen, what a target's last look saw, hours of sight, release windows"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("slot_seen") as batch:
        batch.add_column(sa.Column("unseen_at", _TIME))
        batch.create_index("ix_slot_seen_target_id_first_seen_at", ["target_id", "first_seen_at"])
    with op.batch_alter_table("target") as batch:
        batch.add_column(sa.Column("last_sight", sa.JSON))
        batch.add_column(sa.Column("learnt", sa.JSON))
    op.create_table(
        "look_hour",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target_id", sa.Integer, sa.ForeignKey("target.id"), nullable=False),
        sa.Column("begins_at", _TIME, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("slots", sa.Integer, nullable=False),
        sa.UniqueConstraint("target_id", "begins_at"),
    )
    op.create_index("ix_look_hour_begins_at", "look_hour", ["begins_at"])


def downgrade() -> None:
    op.drop_table("look_hour")
    with op.batch_alter_table("target") as batch:
        batch.drop_column("learnt")
        batch.drop_column("last_sight")
    with op.batch_alter_table("slot_seen") as batch:
        batch.drop_index("ix_slot_seen_target_id_first_seen_at")
        batch.drop_column("unseen_at")
