"""What is taken from a mail, and what a mailbox's address must be."""

import base64
import json
import traceback
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bookings import HoldKey
from core.errors import ConfigError
from portal import links, mailbox

SITE = "https://city.example/buergerservice/termin.html"
OURS = HoldKey(4711, "c0ffee" * 10 + "beef")
LINK = links.confirm_link(SITE, OURS)


def letter(text: str = "", *, html: str = "", encoding: str | None = None) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Aktivierungslink für Ihren Termin"
    mail.set_content(text or "Grüß Gott", cte=encoding)
    if html:
        mail.add_alternative(html, subtype="html", cte=encoding)
    return mail.as_bytes()


def forwarded(raw: bytes) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "WG: Aktivierungslink"
    mail.set_content("siehe Anhang")
    inner = EmailMessage()
    inner.set_content(raw.decode())
    mail.add_attachment(inner)
    return mail.as_bytes()


def coded(fields: object) -> str:
    return base64.b64encode(json.dumps(fields).encode()).decode()


@pytest.mark.parametrize(
    "raw",
    [
        letter(f"Termin bestätigen: {LINK}\n"),
        letter(f"Termin bestätigen: {LINK}\n", encoding="base64"),
        letter(f"Termin bestätigen: {LINK}\n", encoding="quoted-printable"),
        letter(html=f"<p><a href='{LINK}'>Termin best&auml;tigen</a>", encoding="base64"),
        letter(html=f'<a href="https://ads.example/?a=1"><a href="{LINK.replace("#", "&#35;")}">hier</a>'),
        letter(f"> Von: Stadt\n> <{LINK.replace('#', '%23').replace('=', '%3D')}>\n"),
        letter(f"{SITE}{quote(quote(LINK.removeprefix(SITE)))}"),
        letter(links.confirm_link("https://phish.example/", OURS) + "\n\n" + LINK),
        forwarded(LINK.encode()),
    ],
    ids=[
        "plain",
        "base64",
        "quoted-printable",
        "html",
        "entities",
        "quoted",
        "twice-encoded",
        "after-forged",
        "attached",
    ],
)
def test_the_city_s_link_is_found_however_the_mail_is_written(raw: bytes) -> None:
    assert mailbox.keys_in(raw, SITE) == {OURS}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        letter(links.confirm_link("https://city.example.evil.example/", OURS)),
        letter(links.confirm_link("http://city.example/", OURS)),
        letter(links.confirm_link("https://city.example:444/", OURS)),
        letter(links.appointment_link(SITE, OURS)),
        letter(f"{SITE}#/appointment/confirm/{coded({'id': OURS.process_id})}"),
        letter(f"{SITE}#/appointment/confirm/{coded([OURS.process_id, OURS.auth_key])}"),
        letter(f"{SITE}#/appointment/confirm/{LINK[-40:]}"),
        letter("https://[::1#/appointment/confirm/" + LINK[-80:]),
    ],
)
def test_nothing_is_taken_from_what_only_looks_like_it(raw: bytes) -> None:
    assert mailbox.keys_in(raw, SITE) == frozenset()


def test_of_a_link_with_an_action_only_the_hold_is_taken() -> None:
    fields = {"id": OURS.process_id, "authKey": OURS.auth_key, "action": "cancel"}

    found = mailbox.keys_in(letter(f"{SITE}#/appointment/confirm/{coded(fields)}"), SITE)

    assert found == {OURS}
    assert [links.confirm_link(SITE, key) for key in found] == [LINK]


@given(st.binary(max_size=600))
def test_no_bytes_upset_it(noise: bytes) -> None:
    for raw in (noise, b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" + noise, letter(LINK) + noise):
        assert mailbox.keys_in(raw, SITE) <= {OURS}


@pytest.mark.parametrize("depth", [100, 2500])
def test_parts_within_parts_are_given_up_not_fallen_over(depth: int) -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))

    assert mailbox.keys_in(nested, SITE) == frozenset()


def test_a_mailbox_s_address_is_read_part_by_part() -> None:
    full = mailbox.parse("imaps://termin%40example.org:a%2Fb%23c@mail.example.org:1993/Termine/Stadt")
    short = mailbox.parse("imaps://termin@example.org:geheim@mail.example.org")

    assert (full.host, full.port, full.folder, full.encrypted) == ("mail.example.org", 1993, "Termine/Stadt", True)
    assert (full.user, full.password) == ("termin@example.org", "a/b#c")
    assert (short.user, short.port, short.folder) == ("termin@example.org", 993, "INBOX")
    assert "geheim" not in repr(short)
    assert not mailbox.parse("imap://a:b@127.0.0.1:1143/").encrypted


@pytest.mark.parametrize(
    "url",
    [
        "imap://a:geheim@mail.example.org/INBOX",
        "https://a:geheim@mail.example.org/INBOX",
        "imaps://a:geheim@",
        "imaps://geheim@mail.example.org",
        "imaps://a:geh#eim@mail.example.org",
        "imaps://a:geheim@mail.example.org:port/",
        "imaps://a:geheim@[mail/",
    ],
)
def test_a_wrong_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="MTA_IMAP_URL") as refused:
        mailbox.parse(url)

    assert "geh" not in str(refused.value)
    assert "geh" not in "".join(traceback.format_exception(refused.value)), "a traceback shows causes too"
