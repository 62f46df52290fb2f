"""Every setting of a process, read once from MTA_… variables or a .env file and passed on as values."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core import quiet
from core.errors import BadInput, ConfigError
from core.pacing import WINDOW
from core.quiet import QuietHours

CITY_PAGE = "https://stadt.muenchen.de/buergerservice/terminvereinbarung.html"


class CaptchaPolicy(StrEnum):
    """Who ticks the City's "Ich bin kein Bot." box: the page's own widget in our browser, the person, nobody."""

    BROWSER = "browser"
    PERSON = "person"
    STOP = "stop"


def _parted(value: Any) -> Any:
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_parted)]


def _quiet_hours(written: object) -> object:
    if not isinstance(written, str):
        return written
    try:
        return quiet.parse(written) if written.strip() else None
    except BadInput as error:
        raise ValueError(str(error)) from None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MTA_", env_file=".env", frozen=True, extra="ignore")

    site_url: str = Field(default=CITY_PAGE, description="The City's booking page")
    data_dir: Path = Field(default=Path("data"), description="Database, keys, screenshots, traces, calendar files")
    database_url: str = Field(default="", description="Empty: SQLite in data_dir. Else postgresql+psycopg://…")
    redis_url: SecretStr = Field(default=SecretStr(""), description="Empty: a Redis child process of our own")
    encryption_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Fernet keys, newest first, comma-separated. Empty: a key file in the data folder",
    )
    captcha: CaptchaPolicy = Field(default=CaptchaPolicy.BROWSER, description="Who ticks the captcha box")
    profile: str = Field(default="visitor", description="Browser profile: visitor, identified, or a file")
    operator_contact: str = Field(default="", description="Named in the user agent by the identified profile")
    timing: Literal["natural", "brisk", ""] = Field(default="", description="Empty: the profile's own")
    browser_path: Path | None = Field(default=None, description="Empty: the browser is looked for")
    browser_flavour: Literal["shell", "chromium"] = Field(default="shell", description="Cheap, or the full browser")
    max_pages: int = Field(default=20, ge=1, le=200, description="Open pages per worker process")
    worker_threads: int = Field(default=8, ge=1, le=64, description="Jobs in flight per worker process")
    look_interval: timedelta = Field(default=timedelta(seconds=65), description="Pause between looks at a target")
    look_dense_interval: timedelta = Field(
        default=timedelta(seconds=5), gt=timedelta(), description="The same while new slots are expected"
    )
    look_window: timedelta = Field(
        default=WINDOW, gt=timedelta(), description="How long looks begin before the lane falls silent"
    )
    quiet_hours: Annotated[QuietHours | None, NoDecode, BeforeValidator(_quiet_hours)] = Field(
        default=None, description="No looks between these times of Munich's clock: 23:00-05:30. Empty: none"
    )
    look_reserve: int = Field(default=15, ge=0, description="Requests of the City's budget kept for bookings")
    watches_per_person: int = Field(default=5, ge=1, description="Open watches of one person")
    holds_per_day: int = Field(default=10, ge=1, description="Holds at the City for one person within 24 hours")
    swaps: int = Field(default=2, ge=1, description="Replaced appointments of one person within 30 days")
    watches: int = Field(default=1000, ge=1, description="Open watches in all")
    holds: int = Field(default=20, ge=1, description="Bookings under way at the same time")
    lane: str = Field(default="main", description="Name of this machine's way out to the internet")
    imap_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mailbox that gets the City's mails: imaps://user:password@host/INBOX. Empty: none is read",
    )
    proxy: str = Field(default="", description="Address of the lane's proxy, if it has one")
    telegram_token: SecretStr = Field(default=SecretStr(""), description="The bot's, from BotFather. Empty: no bot")
    telegram_api: str = Field(default="https://api.telegram.org", description="Where the Bot API is served")
    telegram_operators: Ids = Field(default=(), description="Telegram user ids of the operators, comma-separated")
    telegram_entry: Literal["invited", "listed", "open"] = Field(
        default="invited", description="Who is let in: with a code, also those of the list, anybody"
    )
    telegram_allowed: Ids = Field(default=(), description="The list: Telegram user ids, comma-separated")
    telegram_webhook: str = Field(default="", description="Empty: long polling. Else the public https:// address")
    telegram_webhook_secret: SecretStr = Field(default=SecretStr(""), description="What Telegram shows at the webhook")
    telegram_webhook_listen: str = Field(default="127.0.0.1:8443", description="Where the webhook is served here")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least that is logged")
    log_to_files: bool = Field(default=False, description="Into data_dir/logs with rotation, not to standard error")
    traces: bool = Field(default=False, description="Write OpenTelemetry spans to data_dir/traces")
    log_format: Literal["json", "console"] = Field(default="json", description="For machines or for eyes")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'mta.sqlite3'}"

    @property
    def artifacts_dir(self) -> Path:
        return self.data_dir / "artifacts"


def load(**overrides: object) -> Settings:
    """The process's settings; raises ConfigError that names each wrong variable."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic, not by mypy
    except ValidationError as error:
        lines = [
            f"MTA_{'_'.join(map(str, e['loc'])).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False)
        ]
        raise ConfigError("These settings are wrong:\n" + "\n".join(lines)) from None
