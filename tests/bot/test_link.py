"""The City's mailed link, pasted or forwarded at any time: whose it is, what comes of it, and that its key goes."""

import asyncio
from datetime import timedelta
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs
from telegram import MessageEntity

from core.bookings import BookingState, HoldKey
from models import decisions
from portal import links
from rehearsal.telegram.judging import Refusal
from tests.bot.booking_cast import Clock, Walk, clock, is_given, town, waiting, walk
from tests.bot.conftest import SITE, RunningBot
from tests.bot.diary import DIARY
from tests.telegram.server import Telegram
from workers.queue import QueueName

__all__ = ["clock", "town"]
WORDS = {
    "de": ("Ich öffne ihn jetzt.", "aus dem Chat gelöscht", "Gebucht ist der Termin erst, wenn die Stadt"),
    "en": ("I am opening it now.", "deleted your message", "booked only once the City confirms it"),
}


async def sent(bot: RunningBot) -> int:
    """Messages that wait for a worker."""
    client = bot.parts.queue.broker.client
    return int(await asyncio.to_thread(client.llen, f"{bot.parts.queue.broker.namespace}:{QueueName.BOOKING}"))


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_a_pasted_link_is_opened_and_its_key_leaves_the_chat(town: RunningBot, language: str) -> None:
    thanks, deleted, truth = WORDS[language]
    anna = await town.member(language_code=language)
    made = await waiting(town, anna)
    before = await anna.sees("Aktivierungslink")

    with capture_logs() as logs:
        await anna.send(made.link())
        shown = await anna.sees(thanks)

    assert (deleted in shown.text, truth in shown.text) == (True, True)
    assert (await is_given(made), await sent(town)) == (True, 1)
    assert shown.id > before.id
    await anna.settled()
    assert [one.id for one in anna.screen()] == [shown.id], "one message of the booking, and no key"
    assert made.key.auth_key not in str(logs)
    await made.confirms()
    assert (await anna.sees("S77")).id == shown.id


@pytest.mark.parametrize("way", ["mail", "forwarded", "behind a word", "under a picture", "rewritten"])
async def test_however_it_comes_it_is_recognised(town: RunningBot, way: str) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.sees("vorgemerkt")
    mail = f"Guten Tag,\nbitte klicken Sie hier: <{made.link()}>\nMit freundlichen Grüßen"

    match way:
        case "mail":
            await anna.send(mail)
        case "forwarded":
            await anna.forward(mail)
        case "behind a word":
            entity = {"type": MessageEntity.TEXT_LINK, "offset": 0, "length": 6, "url": made.link()}
            await anna._say(text="Termin bestätigen", entities=[entity])
        case "under a picture":
            await anna.send_photo(caption=mail)
        case _:
            await anna.send(f"https://safelinks.example/?url={quote(made.link(), safe='')}&data=1")

    await anna.sees("Ich öffne ihn jetzt.")
    assert await is_given(made)


async def test_it_is_recognised_in_the_middle_of_anything(idle_bot: RunningBot) -> None:
    idle_bot.more = (DIARY,)
    await idle_bot.start()
    anna = await idle_bot.member()
    made = await waiting(idle_bot, anna)
    await anna.send("/diary")
    await anna.sees("Pages: none")

    await anna.send(made.link())
    await anna.sees("Ich öffne ihn jetzt.")
    await anna.send("one")

    await anna.sees("Pages: one")


async def test_the_same_link_twice_is_sent_once(town: RunningBot) -> None:
    anna = await town.member()
    made = await waiting(town, anna)

    await anna.send(made.link())
    await anna.sees("Ich öffne ihn jetzt.")
    await anna.send(made.link())

    await anna.sees("diesen Link habe ich schon")


FATES = {
    "confirmed": ("schon bestätigt", "confirmed already"),
    "expired": ("ist verfallen", "has lapsed"),
    "released": ("nicht mehr für Sie zurückgelegt", "no longer held"),
    "cancelled": ("ist abgesagt", "is cancelled"),
    "cancelling": ("sage ich gerade ab", "just cancelling this appointment"),
    "late": ("Frist der Stadt ist vorbei", "time limit is over"),
    "held": ("gerade erst gebucht", "only just being booked"),
}


