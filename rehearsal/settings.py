"""What a practice city is built from. Nothing here reads the environment: callers pass values."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Dialect(StrEnum):
    """The two generations of the City's API: February 2026 and August 2026."""

    FEB = "feb"
    AUG = "aug"


class CitySettings(BaseModel):
    """Numbers given for a duration are seconds. `smtp` is "host:port"; without it the city has its own inbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dialect: Dialect = Dialect.AUG
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    public_url: str | None = None
    frontend: Path | None = None
    page: Path = Path(__file__).parent / "page"

    seed: int = 1
    start: AwareDatetime | None = None
    speed: float = Field(default=1.0, gt=0)

    moods: tuple[str, ...] = ()
    script: Path | None = None
    slots_per_day: tuple[int, int] = (6, 25)
    blacklist: tuple[str, ...] = ()

    rate_limit: int = Field(default=60, ge=1)
    rate_window: timedelta = timedelta(seconds=60)
    max_request_size: int = 10 * 1024 * 1024

    captcha_ttl: timedelta = timedelta(seconds=300)
    captcha_cost: int = Field(default=10, ge=1)

    reservation_minutes: float | None = None
    activation_minutes: float | None = None

    smtp: str | None = None
    inbox: Path | None = None
    mail_delay: timedelta = timedelta(milliseconds=300)
