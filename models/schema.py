"""Every table in one place, so that none is missing where rows refer to each other, and how they are made."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from core.errors import ConfigError
from models.booking import Booking
from models.catalog_snapshot import CatalogSnapshot
from models.chat import Chat
from models.chat_message import ChatMessage
from models.chat_person import ChatPerson
from models.draft import Draft
from models.erasure import Erasure
from models.event import Event
from models.footprint import Footprint
from models.halt import Halt
from models.hold import Hold
from models.invitation import Invitation
from models.lane import Lane
from models.look import Look
from models.look_hour import LookHour
from models.mandate import Mandate
from models.notice import Notice
from models.person import Person
from models.row import Row
from models.slot_seen import SlotSeen
from models.target import Target
from models.watch import Watch

TABLES: tuple[type[Row], ...] = (
    Person,
    Mandate,
    Target,
    Watch,
    Look,
    LookHour,
    SlotSeen,
    Booking,
    Hold,
    Notice,
    Lane,
    Event,
    CatalogSnapshot,
    Footprint,
    Chat,
    ChatPerson,
    Invitation,
    Draft,
    ChatMessage,
    Erasure,
    Halt,
)
metadata = Row.metadata
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """All revisions that are missing, within the connection's own transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError("The database was made by a newer version of this program; use that one.") from error
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise ConfigError("The database holds rows that refer to nothing, and was not brought up to date.")
