"""Pictures are files and nothing else: no screen, nothing left behind in the process."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import chart
from console import drawing
from core.errors import BadInput

PNG = b"\x89PNG\r\n"
ONE_KILL = {"ended": "booked", "killed": "worker", "state": "held", "at_ms": 1500, "round": 1}


def test_a_picture_is_a_png_whatever_its_file_is_called(tmp_path: Path) -> None:
    figure = drawing.canvas(2, 1)
    figure.subplots().plot([1, 2])

    drawing.save(figure, tmp_path / "new" / "picture.of-mine")

    assert (tmp_path / "new" / "picture.of-mine").read_bytes().startswith(PNG)


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written: Is a directory"):
        drawing.save(drawing.canvas(2, 1), tmp_path)


def test_drawing_is_loaded_by_who_draws_and_keeps_no_figure_for_the_process(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from console import drawing, main
assert "matplotlib" not in sys.modules
drawing.save(drawing.canvas(2, 1), Path({str(tmp_path / "picture.png")!r}))
assert "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules
"""

    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, cwd=Path(__file__).parents[2])


def test_the_kills_are_drawn(tmp_path: Path) -> None:
    told = {"kills": [ONE_KILL, ONE_KILL | {"state": "unheard-of"}], "double": 0, "lost": 0, "untold": 0}

    chart.draw(told, tmp_path / "kill.png")

    assert (tmp_path / "kill.png").read_bytes().startswith(PNG)
