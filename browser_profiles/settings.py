"""How a pool is set up."""

from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from browser_profiles.profiles import Profile


class PoolSettings(BaseModel):
    """Settings of one pool: one browser, one profile, one lane.

    `proxy` is a URL that may hold a name and password. `block_hosts` are host patterns (`*.example.org`) that
    are never asked, such as statistics. `seed` fixes all drawn timing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Profile
    browser_path: Path | None = None
    max_pages: int = Field(default=20, ge=1)
    retire_after_uses: int = Field(default=500, ge=1)
    retire_after: timedelta = timedelta(hours=1)
    idle_timeout: timedelta = timedelta(minutes=20)
    call_timeout: timedelta = timedelta(seconds=20)
    proxy: SecretStr | None = None
    block_hosts: tuple[str, ...] = ()
    seed: int | None = None
