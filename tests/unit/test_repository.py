"""Rules of the repository that no other tool holds."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from config.settings import Settings

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PEERS_LOCK = "requirements-bench.lock"
# Assembled, so that this file does not name what no file may name.
INDEX_HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "deb.deb" + "ian.org")


def tracked(pattern: str = "*") -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def pins(lock: str) -> dict[str, str]:
    """Name and environment marker to version."""
    lines = (ROOT / lock).read_text().splitlines()
    heads = [line.rstrip(" \\") for line in lines if line and not line.startswith((" ", "#"))]
    return {re.sub(r"==[^ ;]+", "", head): head.split("==")[1].split(" ")[0] for head in heads}


@pytest.mark.parametrize("lock", [*LOCKS, PEERS_LOCK])
def test_every_pin_of_a_lock_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    entries = re.split(r"\n(?=\S)", text.strip())

    assert len(entries) > 20
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "--index" not in text


def test_the_development_lock_holds_the_same_versions_as_the_other() -> None:
    runtime, development = (pins(lock) for lock in LOCKS)

    assert {name: development.get(name) for name in runtime} == runtime


def test_peers_are_measured_with_the_same_browser_driver() -> None:
    runtime, peers = pins("requirements.lock"), pins(PEERS_LOCK)

    assert peers["playwright"] == runtime["playwright"]
    assert not any(name.startswith("crawlee") for name in runtime)


def test_no_file_names_a_package_index() -> None:
    named = [path.name for path in tracked() if any(host.encode() in path.read_bytes() for host in INDEX_HOSTS)]

    assert named == []


def test_no_python_file_is_longer_than_300_lines() -> None:
    long = [path.name for path in tracked("*.py") if len(path.read_text().splitlines()) > 300]

    assert long == []


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in tracked("tests/*/test_*.py")]

    assert sorted(names) == sorted(set(names))


def test_every_relative_link_of_the_documents_leads_to_a_file() -> None:
    documents = [*tracked("README.md"), *tracked("docs/*.md")]

    links = [(path, link) for path in documents for link in re.findall(r"\]\(([^)#\s]+)", path.read_text())]

    inside = [(path, link) for path, link in links if not re.match(r"[a-z]+:", link)]
    assert len(inside) > 15
    assert [f"{path.name}: {link}" for path, link in inside if not (path.parent / link).is_file()] == []


def test_the_example_of_settings_shows_every_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("MTA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # away from a developer's .env

    shown = dict(re.findall(r"^# (MTA_\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert set(shown) == {f"MTA_{name.upper()}" for name in Settings.model_fields}
    example = {name.removeprefix("MTA_").lower(): value for name, value in shown.items() if value}
    assert Settings.model_validate(example) == Settings.model_construct()


def test_the_licence_is_mit() -> None:
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text()


def test_programs_can_be_run() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--stage", "deploy/*.sh", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert len(listed) >= 3
    assert [line for line in listed if not line.startswith("100755")] == []
