"""Alembic's entry: on the connection the program gives, or at `-x url=…` when called by hand."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from core.errors import ConfigError
from models import engines
from models.schema import metadata


def render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Revisions are written in SQLAlchemy's own types, so that they outlive ours."""
    if kind != "type":
        return False
    plain = {AutoString: "sa.String", UTCDateTime: "sa.DateTime(timezone=True)"}.get(type(item))
    if plain is None and isinstance(getattr(item, "impl", None), JSON):
        plain = "sa.JSON"
    return plain or False


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=render)
    with context.begin_transaction():
        context.run_migrations()


def run_by_hand() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise ConfigError("Name the database: alembic -c models/alembic.ini -x url=sqlite:///FILE …")
    engine = engines.create(url, connections=1)
    with engines.for_migrating(engine).begin() as connection:
        run(connection)
    engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    run_by_hand()
else:
    run(given)
