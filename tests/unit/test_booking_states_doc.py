"""The drawn state machine is the one in core.bookings."""

from pathlib import Path

from core.bookings import ENDED, MOVES, BookingState

DOC = Path(__file__).parents[2] / "docs" / "booking-states.md"
BEGIN, END = "<!-- core.bookings.MOVES: begin -->", "<!-- core.bookings.MOVES: end -->"


def drawn() -> str:
    begins = [f"    [*] --> {BookingState.WANTED}"]
    moves = [f"    {old} --> {new}" for old in BookingState for new in BookingState if new in MOVES[old]]
    ends = [f"    {state} --> [*]" for state in BookingState if state in ENDED]
    return "\n".join(["```mermaid", "stateDiagram-v2", *begins, *moves, *ends, "```"])


def test_the_diagram_is_drawn_from_the_table() -> None:
    between = DOC.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert between.strip() == drawn(), f"put this between the marks of {DOC}:\n{drawn()}"


def test_every_state_is_explained() -> None:
    rows = [line.split("|")[1].strip(" `") for line in DOC.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows == list(BookingState)
