"""Traps that others fell into, on the page itself: what looks like "nothing free" and is not."""

import pytest

from browser_profiles.lease import Lease
from core.looks import Answer
from portal import contract_aug
from rehearsal.settings import Dialect
from tests.portal_fixtures import AT_ONE_OFFICE, WITHOUT_CAPTCHA, Town, in_days, moment
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ

NOTHING = "Aktuell ist kein Termin verfügbar."


@pytest.fixture
def generation() -> Dialect:
    return Dialect.AUG


async def test_the_words_for_nothing_free_over_an_error_answer_are_not_none(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, moment(1, 9))
    await town.also(f"bad-gateway:{contract_aug.CALENDAR}")
    look = await town.portal.look(lease, WITHOUT_CAPTCHA)
    assert await lease.page.get_by_text(NOTHING).first.is_visible(), "the page says it all the same"
    assert (look.answer, look.slots) == (Answer.FAILED, ())


async def test_days_that_come_without_times_are_unread_and_not_full(town: Town, lease: Lease) -> None:
    await town.offer(KFZ, moment(1, 9), moment(2, 9))
    look = await town.portal.look(lease, WITHOUT_CAPTCHA, takes_day=lambda _: False)
    assert look.answer is Answer.FREE
    assert (look.days, look.unread_days) == ((in_days(1), in_days(2)), (in_days(2),))


async def test_a_month_without_anything_does_not_hide_the_next(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, moment(40, 9))
    look = await town.portal.look(lease, AT_ONE_OFFICE)
    assert (look.answer, look.days) == (Answer.FREE, (in_days(40),))
