"""What mta doctor looks at, one function each: what was found, and how to mend it where it is not right."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from bot import configured, inquiry, rivals
from bot.inquiry import Standing
from browser_profiles.pool import Lease, Pool
from config import wiring
from config.settings import Settings
from console import one_look, store
from core.errors import (
    Blocked,
    BrowserMissing,
    ConfigError,
    Maintenance,
    MtaError,
    PortalChanged,
    Throttled,
)
from core.footprint import Purpose
from core.slots import utc_now
from models import encryption
from models.encryption import Keyring
from portal.portal import Portal, SeenCatalog
from workers import queue

LEAST_PYTHON: Final = (3, 11)
GIBIBYTE: Final = 1 << 30
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * GIBIBYTE, GIBIBYTE // 4
FIRST_RIGHT_YEAR: Final = 2026  # a machine that believes in an earlier year has lost its clock
MEND_REDIS: Final = "Start it, or correct or empty MTA_REDIS_URL."
MEND_FOLDER: Final = "Set MTA_DATA_DIR to a folder that MTA may fill."
MEND_MAILBOX: Final = "Correct or empty MTA_IMAP_URL; docs/mail-guardian.md says how it is written."
MEND_BOT: Final = "Correct or empty MTA_TELEGRAM_TOKEN; docs/telegram.md says where it comes from."
MEND_TELEGRAM: Final = "Check the network and MTA_TELEGRAM_API; the bot goes on by itself once Telegram answers."
MEND_RIVAL: Final = "Stop the other bot. If it is none of yours, have BotFather /revoke the token."
LATELY: Final = timedelta(hours=1)
MANY_WAIT: Final = 20  # updates at Telegram, while a running bot takes them within seconds
MEND_NETWORK: Final = "Check the network, MTA_SITE_URL and MTA_PROXY."
MEND_SITE: Final[dict[type[MtaError], str]] = {
    Throttled: "Ask nothing for some minutes; the City's counter is cleared by silence alone.",
    Blocked: "Stop MTA; the City has locked this address out. Ask the City, or wait some days.",
    Maintenance: "Nothing here: the City is working on its system.",
    PortalChanged: "Look at the files under evidence in the data folder, and for a newer MTA.",
}


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    level: Level
    found: str
    mend: str = ""


Check = Callable[[Settings], Awaitable[Finding]]


async def python(_: Settings) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < LEAST_PYTHON:
        return Finding("python", Level.FAIL, version, "MTA needs Python 3.11 or newer: make setup MTA_PYTHON=…")
    return Finding("python", Level.OK, version)


async def clock(_: Settings) -> Finding:
    try:
        munich = datetime.now(ZoneInfo("Europe/Berlin"))
    except ZoneInfoNotFoundError:
        return Finding("clock", Level.FAIL, "The zone Europe/Berlin is unknown.", "Install tzdata.")
    said = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {munich:%H:%M} in Munich"
    if munich.year < FIRST_RIGHT_YEAR:
        return Finding("clock", Level.FAIL, said, "Set the machine's clock; slots are compared with it.")
    return Finding("clock", Level.OK, said)


async def disk(settings: Settings) -> Finding:
    folder = next(one for one in (settings.data_dir, *settings.data_dir.resolve().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free / GIBIBYTE:.1f} GiB free for {settings.data_dir}"
    if free < TOO_LITTLE_SPACE:
        return Finding("disk", Level.FAIL, said, "Make room, or set MTA_DATA_DIR to another disk.")
    if free < LITTLE_SPACE:
        return Finding("disk", Level.WARN, said, "Pictures and logs will need more before long.")
    return Finding("disk", Level.OK, said)


async def profile(settings: Settings) -> Finding:
    try:
        loaded = wiring.pool(settings).profile
    except MtaError as error:
        return Finding("profile", Level.FAIL, str(error), "Set MTA_PROFILE to visitor, identified, or a profile file.")
    return Finding("profile", Level.OK, f"{settings.profile}, {loaded.flavour}, timing {loaded.timing}")


async def browser(settings: Settings) -> Finding:
    try:
        pool = Pool(wiring.pool(settings))
        try:
            await pool.start()
            found = pool.found
        finally:
            await pool.close()
    except ConfigError:
        return Finding("browser", Level.FAIL, "not tried without a profile", "Mend the profile first.")
    except MtaError as error:
        return Finding("browser", Level.FAIL, str(error), "make setup installs one.")
    said = f"{found.version} ({found.path or 'Playwright’s own'}, {found.flavour})" if found else "started"
    return Finding("browser", Level.OK, said)


async def redis(settings: Settings) -> Finding:
    configured = bool(settings.redis_url.get_secret_value())
    try:
        with store.reached(settings) as reached:
            if reached.answers():
                return Finding("redis", Level.OK, "the configured one answers" if configured else "our own runs")
        if configured:
            return Finding("redis", Level.FAIL, "The configured Redis does not answer.", MEND_REDIS)
        return Finding("redis", Level.OK, f"{queue.embedded_program()}; mta up starts it")
    except MtaError as error:
        return Finding("redis", Level.FAIL, str(error), MEND_REDIS if configured else "make setup installs one.")


async def keys(settings: Settings) -> Finding:
    """The keys by themselves, then against the rows they must open."""
    try:
        keyring = wiring.keyring(settings)
    except MtaError as error:
        return Finding("keys", Level.FAIL, str(error), "A new key is made by: mta keys new")
    except OSError as error:
        return Finding("keys", Level.FAIL, str(store.unusable(settings, error)), MEND_FOLDER)
    try:
        with store.opened(settings) as kept:
            unopened = await kept.database.read(lambda session: _unopened(session, keyring))
    except MtaError:
        return Finding("keys", Level.WARN, "not compared with the rows", "Mend the database first.")
    if unopened:
        return Finding("keys", Level.FAIL, unopened, "Give back the keys that the rows were sealed with.")
    kept_where = "MTA_ENCRYPTION_KEYS" if settings.encryption_keys.get_secret_value() else f"{settings.data_dir}/keys"
    return Finding("keys", Level.OK, f"those of {kept_where} open what the database holds")


async def database(settings: Settings) -> Finding:
    kind = "PostgreSQL" if settings.database_url else f"SQLite in {settings.data_dir}"
    try:
        wiring.keyring(settings)
    except ConfigError:
        return Finding("database", Level.FAIL, "not tried without keys", "Mend the keys first.")
    except OSError as error:
        return Finding("database", Level.FAIL, str(store.unusable(settings, error)), MEND_FOLDER)
    try:
        with store.opened(settings):
            return Finding("database", Level.OK, f"{kind}, tables up to date")
    except MtaError as error:
        mend = "Start it, or correct or empty MTA_DATABASE_URL." if settings.database_url else MEND_FOLDER
        return Finding("database", Level.FAIL, str(error), mend)


async def mailbox(settings: Settings) -> Finding:
    try:
        box = wiring.mailbox(settings)
        mails = await asyncio.to_thread(box.count) if box else None
    except MtaError as error:
        return Finding("mailbox", Level.FAIL, str(error), MEND_MAILBOX)
    return Finding("mailbox", Level.OK, "none is read" if mails is None else f"opens, mails in it: {mails}")


async def telegram(settings: Settings) -> Finding:
    """Whether the Bot API knows the token and brings updates the way that we wait for them."""
    if not settings.telegram_token.get_secret_value():
        return Finding("telegram", Level.OK, "no token, so no bot")
    try:
        bot_settings = configured.bot_settings(settings)
        found = await inquiry.standing(bot_settings)
    except ConfigError as error:
        return Finding("telegram", Level.FAIL, str(error), MEND_BOT)
    except MtaError as error:
        return Finding("telegram", Level.FAIL, str(error), MEND_TELEGRAM)
    way = "by webhook" if bot_settings.webhook else "by polling"
    said = f"{found.name} (@{found.username}), {way}, updates that wait: {found.waiting}"
    wrong, mend = _wrong_way(found, bot_settings.webhook)
    if not wrong:
        wrong, mend = await _rivals(settings)
    return Finding("telegram", Level.WARN if wrong else Level.OK, f"{said}{wrong}", mend)


def _wrong_way(found: Standing, wanted: str) -> tuple[str, str]:
    """What is amiss at Telegram's end, and what to do; nothing and nothing if all is well."""
    if found.webhook != wanted:
        is_set = f"a webhook at {urlsplit(found.webhook).hostname}" if found.webhook else "no webhook"
        return f"; Telegram has {is_set}", "Start the bot: it sets this right. If it runs, another has its token."
    if found.trouble_at is not None and utc_now() - found.trouble_at < LATELY:
        return f"; lately, at the webhook: {found.trouble}", "See docs/telegram.md, webhook."
    if found.waiting >= MANY_WAIT:
        return ", and nobody takes them", "Start the bot. If it runs, see its log."
    return "", ""


