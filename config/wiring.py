"""From settings to the parts a process is made of. Only entry points use it; parts get values, never settings."""

from datetime import timedelta

from browser_profiles import profiles
from browser_profiles.settings import PoolSettings
from config.settings import Settings
from core.caps import Caps
from core.errors import ConfigError
from models.database import Database, Heard
from models.encryption import Keyring
from portal import mailbox as mailboxes
from portal.mailbox import Mailbox
from portal.portal import PortalSettings

STEP_TIMEOUT = timedelta(seconds=20)


def keyring(settings: Settings) -> Keyring:
    """The configured keys; else a key file of our own, which only a single machine with its SQLite may rely on."""
    written = settings.encryption_keys.get_secret_value()
    if written:
        return Keyring.from_text(written)
    if settings.database_url:
        raise ConfigError("With MTA_DATABASE_URL set, MTA_ENCRYPTION_KEYS is needed too: all machines share the keys.")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keyring.from_file(settings.data_dir / "keys")


def database(settings: Settings, keys: Keyring, *, heard: Heard | None = None) -> Database:
    """The database, brought to the newest tables."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = Database(settings.database, keys=keys, heard=heard)
    opened.migrate()
    return opened


def heard(settings: Settings, announce: Heard) -> Heard | None:
    """Notices are announced only where a bot listens: nobody else takes the messages."""
    return announce if settings.telegram_token.get_secret_value() else None


def pool(settings: Settings) -> PoolSettings:
    profile = profiles.load(settings.profile, operator_contact=settings.operator_contact or None)
    changes = {"timing": settings.timing} if settings.timing else {}
    return PoolSettings(
        profile=profile.model_copy(update={**changes, "flavour": settings.browser_flavour}),
        browser_path=settings.browser_path,
        max_pages=settings.max_pages,
        proxy=settings.proxy or None,
        call_timeout=STEP_TIMEOUT,
    )


def caps(settings: Settings) -> Caps:
    return Caps(
        watches_per_person=settings.watches_per_person,
        holds_per_day=settings.holds_per_day,
        swaps=settings.swaps,
        watches=settings.watches,
        holds=settings.holds,
    )


def portal(settings: Settings) -> PortalSettings:
    return PortalSettings(
        site_url=settings.site_url,
        captcha=settings.captcha.value,
        evidence_dir=settings.data_dir / "evidence",
        step_timeout=STEP_TIMEOUT,
        reserve=settings.look_reserve,
    )


def mailbox(settings: Settings) -> Mailbox | None:
    """The mailbox the operator lets us read; raises ConfigError for an address that is none."""
    url = settings.imap_url.get_secret_value()
    return Mailbox(mailboxes.parse(url), site_url=settings.site_url) if url else None


def redis_url(settings: Settings, *, embedded: str) -> str:
    return settings.redis_url.get_secret_value() or embedded
