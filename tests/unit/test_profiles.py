"""Profile files, and what a profile makes of a browser, without starting one."""

from pathlib import Path

import pytest

from browser_profiles import identity, profiles
from browser_profiles.finding import FoundBrowser
from core.errors import ConfigError

CONTACT = "mailto:pace@example.org"
SHELL = FoundBrowser(
    path=Path("/usr/lib/chromium/chromium-headless-shell"),
    version="156.0.8078.79",
    flavour="shell",
    user_agent=(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "HeadlessChrome/156.0.8078.79 Safari/537.36"
    ),
    platform="Linux x86_64",
    hints={
        "brands": [{"brand": "Chromium", "version": "156"}, {"brand": "HeadlessChrome", "version": "156"}],
        "fullVersionList": [
            {"brand": "Chromium", "version": "156.0.8078.79"},
            {"brand": "HeadlessChrome", "version": "156.0.8078.79"},
        ],
        "platform": "Linux",
        "platformVersion": "",
        "architecture": "x86",
        "bitness": "64",
        "model": "",
        "mobile": False,
    },
)


def shipped_text(name: str) -> str:
    return (profiles.SHIPPED / f"{name}.toml").read_text(encoding="utf-8")


def changed_copy(folder: Path, old: str, new: str) -> Path:
    """Write the visitor's file with one passage changed."""
    text = shipped_text("visitor")
    assert old in text
    copy = folder / "mine.toml"
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def test_both_shipped_profiles_are_there() -> None:
    assert profiles.shipped() == ["identified", "visitor"]


def test_the_visitor_lives_in_munich() -> None:
    visitor = profiles.load("visitor")

    assert (visitor.locale, visitor.timezone) == ("de-DE", "Europe/Berlin")
    assert visitor.stealth is not None


def test_the_identified_profile_hides_nothing_and_names_its_operator() -> None:
    identified = profiles.load("identified", operator_contact=CONTACT)

    looks = identity.of(identified, SHELL)

    assert looks.user_agent == f"{SHELL.user_agent} MunichTerminAutomator (operator; {CONTACT})"
    assert looks.hints["brands"] == SHELL.hints["brands"]
    assert not any("AutomationControlled" in flag for flag in identity.launch_arguments(identified, looks))


@pytest.mark.parametrize("contact", [None, ""])
def test_the_identified_profile_refuses_to_load_without_a_contact(contact: str | None) -> None:
    with pytest.raises(ConfigError, match="set an operator contact"):
        profiles.load("identified", operator_contact=contact)


@pytest.mark.parametrize("contact", ["nobody", "a@example.org\r\nX-Evil: 1", "mä@example.org", "(a@example.org)"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused_and_not_repeated(contact: str) -> None:
    with pytest.raises(ConfigError, match="must be a mail address or web address") as caught:
        profiles.load("identified", operator_contact=contact)

    assert contact not in str(caught.value)


def test_the_visitor_needs_no_contact_and_does_not_show_one() -> None:
    visitor = profiles.load("visitor", operator_contact=CONTACT)

    assert CONTACT not in identity.of(visitor, SHELL).user_agent


def test_the_visitors_user_agent_is_the_browsers_own_without_headless() -> None:
    looks = identity.of(profiles.load("visitor"), SHELL)

    assert looks.user_agent == (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
    )
    assert looks.platform == SHELL.platform


def test_the_visitors_hints_are_the_browsers_own_without_headless() -> None:
    hints = identity.of(profiles.load("visitor"), SHELL).hints

    assert hints["brands"] == [{"brand": "Chromium", "version": "156"}]
    assert hints["fullVersionList"] == [{"brand": "Chromium", "version": "156.0.8078.79"}]
    assert hints["fullVersion"] == SHELL.version


def test_a_profile_is_loaded_by_path(tmp_path: Path) -> None:
    mine = changed_copy(tmp_path, 'name = "visitor"', 'name = "mine"')

    assert profiles.load(mine).name == "mine"


def test_a_profile_cannot_be_changed_after_loading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        profiles.load("visitor").name = "other"  # type: ignore[misc]  # the point of the test


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"no browser profile tourist.*identified, visitor"):
        profiles.load("tourist")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("width = 1920", "width = 19", r"screen\.width: .*greater than or equal to 320"),
        ('timezone = "Europe/Berlin"', 'timezone = "Europe/Munich"', "timezone: Europe/Munich is not a time zone"),
        ('timing = "natural"', 'timing = "hasty"', "timing: .*'natural' or 'brisk'"),
        ('flavour = "shell"', 'flavor = "shell"', "flavour: Field required; flavor: Extra inputs"),
        ("width = 1400", "width = 1920", "viewport must be smaller than the screen"),
        ('locale = "de-DE"', 'locale = "en-US"', "languages must start with the locale, en-US"),
        ("chromium = []", 'chromium = ["navigator_platform"]', r"stealth\.chromium"),
        ("[headers]", '[headers]\nX-Test = "Grüße"', r"headers\.X-Test: only printable ASCII"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    mine = changed_copy(tmp_path, old, new)

    with pytest.raises(ConfigError, match=complaint) as caught:
        profiles.load(mine)

    assert str(mine) in str(caught.value)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"broken\.toml is not valid TOML"):
        profiles.load(broken)


def test_languages_reach_launch_and_page_alike() -> None:
    visitor = profiles.load("visitor")
    looks = identity.of(visitor, SHELL)

    flags = identity.launch_arguments(visitor, looks)
    commands = dict(identity.overrides(visitor, looks))

    assert "--accept-lang=de-DE,de,en-US,en" in flags
    assert commands["Emulation.setUserAgentOverride"]["acceptLanguage"] == "de-DE,de,en-US,en"
    assert f"--user-agent={looks.user_agent}" in flags
