"""The City's catalogue as last fetched; an older one is kept only where it differed."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.catalog import Catalog
from core.looks import Dialect
from models.catalog_snapshot import CatalogSnapshot

FRESH = timedelta(days=1)  # offices and services change with the City's releases, every two to four weeks


def keep(session: Session, site_url: str, dialect: Dialect, catalog: Catalog, *, now: datetime) -> CatalogSnapshot:
    before = latest(session, site_url)
    if before is not None and (before.dialect, before.catalog) == (dialect, catalog):
        before.fetched_at = now
        return before
    snapshot = CatalogSnapshot(site_url=site_url, dialect=dialect, fetched_at=now, catalog=catalog)
    session.add(snapshot)
    session.flush()
    return snapshot


def latest(session: Session, site_url: str) -> CatalogSnapshot | None:
    """With `.catalog`, `.dialect` and `.fetched_at`."""
    of_site = select(CatalogSnapshot).where(col(CatalogSnapshot.site_url) == site_url)
    newest = of_site.order_by(col(CatalogSnapshot.fetched_at).desc(), col(CatalogSnapshot.id).desc())
    return session.scalars(newest.limit(1)).first()


def fetched_at(session: Session, site_url: str) -> datetime | None:
    """As of `latest`, without reading the whole catalogue."""
    of_site = col(CatalogSnapshot.site_url) == site_url
    return session.scalars(select(func.max(col(CatalogSnapshot.fetched_at))).where(of_site)).one()


def is_fresh(fetched: datetime | None, *, now: datetime, within: timedelta = FRESH) -> bool:
    return fetched is not None and now - fetched < within
