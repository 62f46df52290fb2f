"""The rows a command works on, opened from the settings and closed again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from config import wiring
from config.settings import Settings
from core.catalog import Catalog
from core.errors import BadInput, ConfigError
from models import catalogs
from models.booking import Booking
from models.chat import Chat
from models.database import Database
from models.encryption import Keyring
from models.row import Row
from models.watch import Watch
from workers import queue
from workers.queue import Queue

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Store:
    database: Database
    keyring: Keyring


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """Raises ConfigError for keys, an address or a data folder that will not do; what the database raises too."""
    try:
        keyring = wiring.keyring(settings)
        database = wiring.database(settings, keyring)
    except OSError as error:
        raise unusable(settings, error) from None
    try:
        yield Store(database, keyring)
    finally:
        database.close()


@contextmanager
def reached(settings: Settings) -> Iterator[Queue]:
    """The queue's sending end; nothing is sent or asked yet. Raises ConfigError for what is no Redis address."""
    try:
        connected = queue.connect(redis_url(settings))
    except ValueError:
        raise ConfigError("MTA_REDIS_URL is no address of a Redis server, such as redis://host:6379/0.") from None
    try:
        yield connected
    finally:
        connected.close()


def redis_url(settings: Settings) -> str:
    return wiring.redis_url(settings, embedded=queue.embedded_url(settings.data_dir))


def unusable(settings: Settings, error: OSError) -> ConfigError:
    return ConfigError(
        f"MTA cannot keep its data in {settings.data_dir} ({error.strerror}). Set MTA_DATA_DIR to a folder it may fill."
    )


def watch_of(session: Session, watch_id: int) -> Watch:
    return _found(session, Watch, watch_id, word="watch")


def booking_of(session: Session, booking_id: int) -> Booking:
    return _found(session, Booking, booking_id, word="booking")


def chat_of(session: Session, chat_id: int) -> Chat:
    return _found(session, Chat, chat_id, word="chat")


def known_catalog(session: Session, site_url: str) -> Catalog | None:
    kept = catalogs.latest(session, site_url)
    return kept.catalog if kept else None


def office_name(catalog: Catalog | None, office_id: int) -> str:
    office = catalog.office_by_id.get(office_id) if catalog else None
    return office.name if office else f"office {office_id}"


def service_name(catalog: Catalog | None, service_id: int) -> str:
    service = catalog.service_by_id.get(service_id) if catalog else None
    return service.name if service else f"service {service_id}"


def _found(session: Session, row: type[R], row_id: int, *, word: str) -> R:
    found = session.get(row, row_id)
    if found is None:
        raise BadInput(f"There is no {word} {row_id}.", field=word, hint=f"See: mta {_LISTED[word]} list")
    return found


_LISTED = {"watch": "watch", "booking": "bookings", "chat": "chats"}
