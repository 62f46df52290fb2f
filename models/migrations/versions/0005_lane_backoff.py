"""A lane's breaker counts, and is probed by one target"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("lane") as lane:
        lane.add_column(sa.Column("trouble", sa.String))
        lane.add_column(sa.Column("trouble_count", sa.Integer, nullable=False, server_default="0"))
        lane.add_column(sa.Column("tripped_at", _TIME))
        lane.add_column(sa.Column("probe_target_id", sa.Integer))
        lane.add_column(sa.Column("probe_until", _TIME))
    with op.batch_alter_table("lane") as lane:
        lane.alter_column("trouble_count", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("lane") as lane:
        for column in ("probe_until", "probe_target_id", "tripped_at", "trouble_count", "trouble"):
            lane.drop_column(column)
