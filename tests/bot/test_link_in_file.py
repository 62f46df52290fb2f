"""The City's mail as a file: read for its link as what is pasted is, and for nothing else; other files are answered."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import mail_file
from rehearsal.telegram.judging import Refusal
from tests.bot.booking_cast import clock, is_given, town, waiting
from tests.bot.conftest import RunningBot
from tests.bot.privacy_cast import lies_about
from tests.telegram.server import Telegram

__all__ = ["clock", "town"]
MAIL = "message/rfc822"
WORDS = {
    "de": ("Ich öffne ihn jetzt.", "aus dem Chat gelöscht"),
    "en": ("I am opening it now.", "deleted your message"),
}
SAYS = {
    "empty": ("darin keinen Aktivierungslink gefunden", "found no activation link in it"),
    "large": ("größer als 1 MB", "larger than 1 MB"),
    "unread": ("konnte ich nicht lesen", "could not read this file"),
}


def mail(text: str, *, html: str = "", cte: str | None = None) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "noreply-terminvereinbarung@muenchen.de", "Aktivierungslink für Ihren Termin"
    letter.set_content(text, cte=cte)
    if html:
        letter.add_alternative(html, subtype="html", cte=cte)
    return letter.as_bytes()


def inside_another(content: bytes) -> bytes:
    outer = EmailMessage()
    outer["Subject"] = "Fwd: Termin"
    outer.set_content("siehe Anhang")
    outer.add_attachment(message_from_bytes(content, policy=policy.default))
    return outer.as_bytes()


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_a_mail_is_read_and_leaves_the_chat_and_no_trace(town: RunningBot, tmp_path: Path, language: str) -> None:
    thanks, deleted = WORDS[language]
    anna = await town.member(language_code=language)
    made = await waiting(town, anna)
    await anna.sees("Aktivierungslink")

    with capture_logs() as logs:
        await anna.send_document("Aktivierungslink.EML", mail(f"Zwickl sagt: {made.link()}"))
        shown = await anna.sees(thanks)
        await anna.settled()

    assert deleted in shown.text
    assert await is_given(made)
    assert [one.id for one in anna.screen()] == [shown.id], "the mail is not in the chat any more"
    assert [word for word in (made.key.auth_key, "Zwickl", "EML") if word in str(logs)] == []
    assert lies_about(tmp_path, made.key.auth_key, "Zwickl", "EML") == []
    await made.confirms()
    assert (await anna.sees("S77")).id == shown.id


@pytest.mark.parametrize("way", ["HTML alone", "base64", "inside another", "by its type", "caption", "quoted"])
async def test_however_it_is_written_it_is_read(town: RunningBot, way: str) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.sees("vorgemerkt")
    link = made.link()
    anchor = f'<p><a href="{link}" target="_blank">Termin best&auml;tigen</a></p>'

    match way:
        case "HTML alone":
            await anna.send_document("a.eml", mail("Bitte als HTML lesen.", html=anchor))
        case "base64":
            await anna.send_document("a.eml", mail("", html=anchor, cte="base64"))
        case "inside another":
            await anna.send_document("a.eml", inside_another(mail(link)))
        case "by its type":
            await anna.send_document("Nachricht", mail(link), kind=MAIL)
        case "caption":
            await anna.send_document("bild.png", b"...", kind="image/png", caption=link)
        case _:
            await anna.send_document("a.eml", mail(f"> > {link}", cte="quoted-printable"))

    await anna.sees("Ich öffne ihn jetzt.")
    assert await is_given(made)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("trouble", sorted(SAYS))
async def test_a_mail_that_helps_nothing_is_answered_with_what_does(
    town: RunningBot, telegram: Telegram, trouble: str, language: str
) -> None:
    anna = await town.member(language_code=language)
    made = await waiting(town, anna)
    await anna.sees("Aktivierungslink")
    content = {"large": mail(made.link()).ljust(mail_file.MOST + 1)}.get(trouble, mail("Guten Tag"))
    if trouble == "unread":
        telegram.plan("getFile", Refusal("Bad Request: file is too big"))

    await anna.send_document("mail.eml", content)
    shown = await anna.sees(SAYS[trouble][language == "en"])

    assert ("Ich warte noch auf den Link" if language == "de" else "still waiting for the link") in shown.text
    assert "Termin bestätigen" in shown.text
    assert telegram.calls("deleteMessage", chat=anna.id) == []
    assert len(telegram.calls("getFile")) == (trouble == "empty")
    assert not await is_given(made)
    telegram.misses.clear()


async def test_a_file_that_says_it_is_small_is_measured(town: RunningBot) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.sees("vorgemerkt")
    kept = town.telegram.store.keep_file("a.eml", mail(made.link()).ljust(mail_file.MOST + 1))

    await anna.send("", document={**kept, "file_name": "a.eml", "file_size": 7})

    await anna.sees("konnte ich nicht lesen")
    assert not await is_given(made)


async def test_what_is_no_mail_at_all_does_no_harm(town: RunningBot) -> None:
    anna = await town.member()
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2000))

    for content in (bytes(range(256)) * 40, b"\n", nested):
        await anna.send_document("a.eml", content)

    assert all("keinen Aktivierungslink" in one for one in await anna.hears(3))


@pytest.mark.parametrize(("language", "says"), [("de", "Mit einer solchen Datei"), ("en", "a file of this kind")])
async def test_another_file_gets_a_kind_answer(town: RunningBot, telegram: Telegram, language: str, says: str) -> None:
    anna = await town.member(language_code=language)

    await anna.send_document("scan.pdf", b"%PDF-1.7", kind="application/pdf")

    assert ".eml" in (await anna.sees(says)).text
    assert telegram.calls("getFile") == []


async def test_a_mail_in_the_middle_of_a_wish_changes_nothing_of_it(town: RunningBot) -> None:
    anna = await town.member()
    made = await waiting(town, anna)
    await anna.send("/wish")
    await anna.sees("Für wen")

    await anna.send_document("mail.eml", mail(made.link()))
    await anna.sees("Ich öffne ihn jetzt.")
    await anna.click("Jemand anderes")

    await anna.sees("Wie ist der Vorname")


async def test_the_mail_of_somebody_else_opens_nothing(town: RunningBot) -> None:
    anna, mallory = await town.member(), await town.member("Mallory")
    made = await waiting(town, anna)

    await mallory.send_document("mail.eml", mail(made.link()))

    await mallory.sees("Zu diesem Link habe ich in diesem Chat keinen Termin gebucht")
    assert not await is_given(made)


@pytest.mark.usefixtures("town")
async def test_nothing_is_fetched_of_strangers(telegram: Telegram) -> None:
    stranger = telegram.user("Mallory")

    await stranger.send_document("mail.eml", mail("Guten Tag"))

    await stranger.sees("Einladungscode")
    assert telegram.calls("getFile") == []
