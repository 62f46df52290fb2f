"""From a slot seen to an appointment confirmed, read and cancelled, on the City's page in both generations."""

import pytest

from browser_profiles.lease import Lease
from core.looks import Answer
from core.slots import Slot
from core.targets import Target
from tests.portal_fixtures import (
    ANNA,
    AT_ONE_OFFICE,
    AT_SIX_OFFICES,
    TWO_SERVICES,
    WITHOUT_CAPTCHA,
    Town,
    moment,
)
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ, PASING

OFFERS = {
    AT_ONE_OFFICE: [(ORLEANSPLATZ, 2, 9), (ORLEANSPLATZ, 2, 15), (ORLEANSPLATZ, 3, 10)],
    AT_SIX_OFFICES: [(ORLEANSPLATZ, 2, 9), (PASING, 2, 15), (102523, 3, 10), (10489, 5, 8), (10489, 20, 11)],
    TWO_SERVICES: [(ORLEANSPLATZ, 3, 9), (PASING, 4, 14)],
    WITHOUT_CAPTCHA: [(KFZ, 1, 8), (KFZ, 3, 12), (KFZ, 3, 13)],
}


async def offer_all(town: Town, wanted: Target) -> list[Slot]:
    minutes = 30 if wanted == TWO_SERVICES else None
    for office, days, hour in OFFERS[wanted]:
        await town.offer(office, moment(days, hour), minutes=minutes)
    return sorted(Slot(moment(days, hour), office) for office, days, hour in OFFERS[wanted])


@pytest.mark.parametrize("wanted", list(OFFERS), ids=["one-office", "six-offices", "two-services", "no-captcha"])
async def test_a_slot_seen_becomes_an_appointment_and_is_cancelled(town: Town, lease: Lease, wanted: Target) -> None:
    expected = await offer_all(town, wanted)
    look = await town.portal.look(lease, wanted)
    assert (look.answer, look.detail) == (Answer.FREE, "")
    assert list(look.slots) == expected
    slot = look.slots[-1]
    held = await town.portal.hold(lease, wanted, slot)
    assert (held.status, held.office_id, held.starts_at) == ("reserved", slot.office_id, slot.starts_at)
    await town.portal.fill(lease, ANNA)
    assert (await town.portal.preconfirm(lease)).status == "preconfirmed"
    confirmed = await town.portal.confirm(lease, await town.confirm_link())
    assert (confirmed.status, confirmed.key) == ("confirmed", held.key)
    read = await town.portal.read(lease, held.key)
    assert read is not None
    assert (read.status, read.starts_at, read.office_id) == ("confirmed", slot.starts_at, slot.office_id)
    cancelled = await town.portal.cancel(lease, held.key)
    assert cancelled is not None
    assert cancelled.status == "deleted"
    assert await town.portal.read(lease, held.key) is None
    assert not any(town.evidence.iterdir())
