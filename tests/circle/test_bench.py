"""The benches from the command line: what they write, and that a kill is really survived."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SEED = 203  # kills the worker while it looks, then Redis in the middle of the walk


def bench(*words: str, file: Path) -> dict[str, Any]:
    """What the bench wrote; its status must be 0."""
    command = [sys.executable, "-m", "console", "bench", *words, "--json", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    written: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return written


def test_two_kills_lose_nothing_and_are_drawn(tmp_path: Path) -> None:
    file = tmp_path / "kill.json"

    told = bench("kill", "--rounds", "2", "--warm-ups", "1", "--seed", str(SEED), file=file)

    wrongs = ("double", "lost", "untold", "left_holds_unknown", "stuck")
    assert {name: told[name] for name in wrongs} == dict.fromkeys(wrongs, 0)
    assert (told["rounds"], told["confirmed"], told["by_victim"]) == (2, 2, {"worker": 1, "redis": 1})
    assert told["hold_window_ms"]["count"] >= 2
    assert file.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_a_small_crowd_is_served_in_order(tmp_path: Path) -> None:
    words = ("crowd", "--people", "30", "--slots", "3", "--workers", "2")

    told = bench(*words, file=tmp_path / "crowd.json")

    assert (told["double_claims"], told["unused_slots"], told["order_violations"]) == (0, 0, 0)
    assert 0 < told["won"] <= told["released"] == 3
