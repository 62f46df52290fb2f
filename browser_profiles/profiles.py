"""Profiles: who the browser looks like, read from TOML files."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import ConfigError

Flavour = Literal["shell", "chromium"]
TimingName = Literal["natural", "brisk"]
PatchName = Literal[
    "chrome_app",
    "chrome_csi",
    "chrome_load_times",
    "chrome_runtime",
    "error_prototype",
    "hairline",
    "iframe_content_window",
    "media_codecs",
    "navigator_hardware_concurrency",
    "navigator_permissions",
    "navigator_plugins",
    "navigator_vendor",
    "navigator_webdriver",
    "webgl_vendor",
]

SHIPPED: Final = Path(__file__).with_name("shipped")
CONTACT_PLACE: Final = "{operator_contact}"
HEADER_TEXT: Final = re.compile(r"[\x20-\x7e]+")
CONTACT: Final = re.compile(r"\S+@\S+\.\S+|https?://\S+")


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is not a time zone, such as Europe/Berlin")
    return name


def _header_safe(text: str) -> str:
    if text and not HEADER_TEXT.fullmatch(text):
        raise ValueError("only printable ASCII can stand in a request header")
    return text


LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Size(_Frozen):
    """Width and height in CSS pixels."""

    width: int = Field(ge=320, le=7680)
    height: int = Field(ge=320, le=4320)


class Patches(_Frozen):
    """playwright-stealth patches by flavour; a flavour without patches still hides the automation flag."""

    shell: frozenset[PatchName] = frozenset()
    chromium: frozenset[PatchName] = frozenset()

    def of(self, flavour: Flavour) -> frozenset[PatchName]:
        return self.shell if flavour == "shell" else self.chromium


class Profile(_Frozen):
    """Who the browser looks like. `stealth` None means nothing is hidden: the browser shows what it is."""

    name: str = Field(min_length=1)
    flavour: Flavour
    timing: TimingName
    locale: LanguageTag
    languages: tuple[LanguageTag, ...] = Field(min_length=1)
    timezone: Annotated[str, AfterValidator(_known_zone)]
    screen: Size
    viewport: Size
    device_scale: float = Field(default=1.0, ge=0.5, le=4.0)
    headers: dict[str, Annotated[str, AfterValidator(_header_safe)]] = Field(default_factory=dict)
    user_agent_suffix: Annotated[str, AfterValidator(_header_safe)] = ""
    stealth: Patches | None = None

    @model_validator(mode="after")
    def _viewport_fits(self) -> "Profile":
        if self.viewport.width >= self.screen.width or self.viewport.height >= self.screen.height:
            raise ValueError("the viewport must be smaller than the screen it stands on")
        return self

    @model_validator(mode="after")
    def _locale_first(self) -> "Profile":
        if self.languages[0] != self.locale:
            raise ValueError(f"languages must start with the locale, {self.locale}")
        return self


def load(name_or_path: str | Path, *, operator_contact: str | None = None) -> Profile:
    """Read a shipped profile by name, or any profile by path.

    A profile that names its operator refuses to load without `operator_contact` (a mail address or web
    address). Raises `ConfigError` with the file and the key.
    """
    path = _locate(name_or_path)
    profile = _parse(path)
    if CONTACT_PLACE not in profile.user_agent_suffix:
        return profile
    contact = _checked_contact(operator_contact, profile=profile.name)
    suffix = profile.user_agent_suffix.replace(CONTACT_PLACE, contact)
    return profile.model_copy(update={"user_agent_suffix": suffix})


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def _locate(name_or_path: str | Path) -> Path:
    for path in (SHIPPED / f"{name_or_path}.toml", Path(name_or_path)):
        if path.is_file():
            return path
    names = ", ".join(shipped())
    raise ConfigError(f"There is no browser profile {name_or_path}. Use one of {names}, or the path of a file.")


def _parse(path: Path) -> Profile:
    try:
        return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The browser profile {path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        raise ConfigError(f"The browser profile {path} cannot be used: {_complaints(error)}.") from error


def _complaints(error: ValidationError) -> str:
    return "; ".join(_complaint(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors())


def _complaint(key: str, message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{key}: {text}" if key else text


def _checked_contact(contact: str | None, *, profile: str) -> str:
    if not contact:
        raise ConfigError(
            f"The profile {profile} names its operator to the City: set an operator contact "
            "(a mail address or a web address).",
        )
    if not HEADER_TEXT.fullmatch(contact) or not CONTACT.search(contact) or set(contact) & set("()"):
        raise ConfigError("The operator contact must be a mail address or web address in plain ASCII.")
    return contact