async def _brought_to(made: Walk, fate: str, clock: Clock) -> None:
    if fate in ("released", "held"):
        await made.holds()
        await made.held()
        if fate == "released":
            await made.ends(BookingState.RELEASED, "page-lost")
        return
    await made.to_the_mail()
    match fate:
        case "confirmed":
            await made.confirms()
        case "expired":
            await made.ends(BookingState.EXPIRED, "expired")
        case "cancelled":
            await made.ends(BookingState.CANCELLED, "cancelled-by-person")
        case "late":
            clock.goes_on(timedelta(minutes=30, seconds=1))
        case _:
            now = made.bot.parts.now()
            await made.bot.act(lambda session: decisions.ask_cancel(session, made.booking_id, now=now))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("fate", sorted(FATES))
async def test_a_link_that_comes_at_another_time_is_answered_truly(
    town: RunningBot, clock: Clock, fate: str, language: str
) -> None:
    anna = await town.member(language_code=language)
    made = await walk(town, anna)
    await _brought_to(made, fate, clock)

    await anna.send(made.link())
    await anna.sees(FATES[fate][language == "en"])

    assert await is_given(made) is (fate == "late")
    await anna.settled()


async def test_somebody_elses_link_is_no_more_than_an_unknown_one(town: RunningBot) -> None:
    anna, mallory = await town.member(), await town.member("Mallory")
    made = await waiting(town, anna)
    theirs = await waiting(town, mallory)

    for link in (made.link(), links.confirm_link(SITE, HoldKey(made.key.process_id, "ffff" * 16))):
        await mallory.send(link)
    said = [one for one in await mallory.hears(3) if "Zu diesem Link habe ich" in one]

    assert len(said) == 2
    assert said[0] == said[1]
    assert (await is_given(made), await is_given(theirs)) == (False, False)


async def test_a_link_when_nothing_waits(town: RunningBot) -> None:
    anna = await town.member()

    await anna.send(links.confirm_link(SITE, HoldKey(4711, "abcd" * 16)))

    assert "es wartet auch keiner auf einen Link" in (await anna.sees("keinen Termin gebucht")).text


async def test_a_link_that_is_cut_off_stays_and_is_asked_for_again(town: RunningBot, telegram: Telegram) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.sees("vorgemerkt")

    await anna.send(made.link()[:-40])
    await anna.sees("Dieser Link ist unvollständig")

    assert not await is_given(made)
    assert telegram.calls("deleteMessage", chat=anna.id) == []


async def test_where_telegram_keeps_the_message_the_person_is_asked_to_delete_it(
    town: RunningBot, telegram: Telegram
) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.sees("vorgemerkt")
    telegram.plan("deleteMessage", Refusal("Bad Request: message can't be deleted for everyone"), chat=anna.id)

    await anna.send(made.link())

    assert "bitte tun Sie es selbst" in (await anna.sees("Ich öffne ihn jetzt.")).text
    telegram.misses.clear()


async def test_without_the_queue_it_is_noted_all_the_same(town: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.sees("vorgemerkt")
    monkeypatch.setattr(town.parts.queue.broker, "enqueue", _out_of_reach)

    await anna.send(made.link())

    await anna.sees("kann ihn aber gerade nicht öffnen")
    assert await is_given(made)


def _out_of_reach(*_: object, **__: object) -> None:
    raise ConnectionError("no Redis")


@pytest.mark.parametrize("what", ["picture", "file", "address"])
async def test_a_picture_or_a_file_is_answered_with_what_helps(town: RunningBot, what: str) -> None:
    anna = await town.member()
    await waiting(town, anna)
    await anna.sees("vorgemerkt")

    match what:
        case "picture":
            await anna.send_photo()
        case "file":
            await anna.send_document("mail.eml", b"...")
        case _:
            await anna.send("https://mail.example/inbox")

    await anna.sees("Ich warte noch auf den Link für")


async def test_a_picture_when_nothing_waits_is_any_picture(town: RunningBot) -> None:
    anna = await town.member()

    await anna.send_photo()

    await anna.sees("nicht verstanden")


async def test_the_link_of_an_unsure_booking_is_taken_too(town: RunningBot) -> None:
    anna = await town.member()
    made = await walk(town, anna)
    for step in (made.holds, made.held, made.fills):
        await step()

    await anna.send(made.link())
    await anna.sees("Ich öffne ihn jetzt.")

    assert await is_given(made)


@pytest.mark.usefixtures("town")
async def test_who_has_not_agreed_gets_the_door(telegram: Telegram) -> None:
    stranger = telegram.user("Mallory")

    await stranger.send(links.confirm_link(SITE, HoldKey(4711, "abcd" * 16)))

    await stranger.sees("Einladungscode")
