"""Conversations in German with a whole machine, in the City's newer generation; the mailed link is pasted or opened."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from core.bookings import BookingState
from core.slots import utc_now
from core.wishes import Mode
from models.target import Target
from rehearsal.settings import Dialect
from tests.conversations import wishing
from tests.conversations.conftest import OpenMachine
from tests.conversations.machine import Machine, at
from tests.conversations.person import Person, somebody
from tests.conversations.wishing import CAR
from tests.rehearsal_fixtures import KFZ

BROKEN_OFF = ("Consumer encountered a connection error",)  # the queue's library, when Redis is killed


@pytest.fixture(scope="module")
async def machine(open_machine: OpenMachine) -> AsyncIterator[Machine]:
    """Where nothing is free but what a test puts there; afterwards all logs are read."""
    made = await open_machine(Dialect.AUG)
    await made.city.order("mood", moods=["none"])
    yield made
    assert await made.stop() == []
    assert made.faults(allowed=BROKEN_OFF) == []


async def test_first_contact_to_confirmed_while_every_process_is_killed(machine: Machine) -> None:
    anna = somebody(machine)
    await anna.is_welcomed()
    await anna.says("/wish")
    await anna.says(anna.first)
    await anna.rests()
    await machine.restart("bot")
    await anna.says(anna.last)
    await anna.says(anna.mail)
    await anna.taps("Ohne weiter", "Ja, es stimmt")
    await anna.sees("Worum geht es")
    await wishing.chooses(anna, CAR)
    await wishing.decides(anna, Mode.AUTO)
    await machine.kill("redis")
    await machine.free(KFZ, at(2))

    said = await wishing.saves(anna)
    await machine.start("redis")
    await anna.sees("Der Termin ist vorgemerkt: ")
    await machine.restart("scheduler")
    await anna.forwards(f"Guten Tag,\nTermin bestätigen: {await anna.link()}\nIhre Stadt München")
    confirmed = await anna.sees("Der Termin ist gebucht: ")
    await anna.gets("termin.ics")

    assert "nicht nachsehen, weil ein Teil von mir nicht antwortet" in said
    assert await anna.at_the_city() == ["confirmed"]
    assert f"{at(2):%H:%M}" in confirmed.text
    assert "#/appointment/" not in str(anna.user), "the link is a key, and was taken out of the chat"


async def test_no_and_then_yes_though_the_worker_was_killed_over_it(machine: Machine) -> None:
    bert = somebody(machine)
    await machine.free(KFZ, at(3))
    await wishing.wishes(bert, CAR.by(Mode.ASK))

    await bert.sees("Möchten Sie ihn?")
    await bert.taps("Nein, zurückgeben")
    await bert.sees("Sie wollten ihn nicht")
    await machine.free(KFZ, at(4))
    await bert.sees("Möchten Sie ihn?")
    await machine.restart("worker")
    await bert.taps("Ja, bitte buchen")
    await bert.sees("Der Termin ist vorgemerkt: ")
    await bert.says(await bert.link())
    await bert.sees("Der Termin ist gebucht: ")

    assert await bert.at_the_city() == ["confirmed"]
    assert await machine.live_at(at(3), at(4)) == ["confirmed"]


async def test_a_yes_that_comes_too_late_books_nothing(machine: Machine) -> None:
    cora = somebody(machine)
    await machine.free(KFZ, at(5))
    await wishing.wishes(cora, CAR.by(Mode.ASK))
    await cora.sees("Möchten Sie ihn?")
    offered = cora.data("Ja, bitte buchen")

    number = await machine.newest(BookingState.HELD)
    await machine.changes(number, offered_until=utc_now())
    await cora.sees("keine Antwort")
    toast = await cora.user.press(offered)

    assert "zu spät" in toast.text
    assert await machine.live_at(at(5)) == []
    await _stops(cora)


async def test_who_wants_to_be_told_only_is_told_and_nothing_is_held(machine: Machine) -> None:
    dora = somebody(machine)
    await wishing.wishes(dora, CAR.by(Mode.NOTIFY))
    await machine.free(KFZ, at(6))

    await dora.sees("passender Termin ist frei", "passende Termine sind frei")

    assert await machine.live_at(at(6)) == []
    await _stops(dora)


async def test_when_one_is_gone_the_next_is_got_and_without_the_link_it_lapses(machine: Machine) -> None:
    emil = somebody(machine)
    await machine.city.order("mood", add=["gone#1"])
    await machine.free(KFZ, at(7), at(8))
    await wishing.wishes(emil, CAR)

    await emil.sees("Der Termin ist vorgemerkt: ")
    number = await machine.newest(BookingState.PRECONFIRMED)
    await machine.city.pass_time(minutes=90)
    await machine.changes(number, deadline_at=utc_now() - timedelta(minutes=2))
    await machine.restart("scheduler")  # which looks after all bookings at once, and not only each minute
    lapsed = await emil.sees("ist verfallen: ")

    assert "Ich suche weiter" in lapsed.text
    assert await machine.live_at(at(7), at(8)) == []
    await _stops(emil)


async def test_who_cannot_see_says_so_and_says_when_it_can_again(machine: Machine) -> None:
    finn = somebody(machine)
    await wishing.wishes(finn, CAR.by(Mode.NOTIFY))
    await machine.eventually(_seen_by_now)
    await machine.city.order("mood", add=["html"])

    blind = await finn.sees("kann ich nicht nach Terminen sehen")
    await machine.city.order("mood", remove=["html"])
    await finn.sees("sehe ich wieder")

    assert "nichts frei" not in blind.text
    await _stops(finn)


def _seen_by_now(session: Session) -> bool:
    return any(one.last_good_at is not None for one in session.scalars(select(Target)).all())


async def _stops(person: Person) -> None:
    await person.says("/watches")
    await person.taps("Fahrzeug abmelden", "Beenden", "Ja, beenden")
    await person.sees("Von Ihnen beendet")
