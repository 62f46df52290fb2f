"""First tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)
_LIVE = "state IN ('wanted', 'holding', 'held', 'detailed', 'preconfirmed', 'confirmed') AND over_at IS NULL"


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=16)


def _partial_index(name: str, table: str, columns: list[str], *, where: str, unique: bool) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sealed_contact", sa.String),
        sa.Column("mark", sa.String, unique=True),
        sa.Column("language", _words("language", "de", "en"), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("erased_at", _TIME),
    )


def _mandate() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("given_at", _TIME, nullable=False),
        sa.Column("until", _TIME),
        sa.Column("revoked_at", _TIME),
    )
    op.create_index("ix_mandate_person_id", "mandate", ["person_id"])


def _target() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("services_key", sa.String, nullable=False),
        sa.Column("captcha", sa.Boolean, nullable=False),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("office_ids", sa.JSON, nullable=False),
        sa.Column("next_look_at", _TIME),
        sa.Column("lease_until", _TIME),
        sa.Column("leased_by", sa.String, nullable=False),
        sa.Column("last_look_at", _TIME),
        sa.Column("last_good_at", _TIME),
        sa.Column("blind_since", _TIME),
        sa.Column("blind_count", sa.Integer, nullable=False),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_target_next_look_at", "target", ["next_look_at"])
    op.create_index("ix_target_services_key", "target", ["services_key"])


def _watch() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("mandate_id", sa.Integer, sa.ForeignKey("mandate.id"), nullable=False),
        sa.Column("target_id", sa.Integer, sa.ForeignKey("target.id"), nullable=False),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("office_ids", sa.JSON, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("mode", _words("mode", "notify", "ask", "auto"), nullable=False),
        sa.Column("state", _words("watch_state", "open", "paused", "fulfilled", "stopped", "ended"), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("deadline", _TIME),
        sa.Column("ended_reason", sa.String, nullable=False),
        sa.Column("improves_id", sa.Integer),
        sa.Column("minimum_gain", sa.Interval),
    )
    op.create_index("ix_watch_mandate_id", "watch", ["mandate_id"])
    op.create_index("ix_watch_person_id", "watch", ["person_id"])
    op.create_index("ix_watch_state_deadline", "watch", ["state", "deadline"])
    op.create_index("ix_watch_target_id_state", "watch", ["target_id", "state"])


def _look() -> None:
    op.create_table(
        "look",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target_id", sa.Integer, sa.ForeignKey("target.id"), nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME, nullable=False),
        sa.Column(
            "answer",
            _words("answer", "free", "none", "throttled", "blocked", "captcha", "maintenance", "changed", "failed"),
            nullable=False,
        ),
        sa.Column("dialect", _words("dialect", "feb", "aug")),
        sa.Column("slots", sa.Integer, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
    )
    op.create_index("ix_look_finished_at", "look", ["finished_at"])
    op.create_index("ix_look_target_id_started_at", "look", ["target_id", "started_at"])


def _slot_seen() -> None:
    op.create_table(
        "slot_seen",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target_id", sa.Integer, sa.ForeignKey("target.id"), nullable=False),
        sa.Column("office_id", sa.Integer, nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("gone_at", _TIME),
        sa.UniqueConstraint("target_id", "office_id", "starts_at"),
    )
    op.create_index("ix_slot_seen_starts_at", "slot_seen", ["starts_at"])
    op.create_index("ix_slot_seen_target_id_gone_at", "slot_seen", ["target_id", "gone_at"])


def _booking() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("watch_id", sa.Integer, sa.ForeignKey("watch.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("target_id", sa.Integer, sa.ForeignKey("target.id"), nullable=False),
        sa.Column("replaces_id", sa.Integer, sa.ForeignKey("booking.id")),
        sa.Column("replaced_at", _TIME),
        sa.Column("service_key", sa.String, nullable=False),
        sa.Column("office_id", sa.Integer, nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column(
            "state",
            _words(
                "booking_state",
                "wanted",
                "holding",
                "held",
                "detailed",
                "preconfirmed",
                "confirmed",
                "released",
                "lost",
                "expired",
                "cancelled",
            ),
            nullable=False,
        ),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("moved_at", _TIME, nullable=False),
        sa.Column("over_at", _TIME),
        sa.Column("deadline_at", _TIME),
        sa.Column("offered_until", _TIME),
        sa.Column("answered_yes", sa.Boolean),
        sa.Column("answered_at", _TIME),
        sa.Column("cancel_asked_at", _TIME),
        sa.Column("lease_until", _TIME),
        sa.Column("leased_by", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("seed", sa.BigInteger),
        sa.Column("rank", sa.Integer),
        sa.Column("rivals", sa.Integer),
        sa.Column("screenshot_path", sa.String, nullable=False),
        sa.Column("calendar_path", sa.String, nullable=False),
    )
    op.create_index("ix_booking_person_id", "booking", ["person_id"])
    op.create_index("ix_booking_replaces_id", "booking", ["replaces_id"])
    op.create_index("ix_booking_state_lease_until", "booking", ["state", "lease_until"])
    op.create_index("ix_booking_target_id", "booking", ["target_id"])
    op.create_index("ix_booking_watch_id", "booking", ["watch_id"])
    _partial_index("uq_booking_office_time", "booking", ["office_id", "starts_at"], where=_LIVE, unique=True)
    _partial_index(
        "uq_booking_person_service",
        "booking",
        ["person_id", "service_key"],
        where=f"{_LIVE} AND (replaces_id IS NULL OR replaced_at IS NOT NULL)",
        unique=True,
    )
    _partial_index(
        "uq_booking_replaces", "booking", ["replaces_id"], where=f"{_LIVE} AND replaced_at IS NULL", unique=True
    )


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id"), nullable=False),
        sa.Column("sealed_key", sa.String),
        sa.Column("held_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("activation", sa.Interval),
        sa.Column("activation_until", _TIME),
        sa.Column("display_number", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("read_at", _TIME, nullable=False),
        sa.Column("link_given_at", _TIME),
        sa.UniqueConstraint("booking_id"),
    )


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("watch_id", sa.Integer, sa.ForeignKey("watch.id")),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id")),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("told_at", _TIME),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", _TIME),
        sa.Column("dedupe", sa.String),
        sa.UniqueConstraint("dedupe"),
    )
    for column in ("booking_id", "person_id", "told_at", "watch_id"):
        op.create_index(f"ix_notice_{column}", "notice", [column])
    _partial_index(
        "ix_notice_untold", "notice", ["next_try_at"], where="told_at IS NULL AND next_try_at IS NOT NULL", unique=False
    )


def _lane() -> None:
    op.create_table(
        "lane",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("proxy", sa.String, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("breaker_until", _TIME),
        sa.Column("reason", sa.String, nullable=False),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("target_id", sa.Integer, sa.ForeignKey("target.id")),
        sa.Column("watch_id", sa.Integer, sa.ForeignKey("watch.id")),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id")),
        sa.Column("look_id", sa.Integer, sa.ForeignKey("look.id", ondelete="SET NULL")),
        sa.Column("fields", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    for column in ("at", "booking_id", "look_id", "target_id", "watch_id"):
        op.create_index(f"ix_event_{column}", "event", [column])


def _catalog_snapshot() -> None:
    op.create_table(
        "catalog_snapshot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("site_url", sa.String, nullable=False),
        sa.Column("dialect", _words("dialect", "feb", "aug"), nullable=False),
        sa.Column("fetched_at", _TIME, nullable=False),
        sa.Column("catalog", sa.JSON, nullable=False),
    )
    op.create_index("ix_catalog_snapshot_site_url_fetched_at", "catalog_snapshot", ["site_url", "fetched_at"])


TABLES = {
    "person": _person,
    "mandate": _mandate,
    "target": _target,
    "watch": _watch,
    "look": _look,
    "slot_seen": _slot_seen,
    "booking": _booking,
    "hold": _hold,
    "notice": _notice,
    "lane": _lane,
    "event": _event,
    "catalog_snapshot": _catalog_snapshot,
}


def upgrade() -> None:
    for create in TABLES.values():
        create()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
