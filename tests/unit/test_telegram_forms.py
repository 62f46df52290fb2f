"""What a request to the practice Bot API is made of, and what its plain judge takes and refuses."""

import json

import httpx
import pytest

from rehearsal.telegram import forms
from rehearsal.telegram.judging import PlainJudge, Refusal, Upload

PICTURE = bytes(range(256)) + b"\r\n\r\n--not the fence\r\n\n"


def sent(**given: object) -> dict[str, object]:
    """As httpx, which the bot's library uses, sends it."""
    request = httpx.Request("POST", "http://127.0.0.1/botX/sendPhoto?chat_id=7", **given)  # type: ignore[arg-type]
    return forms.fields(request.url.query.decode(), request.headers.get("content-type", ""), request.read())


def test_fields_come_from_the_query_and_from_the_form() -> None:
    assert sent(data={"text": "Grüß Gott & <b>1+1</b>", "empty": ""}) == {
        "chat_id": "7",
        "text": "Grüß Gott & <b>1+1</b>",
        "empty": "",
    }


def test_a_file_arrives_byte_by_byte() -> None:
    got = sent(data={"caption": "Ihr Termin"}, files={"photo": ("Möbel.png", PICTURE, "image/png")})

    assert got["caption"] == "Ihr Termin"
    assert got["photo"] == Upload("Möbel.png", PICTURE)


def test_a_file_stands_where_it_is_named() -> None:
    got = sent(data={"photo": "attach://one"}, files={"one": ("termin.png", PICTURE)})

    assert got == {"chat_id": "7", "photo": Upload("termin.png", PICTURE)}


def test_the_plain_judge_reads_everything_but_words_as_json() -> None:
    keys = {"inline_keyboard": [[{"text": "1", "callback_data": "a:1"}]]}

    given = PlainJudge().asked("sendMessage", {"chat_id": "7", "text": "12", "reply_markup": json.dumps(keys)})

    assert given == {"chat_id": 7, "text": "12", "reply_markup": keys}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": " "}, "empty"),
        ({"text": "x" * 4097}, "too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "end tag"),
        ({"text": "x", "reply_markup": '{"inline_keyboard": [[{"text": "1"}]]}'}, "BUTTON_TYPE_INVALID"),
        ({"caption": "x" * 1025}, "too long"),
    ],
)
def test_the_plain_judge_refuses_as_the_api_does(form: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        PlainJudge().asked("sendMessage", form)
