"""What a worker costs is the processor time of all it started."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from workers.cost import Cost

BURN = "import sys, time\nwhile time.process_time() < 0.5: pass\nprint(1, flush=True)\nsys.stdin.read()"


@pytest.fixture
def busy_child() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", BURN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        yield child
        child.kill()


def test_a_child_that_still_runs_is_counted_once(busy_child: subprocess.Popen[str]) -> None:
    cost = Cost()
    before = cost.used_ms()
    assert busy_child.stdout is not None
    busy_child.stdout.readline()

    used = cost.used_ms()
    busy_child.kill()
    busy_child.wait()
    again = cost.used_ms()

    assert before >= 0
    assert used >= 400
    assert again < 400


def test_a_childs_time_goes_on_being_counted_after_it_was_reaped() -> None:
    cost = Cost()
    cost.used_ms()
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.5: pass"], check=True)
    assert cost.used_ms() >= 400


def test_own_work_is_counted() -> None:
    cost = Cost()
    cost.used_ms()
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    assert cost.used_ms() >= 100
