"""The bench of telling judges what came: nothing is called told that is not there."""

import pytest

from bench.letters import Box, Outcome, box
from rehearsal.telegram.store import Posting


def came(*texts: str, by_bot: bool = True) -> list[Posting]:
    return [Posting(number, 7, by_bot=by_bot, date=0, text=text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("at 8:00", "at 9:00", "at 10:30"), Box(3, lost=0, doubled=0, disordered=0)),
        (("at 8:00", "at 10:30"), Box(3, lost=1, doubled=0, disordered=0)),
        ((), Box(3, lost=3, doubled=0, disordered=0)),
        (("at 8:00", "at 9:00", "at 9:00", "at 10:30"), Box(3, lost=0, doubled=1, disordered=0)),
        (("at 9:00", "at 8:00", "at 10:30"), Box(3, lost=0, doubled=0, disordered=1)),
    ],
)
def test_a_box_is_compared_with_what_was_written(texts: tuple[str, ...], expected: Box) -> None:
    assert box(("8:00", "9:00", "10:30"), came(*texts)) == expected


def test_what_the_person_wrote_tells_nothing() -> None:
    assert box(("8:00",), came("at 8:00", by_bot=False)).lost == 1


def test_an_outcome_adds_up_its_boxes() -> None:
    outcome = Outcome((Box(2, 1, 0, 0), Box(3, 0, 2, 1)), came=(0.5, 1.0, 2.04), flooded=4, overall=1)

    assert outcome.told() == {
        "messages": 5,
        "lost": 1,
        "doubled": 2,
        "disordered": 1,
        "429s": 4,
        "429s_in_all": 1,
        "took_s": 2.0,
    }
    assert outcome.curve() == [(0.0, 0), (0.5, 1), (1.0, 2), (2.04, 3), (2.04, 3)]
