"""The City's catalogue as it was fetched."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from core.catalog import Catalog
from core.looks import Dialect
from models.columns import model, word
from models.row import Row


class CatalogSnapshot(Row, table=True):
    __tablename__ = "catalog_snapshot"
    __table_args__ = (Index(None, "site_url", "fetched_at"),)

    id: int = Field(default=None, primary_key=True)
    site_url: str
    dialect: Dialect = Field(sa_type=word(Dialect))
    fetched_at: datetime
    catalog: Catalog = Field(sa_type=model(Catalog))