async def _rivals(settings: Settings) -> tuple[str, str]:
    """Whether another program took our updates lately; where the rows cannot be reached is examined by itself."""
    now = utc_now()
    met_at = None
    with contextlib.suppress(MtaError), store.opened(settings) as kept:
        met_at = await kept.database.read(lambda session: rivals.last_met(session, since=now - LATELY))
    if met_at is None:
        return "", ""
    ago = (now - met_at) // timedelta(minutes=1)
    return f"; {ago} min ago another program took updates with this token", MEND_RIVAL


async def site(settings: Settings) -> Finding:
    started = utc_now()
    try:
        async with one_look.visiting(settings) as (portal, pool), pool.lease("doctor") as lease:
            seen = await _asked(settings, portal, lease)
    except (BrowserMissing, ConfigError):
        return Finding("site", Level.FAIL, "not tried without a browser", "Mend the browser first.")
    except MtaError as error:
        mend = next((words for kind, words in MEND_SITE.items() if isinstance(error, kind)), MEND_NETWORK)
        return Finding("site", Level.FAIL, f"{settings.site_url}: {error}", mend)
    took = (utc_now() - started).total_seconds()
    offered = f"{len(seen.catalog.services)} services, {len(seen.catalog.offices)} offices"
    return Finding("site", Level.OK, f"{settings.site_url}: generation {seen.dialect}, {offered}, {took:.1f} s")


async def _asked(settings: Settings, portal: Portal, lease: Lease) -> SeenCatalog:
    """Counted where the rows can be reached; where they cannot, that is examined by itself."""
    meter = portal.meter(lease)
    try:
        return await portal.catalog(lease)
    finally:
        with contextlib.suppress(MtaError), store.opened(settings) as kept:
            await one_look.write_down(kept, settings, meter, Purpose.CHECK)


def _unopened(session: Session, keyring: Keyring) -> str:
    """Why these keys do not open the rows; nothing if they do."""
    try:
        encryption.check(session, keyring)
    except ConfigError as error:
        return str(error)
    return ""


EVERY: Final[tuple[Check, ...]] = (
    python,
    clock,
    disk,
    profile,
    browser,
    redis,
    keys,
    database,
    mailbox,
    telegram,
    site,
)
