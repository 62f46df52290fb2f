"""The border to Telegram: what goes out, and its errors in our own words."""

from collections.abc import AsyncIterator

import pytest

from bot import application
from bot.markup import Html
from bot.messenger import ChatClosed, ChatMoved, Flooded, MessageGone, Messenger, Rejected, TelegramAway
from bot.screens import Link, Screen, rows
from rehearsal.telegram.faults import flood
from rehearsal.telegram.judging import Refusal
from tests.bot.conftest import RunningBot
from tests.telegram.server import Telegram

HELLO = Screen(Html("<b>Hello</b>"), rows(Link("City", "https://stadt.muenchen.de")))


@pytest.fixture
async def messenger(idle_bot: RunningBot) -> AsyncIterator[Messenger]:
    async with application.build(idle_bot.parts.settings) as made:
        yield Messenger(made.bot, patient=False)


async def test_a_message_is_sent_edited_stripped_and_removed(messenger: Messenger, telegram: Telegram) -> None:
    anna = telegram.user("Anna")

    number = await messenger.send(anna.id, HELLO)
    for _ in range(2):
        await messenger.edit(anna.id, number, Screen(Html("Bye"), HELLO.rows))
    for _ in range(2):
        await messenger.strip(anna.id, number)
    [shown] = anna.screen()
    gone = await messenger.remove(anna.id, number), await messenger.remove(anna.id, number)

    assert (shown.text, shown.buttons, shown.edited) == ("Bye", (), True)
    assert gone == (True, False)
    with pytest.raises(MessageGone):
        await messenger.edit(anna.id, number, HELLO)
    telegram.misses.clear()


async def test_a_place_and_a_picture_that_telegram_does_not_take_arrive(
    messenger: Messenger, telegram: Telegram
) -> None:
    anna = telegram.user("Anna")
    telegram.plan("sendPhoto", Refusal("Bad Request: PHOTO_INVALID_DIMENSIONS"))

    await messenger.send_photo(anna.id, b"very tall", name="termin.png", caption=Html("So"))
    await messenger.send_place(
        anna.id, latitude=48.1, longitude=11.6, title="Bürgerbüro", address="Landsberger Str. 486"
    )

    picture, place = telegram.store.postings[anna.id]
    assert (picture.file_name, "document" in picture.fields) == ("termin.png", True)
    assert place.fields["venue"]["title"] == "Bürgerbüro"
    telegram.misses.clear()


async def test_a_text_that_is_too_long_is_shortened(messenger: Messenger, telegram: Telegram) -> None:
    anna = telegram.user("Anna")

    await messenger.send(anna.id, Screen(Html("<b>" + "ä&lt;" * 4000 + "</b>")))

    assert anna.screen()[0].text.endswith("…")
    assert len(anna.screen()[0].text) == 4096


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (flood(9), Flooded),
        (Refusal("Forbidden: user is deactivated", code=403), ChatClosed),
        (Refusal("Forbidden: bot was kicked from the group chat", code=403), ChatClosed),
        (Refusal("Bad Request: chat not found"), ChatClosed),
        (Refusal("Bad Request: group chat was upgraded", migrate_to_chat_id=-1007), ChatMoved),
        (Refusal("Bad Request: something new"), Rejected),
        (Refusal("Internal Server Error", code=500), TelegramAway),
        (Refusal("Bad Gateway", code=502), TelegramAway),
    ],
    ids=lambda value: str(value) if isinstance(value, Refusal) else None,
)
async def test_what_telegram_says_becomes_an_error_of_ours(
    messenger: Messenger, telegram: Telegram, refusal: Refusal, error: type[Exception]
) -> None:
    telegram.plan("sendMessage", refusal)

    with pytest.raises(error) as raised:
        await messenger.send(telegram.user("Anna").id, HELLO)

    assert telegram.token not in str(raised.value)
    assert raised.value.__cause__ is None, "the library's error may quote the address with the token"
    telegram.misses.clear()


async def test_a_short_flood_is_waited_out_where_a_person_waits(idle_bot: RunningBot, telegram: Telegram) -> None:
    anna = telegram.user("Anna")
    telegram.plan("sendMessage", flood(1))
    async with application.build(idle_bot.parts.settings) as made:
        patient = Messenger(made.bot, patient=True)

        await patient.send(anna.id, HELLO)
        telegram.plan("sendMessage", flood(60))
        with pytest.raises(Flooded):
            await patient.send(anna.id, HELLO)

    assert len(anna.screen()) == 1
