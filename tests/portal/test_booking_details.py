"""From a hold to the activated appointment: the person's details, consents, the mailed link, and what may go wrong."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from browser_profiles.lease import Lease
from core.bookings import HoldKey
from core.contact import Contact
from core.errors import AnswerLost, BadInput, HoldLost, MtaError, PortalChanged, Refused, Throttled
from core.slots import Slot
from portal import links
from rehearsal.settings import Dialect
from tests.portal_fixtures import ANNA, AT_ONE_OFFICE, WITHOUT_CAPTCHA, OpenTown, Town, moment, thrown_away
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ

SLOT = Slot(moment(1, 9), KFZ)
UPDATE, PRECONFIRM, CONFIRM, CANCEL = (f"{verb}-appointment" for verb in ("update", "preconfirm", "confirm", "cancel"))


async def hold(town: Town, lease: Lease) -> HoldKey:
    await town.offer(KFZ, SLOT.starts_at)
    return (await town.portal.hold(lease, WITHOUT_CAPTCHA, SLOT)).key


@pytest.fixture
async def held(town: Town, lease: Lease) -> HoldKey:
    return await hold(town, lease)


@pytest.fixture
async def preconfirmed(town: Town) -> HoldKey:
    """By another client than the page under test."""
    await town.offer(KFZ, SLOT.starts_at)
    answer = await town.visitor.preconfirmed()
    return HoldKey(answer["processId"], answer["authKey"])


async def test_a_page_that_held_somebodys_details_is_lent_to_nobody(town: Town) -> None:
    before = town.pool.stats().retired_total.get("personal", 0)
    async with town.lease() as lease:
        await hold(town, lease)
        assert town.pool.stats().retired_total.get("personal", 0) == before
        await town.portal.fill(lease, ANNA)
    assert town.pool.stats().retired_total["personal"] == before + 1
    async with town.lease() as lease:
        assert lease.uses == 0
        lease.retire("done")


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mail": "anna+termin@example.org"}, "mail"),
        ({"last_name": ""}, "last name"),
    ],
)
async def test_a_field_the_page_does_not_take_is_named(
    town: Town, lease: Lease, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await town.portal.fill(lease, replace(ANNA, **wrong))
    assert refused.value.field == field
    assert await town.requests(UPDATE) == []


async def test_a_text_an_office_demands_is_missed(town: Town, lease: Lease) -> None:
    await town.offer(ORLEANSPLATZ, SLOT.starts_at)
    await town.portal.hold(lease, AT_ONE_OFFICE, replace(SLOT, office_id=ORLEANSPLATZ))
    with pytest.raises(BadInput) as refused:
        await town.portal.fill(lease, replace(ANNA, remarks=""))
    assert refused.value.field == "remarks"


@pytest.mark.usefixtures("held")
async def test_a_name_of_the_greatest_length_is_taken(town: Town, lease: Lease) -> None:
    """The page complains at exactly fifty characters, and goes on."""
    await town.portal.fill(lease, replace(ANNA, last_name="a" * 50))
    assert len(await town.requests(UPDATE)) == 1


async def test_a_field_that_is_demanded_and_hidden_is_refused(town: Town, lease: Lease) -> None:
    text = {"label": "Geburtsdatum", "use": "required_hidden"}
    await town.visitor.order("scope", office=KFZ, changes={"text": text})
    await hold(town, lease)
    with pytest.raises(Refused) as refused:
        await town.portal.fill(lease, ANNA)
    assert refused.value.code == "hiddenRequiredField"


async def test_too_many_appointments_with_one_address_are_refused(town: Town, lease: Lease) -> None:
    await town.visitor.order("scope", office=KFZ, changes={"mails": 1})
    await town.offer(KFZ, moment(2, 9))
    await town.visitor.confirmed(email=ANNA.mail)
    await hold(town, lease)
    with pytest.raises(Refused) as refused:
        await book(town, lease)
    assert refused.value.code == "tooManyAppointmentsWithSameMail"


async def book(town: Town, lease: Lease, contact: Contact = ANNA) -> None:
    await town.portal.fill(lease, contact)
    await town.portal.preconfirm(lease)


@pytest.mark.usefixtures("held")
async def test_a_hold_the_city_dropped_is_lost(town: Town, lease: Lease) -> None:
    await town.portal.fill(lease, ANNA)
    await town.visitor.pass_time(minutes=25)
    with pytest.raises(HoldLost):
        await town.portal.preconfirm(lease)


async def test_a_hold_the_page_gave_up_is_lost(open_town: OpenTown, lease: Lease) -> None:
    town = await open_town(reservation_minutes=0.01)
    await hold(town, lease)
    await lease.page.get_by_role("heading", name="Ihre Sitzung ist abgelaufen.").wait_for()
    with pytest.raises(HoldLost):
        await town.portal.fill(lease, ANNA)
    assert await town.requests(UPDATE) == []


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("mood", "error"),
    [
        (f"network-drop:{UPDATE}", AnswerLost),
        (f"throttled:{UPDATE}", Throttled),
        (f"renamed-field:{UPDATE}", PortalChanged),
        (f"network-drop:{PRECONFIRM}", AnswerLost),
        (f"renamed-field:{PRECONFIRM}", PortalChanged),
    ],
)
async def test_trouble_after_the_hold_names_nobody(
    town: Town, lease: Lease, held: HoldKey, mood: str, error: type[MtaError]
) -> None:
    await town.also(mood)
    with pytest.raises(error) as raised:
        await book(town, lease)
    kept = [path for path in town.evidence.iterdir() if path.suffix != ".png"]
    assert bool(kept) is (error is not Throttled)
    told = b"".join([path.read_bytes() for path in kept]) + repr(raised.value).encode()
    for word in {*ANNA.words, held.auth_key, links.payload_of(held)}:
        assert word.encode() not in told
        assert not any(word in path.name for path in kept)


@pytest.mark.usefixtures("practice_page")
async def test_a_headline_nobody_knows_is_kept_and_changes_nothing(town: Town, lease: Lease) -> None:
    """The City's API said preconfirmed; the page's other words are for whoever mends the portal."""
    await town.also("unknown-headline")
    await hold(town, lease)
    await town.portal.fill(lease, ANNA)
    assert (await town.portal.preconfirm(lease)).status == "preconfirmed"
    assert {path.suffix for path in town.evidence.iterdir()} == {".png", ".txt"}


async def test_a_masked_picture_shows_nothing_of_the_person(open_town: OpenTown, tmp_path: Path) -> None:
    """Two persons' overviews of the same appointment look the same."""
    taken: list[bytes] = []
    for person in (
        ANNA,
        replace(ANNA, first_name="Bernhardin", last_name="Weißer", mail="b.weisser2@city.example.org"),
    ):
        town = await open_town()
        async with thrown_away(town) as lease:
            await hold(town, lease)
            await town.portal.fill(lease, person)
            path = await town.portal.screenshot(lease, tmp_path / "masked.png", mask_personal=True)
            taken.append(path.read_bytes())
    assert taken[0] == taken[1]


