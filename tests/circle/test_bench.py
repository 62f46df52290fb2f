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


def drawn(file: Path) -> bool:
    return file.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_two_kills_lose_nothing_and_are_drawn(tmp_path: Path) -> None:
    file = tmp_path / "kill.json"

    told = bench("kill", "--rounds", "2", "--warm-ups", "1", "--seed", str(SEED), file=file)

    wrongs = ("double", "lost", "untold", "left_holds_unknown", "stuck")
    assert {name: told[name] for name in wrongs} == dict.fromkeys(wrongs, 0)
    assert (told["rounds"], told["confirmed"], told["by_victim"]) == (2, 2, {"worker": 1, "redis": 1})
    assert told["hold_window_ms"]["count"] >= 2
    assert drawn(file)


def test_a_small_crowd_is_served_in_order(tmp_path: Path) -> None:
    words = ("crowd", "--people", "30", "--slots", "3", "--workers", "2")

    told = bench(*words, file=tmp_path / "crowd.json")

    assert (told["double_claims"], told["unused_slots"], told["order_violations"]) == (0, 0, 0)
    assert 0 < told["won"] <= told["released"] == 3


def test_a_look_is_measured_beside_other_ways_to_the_same_answer(tmp_path: Path) -> None:
    file = tmp_path / "looks.json"

    told = bench("looks", "--looks", "1", "--runs", "1", "--peers", str(tmp_path / "none"), file=file)

    rows = told["rows"]
    assert list(rows) == ["launch", "reload", "mta", "inpage", "http"]
    assert all(rows[name]["cpu_ms"] > 0 and rows[name]["wall_ms"] > 0 and rows[name]["pss_mib"] > 0 for name in rows)
    assert rows["launch"]["cpu_ms"] > rows["inpage"]["cpu_ms"] > rows["http"]["cpu_ms"]
    assert told["ratio_vs_launch"] > 0 < told["ratio_vs_inpage"]
    assert drawn(file)


def test_the_wait_for_a_hold_is_measured_at_both_paces(tmp_path: Path) -> None:
    file = tmp_path / "hold.json"

    told = bench("hold", "--repetitions", "1", "--runs", "1", file=file)

    for pace in ("natural", "brisk"):
        assert (told[pace]["count"], told[pace]["missed"]) == (1, 0)
        assert 0 < told[pace]["p50"] == told[pace]["p95"] < 30_000
    assert drawn(file)


def test_requests_to_the_city_are_counted_and_a_scheduler_round(tmp_path: Path) -> None:
    file = tmp_path / "rounds.json"

    told = bench("rounds", "--seconds", "1", "--runs", "1", "--watches", "12", file=file)

    assert list(told["requests_per_round"]) == ["12"]
    assert all(count >= 12 for count in told["requests_per_round"].values())
    assert all(rate > 0 for rate in told["requests_per_minute"].values())
    assert 0 < told["scheduler_idle_tick_cpu_s"] < told["scheduler_round_cpu_s"]
    assert told["database_mib"] > 0
    assert drawn(file)


def test_a_rush_counts_every_slot_once(tmp_path: Path) -> None:
    file = tmp_path / "rush.json"
    words = ("--people", "8", "--slots", "3", "--rivals", "1", "--workers", "1", "--runs", "1")

    told = bench("rush", *words, file=file)

    assert told["mta"] + told["poller"] + told["rivals"] + told["left"] == told["slots"] == 3
    assert told["mta"] > 0
    assert drawn(file)


def test_a_short_soak_counts_pages_and_refusals(tmp_path: Path) -> None:
    file = tmp_path / "soak.json"

    told = bench("soak", "--looks", "4", file=file)

    assert told["open_pages"] == [told["targets"]] == [20]
    assert (told["leaked_pages"], told["throttled"]) == (0, 0)
    assert told["silences"][0] > 0  # twenty cold pages are more than one round of the City's budget
    assert [looks for looks, _ in told["curves"][0]] == [0, 1, 2, 3, 4]
    assert set(told["answers"][0]) <= {"free", "none"}
    assert drawn(file)


def test_messages_are_timed_and_counted_through_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "tell.json"
    crowd = ("--chats", "3", "--each", "2", "--to-one", "5", "--kill-chats", "3", "--kills", "1", "--away", "0.3")

    told = bench("tell", "--notices", "6", "--pause", "0.05", *crowd, file=file)

    assert (told["notices"], told["missed"], told["messages"], told["killed_messages"]) == (6, 0, 11, 6)
    wrongs = ("lost", "doubled", "disordered", "429s", "killed_lost")
    assert {name: told[name] for name in wrongs} == dict.fromkeys(wrongs, 0)
    assert 0 < told["p50"] <= told["p95"] <= told["most"]
    assert told["kills"] == 1
    assert drawn(file)
