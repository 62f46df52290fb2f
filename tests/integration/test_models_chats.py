"""Chats: who they are stays sealed, whom they stand for is nobody else's, and what is half said survives."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from cryptography.fernet import Fernet

from core.errors import BadInput
from models import (
    chat_messages,
    chats,
    disclosure,
    drafts,
    encryption,
    invitations,
    people,
    retention,
    watches,
)
from models.chat import ChatSettings, ChatState, Role
from models.chats import KnownElsewhere
from models.database import Database
from models.encryption import Keyring
from models.watch import WatchState
from tests.chats_cast import ANNA, BERT, met, with_watch
from tests.models_cast import ADA, BELA, KEY, NOW, RING, Race, everything_in, opened, watch_of

DAY = timedelta(days=1)


def test_which_chat_it_is_lies_nowhere_in_the_open(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        chat = met(session)
        drafts.keep(session, RING, chat.id, "wish", {"last_name": ADA.last_name}, now=NOW)
        invitations.make(session, RING, "ABCDEFGHJK", role=Role.PERSON, uses=1, until=NOW + DAY, now=NOW)

    raw = everything_in(database_url)

    assert b"2026-11" in raw, "this is where the rows are"
    for secret in (str(ANNA), ADA.last_name, "ABCDEFGHJK"):
        assert secret.encode() not in raw
    with database.reading() as session:
        assert chats.telegram_id(RING, chats.get(session, chat.id)) == ANNA


def test_a_chat_is_known_again_also_after_the_keys_have_changed(database: Database) -> None:
    new = Fernet.generate_key().decode()
    both, only_new = Keyring.from_text(f"{new},{KEY}"), Keyring.from_text(new)
    with database.transaction() as session:
        chat = met(session)
        drafts.keep(session, RING, chat.id, "wish", {"services": [1063475]}, now=NOW)

    database.transact(lambda session: encryption.rotate(session, both))

    with database.reading() as session:
        again = chats.find(session, only_new, ANNA)
        assert again is not None
        assert (again.id, chats.telegram_id(only_new, again)) == (chat.id, ANNA)
        assert drafts.load(session, only_new, chat.id, "wish") == {"services": [1063475]}


def meet(_number: int, url: str) -> int:
    database = opened(url)
    chat = database.transact(lambda session: chats.meet(session, RING, ANNA, language="de", now=NOW))
    database.close()
    return chat.id


def test_a_chat_met_by_processes_at_once_is_one(database_url: str, race: Race) -> None:
    assert len(set(race(meet, database_url))) == 1


def test_a_name_and_an_address_give_nobody_elses_appointments(database: Database) -> None:
    with database.transaction() as session:
        chats.adopt(session, RING, met(session).id, ADA, now=NOW)
        stranger = met(session, BERT)

    with pytest.raises(KnownElsewhere, match="not in this chat"), database.transaction() as session:
        chats.adopt(session, RING, stranger.id, ADA, now=NOW)

    with database.reading() as session:
        assert chats.people_of(session, stranger.id) == []


def test_details_are_corrected_but_into_nobody_elses_name(database: Database) -> None:
    mine, theirs = replace(ADA, phone=""), replace(BELA, first_name="Béla")
    with database.transaction() as session:
        anna, bert = met(session), met(session, BERT)
        ada = chats.adopt(session, RING, anna.id, mine, now=NOW)
        chats.adopt(session, RING, anna.id, BELA, now=NOW)
        chats.adopt(session, RING, bert.id, theirs, now=NOW)

        assert chats.correct(session, RING, anna.id, ada.id, ADA).id == ada.id
        assert people.contact(RING, ada).phone == ADA.phone
        with pytest.raises(KnownElsewhere):
            chats.correct(session, RING, anna.id, ada.id, theirs)
        with pytest.raises(BadInput, match="here already"):
            chats.correct(session, RING, anna.id, ada.id, BELA)
        assert people.contact(RING, people.get(session, ada.id)) == ADA


def test_who_was_entered_at_the_console_is_not_had_by_a_chat_unless_the_operator_says_so(database: Database) -> None:
    watch = database.transact(watch_of)
    with pytest.raises(KnownElsewhere), database.transaction() as session:
        chats.adopt(session, RING, met(session).id, ADA, now=NOW)

    with database.transaction() as session:
        chat = met(session)
        chats.entrust(session, chat.id, watch.person_id, now=NOW)
        again = chats.adopt(session, RING, chat.id, ADA, now=NOW)

    assert again.id == watch.person_id
    with database.transaction() as session, pytest.raises(BadInput, match="another chat"):
        chats.entrust(session, met(session, BERT).id, watch.person_id, now=NOW)


def test_a_chat_stands_for_a_family_in_one_language(database: Database) -> None:
    with database.transaction() as session:
        chat = met(session)
        both = [chats.adopt(session, RING, chat.id, contact, now=NOW).id for contact in (ADA, BELA)]
        chats.speak(session, chat.id, "de")

    with database.reading() as session:
        theirs = chats.people_of(session, chat.id)
        assert [one.id for one in theirs] == both
        assert {one.language for one in theirs} == {"de"}
        assert [chats.of_person(session, one) for one in both] == [chats.get(session, chat.id)] * 2


def test_who_blocks_the_bot_waits_paused_until_they_are_back(database: Database) -> None:
    with database.transaction() as session:
        chat, watch_id = with_watch(session)
        paused = watch_of(session, person_id=chats.people_of(session, chat.id)[0].id)
        watches.pause(session, paused.id, now=NOW)
        blocked = chats.block(session, chat.id, now=NOW)
    with database.reading() as session:
        watch = watches.get(session, watch_id)
        assert (blocked, watch.state, watch.ended_reason) == ([watch_id], WatchState.PAUSED, "chat-blocked")

    with database.transaction() as session:
        chats.activate(session, chat.id, now=NOW)

    with database.reading() as session:
        assert watches.get(session, watch_id).state is WatchState.OPEN
        assert watches.get(session, paused.id).state is WatchState.PAUSED, "that was their own wish"


def test_a_migrated_group_is_the_same_chat(database: Database) -> None:
    with database.transaction() as session:
        chat, _ = with_watch(session, -55)
        too_early = chats.meet(session, RING, -1001, language="de", now=NOW)

        chats.moved(session, RING, chat.id, -1001)

        found = chats.find(session, RING, -1001)
        assert found is not None
        assert found.id == chat.id != too_early.id
        assert chats.find(session, RING, -55) is None


def test_a_chat_gets_all_that_is_kept_about_it(database: Database) -> None:
    with database.transaction() as session:
        chat, _ = with_watch(session)
        drafts.keep(session, RING, chat.id, "wish", {"step": "office"}, now=NOW)
        chat_messages.put_down(session, chat.id, "wish", 10, now=NOW)
        chats.choose(session, chat.id, ChatSettings(quiet_from=time(22), quiet_to=time(7)), now=NOW)

    with database.reading() as session:
        given = disclosure.export_chat(session, RING, chat.id)

    assert (given["telegram_id"], given["drafts"]) == (ANNA, {"wish": {"step": "office"}})
    assert given["chat"]["consent_version"] == "2026-11"
    assert given["chat"]["settings"]["quiet_from"] == "22:00:00"
    assert given["persons"][0]["contact"]["mail"] == ADA.mail
    assert [len(given[table]) for table in ("chat_person", "draft", "chat_message")] == [1, 1, 1]
    assert "sealed" not in str(given)


def test_erasing_a_chat_erases_all_it_stands_for(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        chat, watch_id = with_watch(session)
        drafts.keep(session, RING, chat.id, "wish", {}, now=NOW)
    seal = str(chat.sealed_id)

    with database.transaction() as session:
        person = chats.people_of(session, chat.id)[0]
        assert chats.forget(session, chat.id, now=NOW) == []

    with database.reading() as session:
        assert people.get(session, person.id).erased_at == NOW
        assert watches.get(session, watch_id).state is WatchState.ENDED
        assert chats.find(session, RING, ANNA) is None
        assert chats.get(session, chat.id).state is ChatState.LEFT
        assert drafts.kinds(session, chat.id) == []
    database.close()
    assert seal.encode() not in everything_in(database_url)


def test_drafts_go_after_a_week_and_so_do_chats_that_never_agreed(database: Database) -> None:
    with database.transaction() as session:
        active, invited = met(session), chats.meet(session, RING, BERT, language="de", now=NOW)
        drafts.keep(session, RING, active.id, "wish", {}, now=NOW)
        invitations.make(session, RING, "ABCDEFGHJK", role=Role.PERSON, uses=1, until=NOW + DAY, now=NOW)

    with database.transaction() as session:
        retention.sweep(session, now=NOW + 6 * DAY)
        assert drafts.kinds(session, active.id) == ["wish"]
        assert chats.find(session, RING, BERT) is not None
        retention.sweep(session, now=NOW + 8 * DAY)
        assert drafts.kinds(session, active.id) == []
        assert chats.find(session, RING, BERT) is None
        assert chats.get(session, invited.id).state is ChatState.LEFT
        assert chats.find(session, RING, ANNA) is not None
        assert invitations.standing(session, now=NOW) == []


def test_the_list_names_chats_by_state_without_those_that_were_erased(database: Database) -> None:
    with database.transaction() as session:
        active, gone = met(session), met(session, BERT)
        chats.forget(session, gone.id, now=NOW)

        assert [one.id for one in chats.list(session)] == [active.id]
        assert chats.list(session, ChatState.BLOCKED) == []