async def test_the_link_works_once_more_after_it_worked(town: Town, lease: Lease, preconfirmed: HoldKey) -> None:
    link = links.confirm_link(f"{town.visitor.url}/", preconfirmed)
    first = await town.portal.confirm(lease, link)
    again = await town.portal.confirm(lease, link)
    assert (first.status, again.status) == ("confirmed", "confirmed")
    assert first.calendar is not None
    assert "BEGIN:VCALENDAR" in first.calendar


async def test_a_link_that_came_too_late_is_lost(town: Town, lease: Lease, preconfirmed: HoldKey) -> None:
    await town.visitor.pass_time(minutes=90)
    with pytest.raises(HoldLost):
        await town.portal.confirm(lease, links.confirm_link(f"{town.visitor.url}/", preconfirmed))


async def test_a_link_with_another_key_is_bad_input(town: Town, lease: Lease, preconfirmed: HoldKey) -> None:
    other = replace(preconfirmed, auth_key="0" * 64)
    with pytest.raises(BadInput) as refused:
        await town.portal.confirm(lease, links.confirm_link(f"{town.visitor.url}/", other))
    assert refused.value.field == "link"
    assert await town.statuses() == ["preconfirmed"]


async def test_a_link_to_somewhere_else_is_not_opened(town: Town, lease: Lease, preconfirmed: HoldKey) -> None:
    with pytest.raises(BadInput):
        await town.portal.confirm(lease, links.confirm_link("https://elsewhere.example/", preconfirmed))
    assert lease.page.url == "about:blank"


@pytest.mark.parametrize(
    ("mood", "error"), [(f"network-drop:{CONFIRM}", AnswerLost), (f"renamed-field:{CONFIRM}", PortalChanged)]
)
async def test_trouble_with_the_activation_is_settled_by_reading(
    town: Town, lease: Lease, preconfirmed: HoldKey, mood: str, error: type[MtaError]
) -> None:
    await town.also(mood)
    with pytest.raises(error):
        await town.portal.confirm(lease, links.confirm_link(f"{town.visitor.url}/", preconfirmed))
    read = await town.portal.read(lease, preconfirmed)
    assert read is not None
    assert read.status == "confirmed"


async def test_an_appointment_nobody_has_is_none(town: Town, lease: Lease) -> None:
    unknown = HoldKey(4711, "0" * 64)
    assert await town.portal.read(lease, unknown) is None
    assert await town.portal.cancel(lease, unknown) is None
    assert await town.requests(CANCEL) == []


async def test_a_hold_is_released(town: Town, lease: Lease, generation: Dialect) -> None:
    key = await hold(town, lease)
    async with thrown_away(town) as other:
        released = await town.portal.cancel(other, key)
        assert released is not None
        assert released.status == "deleted"
        assert await town.portal.cancel(other, key) is None
    assert await town.statuses() == ["deleted"]
    assert len(await town.requests(CANCEL)) == 1, generation


async def test_a_cancellation_whose_answer_is_lost_is_settled_by_reading(
    town: Town, lease: Lease, preconfirmed: HoldKey
) -> None:
    await town.also(f"network-drop:{CANCEL}")
    with pytest.raises(AnswerLost):
        await town.portal.cancel(lease, preconfirmed)
    await town.moods("none")
    assert await town.portal.cancel(lease, preconfirmed) is None


async def test_a_visit_that_has_begun_is_not_cancelled(town: Town, lease: Lease, preconfirmed: HoldKey) -> None:
    portal = town.other_portal(clock=lambda: SLOT.starts_at + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        await portal.cancel(lease, preconfirmed)
    assert refused.value.code == "appointmentCanNotBeCanceled"
    assert await town.statuses() == ["preconfirmed"]


@pytest.mark.parametrize("mood", ["renamed-field:appointment", "throttled:appointment", "bad-gateway:appointment"])
async def test_an_unread_appointment_is_never_none(town: Town, lease: Lease, preconfirmed: HoldKey, mood: str) -> None:
    await town.also(mood)
    with pytest.raises(MtaError):
        await town.portal.read(lease, preconfirmed)
