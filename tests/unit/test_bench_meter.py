"""The meter of the benches: whoever burnt processor time is counted, also when they are no more."""

import asyncio
import sys
from pathlib import Path

import pytest

from bench import meter
from bench.meter import Measured, measured

BURN = "import time\nwhile time.process_time() < {seconds}: pass\n"
WAITED_FOR = """
import subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[1]])
print("done", flush=True)
sys.stdin.read()
"""
ORPHANED = """
import subprocess, sys
between = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]])"
subprocess.run([sys.executable, "-c", between, sys.argv[1] + "print('done', flush=True)"])
sys.stdin.read()
"""
BIG = "import sys; kept = bytearray(b'x' * (64 << 20)); print('done', flush=True); sys.stdin.read()"


@pytest.fixture(params=["control group", "/proc"])
def group(request: pytest.FixtureRequest) -> Path | None:
    if request.param == "/proc":
        return None
    made = meter.new_group()
    if made is None:
        pytest.skip("no control group can be made here")
    return made


async def done(one: Measured) -> None:
    assert one.process.stdout is not None
    async with asyncio.timeout(60):
        assert (await one.process.stdout.readline()).strip() == b"done"


@pytest.mark.parametrize("program", [WAITED_FOR, ORPHANED], ids=["waited for", "orphaned"])
async def test_a_child_that_burnt_time_and_exited_is_counted(program: str, group: Path | None, tmp_path: Path) -> None:
    command = [sys.executable, "-c", program, BURN.format(seconds=0.3)]

    async with measured(command, group=group, log=tmp_path / "log") as one:
        await done(one)
        spent = one.cpu()

    assert 0.3 <= spent < 2


async def test_what_others_burn_meanwhile_is_not_counted(group: Path | None, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('done', flush=True); input()"]

    async with measured(command, group=group, log=tmp_path / "log") as one:
        await done(one)
        before = one.cpu()
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", BURN.format(seconds=0.3))
        await other.wait()
        spent = one.cpu() - before

    assert spent < 0.1


async def test_memory_is_that_of_the_program_and_its_children(tmp_path: Path) -> None:
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"

    async with measured([sys.executable, "-c", parent, BIG], group=None, log=tmp_path / "log") as one:
        await done(one)
        held = one.pss()

    assert 64 < held < 128


async def test_a_control_group_is_gone_with_its_program(tmp_path: Path) -> None:
    made = meter.new_group()
    if made is None:
        pytest.skip("no control group can be made here")

    async with measured([sys.executable, "-c", "input()"], group=made, log=tmp_path / "log"):
        assert made.is_dir()

    assert not made.exists()
