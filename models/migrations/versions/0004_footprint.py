"""What is asked of the City"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    purpose = sa.Enum(
        *("look", "book", "confirm", "read", "cancel", "catalog", "check", "work"),
        name="purpose",
        native_enum=False,
        create_constraint=True,
        length=16,
    )
    op.create_table(
        "footprint",
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("lane", sa.String, primary_key=True),
        sa.Column("purpose", purpose, primary_key=True),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("cpu_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("footprint")
