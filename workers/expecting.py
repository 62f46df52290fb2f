"""When new slots are expected: for a target, and for a lane that looks at many."""

from datetime import datetime

from sqlmodel import Session

from core.cadence import Cadence
from core.catalog import Catalog
from models import catalogs, releases
from models.target import Target


def cadence(session: Session, target: Target, *, site_url: str, now: datetime) -> Cadence:
    """By what its offices publish and what looks have seen. In a transaction: it is found anew once an hour."""

    def catalog() -> Catalog | None:
        kept = catalogs.latest(session, site_url)
        return kept.catalog if kept else None

    return Cadence(releases.windows(session, target, catalog, now=now))


def lane_cadence(session: Session) -> Cadence:
    """Of all targets that somebody waits for, as last found."""
    return Cadence(releases.kept(session))
