"""Which offices a look asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_CHECKS = {
    "answer": ("free", "none", "throttled", "blocked", "captcha", "maintenance", "changed", "failed"),
    "dialect": ("feb", "aug"),
}


def upgrade() -> None:
    with op.batch_alter_table("look", table_args=_checks()) as look:
        look.add_column(sa.Column("office_ids", sa.JSON))


def downgrade() -> None:
    with op.batch_alter_table("look", table_args=_checks()) as look:
        look.drop_column("office_ids")


def _checks() -> tuple[sa.CheckConstraint, ...]:
    """SQLite copies the table, and reads no CHECK of it."""
    return tuple(
        sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=op.f(f"ck_look_{column}"))
        for column, words in _CHECKS.items()
    )
