"""Conversations in English with a whole machine, in the City's older generation; MTA itself reads the City's mails."""

from collections.abc import AsyncIterator

import pytest

from models import chats
from rehearsal.settings import Dialect
from tests.conversations import wishing
from tests.conversations.conftest import OpenMachine
from tests.conversations.machine import Machine, at
from tests.conversations.person import somebody
from tests.conversations.wishing import CAR, MOVED
from tests.mail_fixtures import MailServer, OwnMailbox, delivering
from tests.rehearsal_fixtures import KFZ, ORLEANSPLATZ


@pytest.fixture(scope="module")
async def machine(open_machine: OpenMachine, mail_server: MailServer) -> AsyncIterator[Machine]:
    """Where nothing is free but what a test puts there; afterwards all logs are read."""
    box = OwnMailbox(mail_server, "conversations")
    async with delivering(box) as smtp:
        made = await open_machine(Dialect.FEB, smtp=smtp, MTA_IMAP_URL=box.url)
        await made.city.order("mood", moods=["none"])
        yield made
        assert await made.stop() == []
        assert made.faults() == []


async def test_first_contact_to_confirmed_swapped_and_given_back(machine: Machine) -> None:
    eve = somebody(machine, "en")
    await machine.free(ORLEANSPLATZ, at(20))

    await wishing.wishes(eve, MOVED)
    await eve.sees("The appointment is booked: ")
    await eve.gets("termin.ics")
    assert await eve.at_the_city() == ["confirmed"]

    await eve.taps("Look for an earlier one", "At least a day earlier", "Book at once", "Yes, look like that")
    await machine.free(ORLEANSPLATZ, at(10))
    await eve.sees("earlier appointment is booked in its place")
    assert sorted(await eve.at_the_city()) == ["confirmed", "deleted"]
    assert await machine.live_at(at(10), at(20)) == ["confirmed"]

    await eve.taps("Cancel the appointment", "Yes, cancel it for good")
    await eve.sees("You asked for it, and the City says that it is gone")
    assert await machine.live_at(at(10), at(20)) == []


async def test_details_are_refused_and_in_the_end_all_is_deleted(machine: Machine) -> None:
    fay = somebody(machine, "en")
    await machine.free(KFZ, at(2))
    await fay.is_welcomed()
    await fay.says("/wish")
    await fay.says(fay.first)
    await fay.says(fay.last)
    await fay.says(fay.mail.replace("@", "+news@"))
    await fay.sees("plus sign")
    await fay.says(fay.mail)
    await fay.taps("Go on without", "Yes, it is right and wanted")
    await fay.sees("What is it about")
    await wishing.chooses(fay, CAR)
    await wishing.decides(fay, CAR.mode)
    await wishing.saves(fay)
    await fay.sees("The appointment is booked: ")

    await fay.says("/privacy")
    await fay.taps("Delete everything", "Cancel first, then delete")
    await fay.sees("Deleted.")

    assert await machine.live_at(at(2)) == []
    assert await machine.read(lambda session: chats.find(session, machine.keyring, fay.user.chat_id)) is None
