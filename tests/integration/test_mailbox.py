"""Reading a real mailbox: what is found in it, what is left alone, and what happens when it does not answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from config import settings
from console import checks
from console.checks import Level
from core.bookings import BookingState, HoldKey
from core.slots import utc_now
from models.database import Database
from portal import links, mailbox
from portal.mailbox import Mailbox, MailboxRefused, MailboxUnreachable
from tests.jobs_fixtures import Works, at_work, runtime_of
from tests.mail_fixtures import MailServer, OwnMailbox, delivering
from tests.portal_fixtures import ANNA, OpenTown, moment
from tests.rehearsal_fixtures import KFZ, OpenCity

SITE = "https://city.example/termin.html"
OURS = HoldKey(4711, "c0ffee" * 10 + "beef")
OTHER = HoldKey(4712, "decade" * 10 + "beef")
HOUR = timedelta(hours=1)
A_MOMENT = timedelta(seconds=0.2)


def letter(text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "noreply-terminvereinbarung@muenchen.de", "Aktivierungslink für Ihren Termin"
    mail.set_content(text)
    return mail


def reader(url: str, *, site: str = SITE, **how: Callable[[], float]) -> Mailbox:
    return Mailbox(mailbox.parse(url), site_url=site, **how)


def found(box: OwnMailbox, *wanted: HoldKey, since: datetime | None = None) -> frozenset[HoldKey]:
    return reader(box.url).find(frozenset(wanted or {OURS}), since=since or utc_now() - HOUR)


async def test_the_citys_own_mail_is_found_and_nothing_else_is_touched(
    own_mailbox: OwnMailbox, open_city: OpenCity
) -> None:
    # given an appointment of somebody else, ours, and a confirmed one
    own_mailbox.deliver(letter("Newsletter"))
    async with delivering(own_mailbox) as smtp:
        city = await open_city(smtp=smtp)
        await city.preconfirmed(email="other@example.org")
        held = await city.preconfirmed(email="erika@example.org")
        confirmed = await city.confirmed(email="third@example.org")
        await city.mails(to="third@example.org", count=2)
    ours, settled = (HoldKey(one["processId"], one["authKey"]) for one in (held, confirmed))

    # when
    wanted = frozenset({ours, replace(settled, process_id=settled.process_id + 1)})
    hits = reader(own_mailbox.url, site=city.url).find(wanted, since=utc_now() - HOUR)

    # then
    assert hits == {ours}
    assert own_mailbox.seen() == [False, False, True, False, False]


@pytest.mark.parametrize(
    "forged",
    [
        letter(links.confirm_link("https://phish.example/termin.html", OURS)),
        letter(links.confirm_link(SITE, HoldKey(OURS.process_id, OTHER.auth_key))),
        letter(links.confirm_link(SITE, HoldKey(OTHER.process_id, OURS.auth_key))),
        letter(links.confirm_link(SITE, HoldKey(OURS.process_id, OURS.auth_key.upper()))),
        letter(links.appointment_link(SITE, OURS)),
        letter("x" * 70 + "\n" + ("y" * 70 + "\n") * 40_000 + links.confirm_link(SITE, OURS)),
        b"Content-Type: multipart/alternative; boundary=\r\n\r\n--\r\n\xff\xfe\x00\xc3(",
        b"Content-Type: text/html; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n=A=B=C=\r\n",
        b"\r\n",
    ],
    ids=[
        "other-site",
        "wrong-key",
        "wrong-number",
        "wrong-case",
        "not-confirm",
        "huge",
        "no-parts",
        "bad-code",
        "empty",
    ],
)
def test_a_forged_or_broken_mail_is_left_alone_and_hides_nothing(
    own_mailbox: OwnMailbox, forged: EmailMessage | bytes
) -> None:
    own_mailbox.deliver(forged)
    assert found(own_mailbox) == frozenset()
    own_mailbox.deliver(letter(links.confirm_link(SITE, OURS)), forged)

    assert found(own_mailbox) == {OURS}
    assert own_mailbox.seen() == [False, True, False]


def test_two_links_are_found_among_hundreds_of_other_mails(own_mailbox: OwnMailbox) -> None:
    others = [letter(f"Nr. {number}: https://shop.example/{number}") for number in range(100)]
    own_mailbox.deliver(
        *others, letter(links.confirm_link(SITE, OURS)), letter(links.confirm_link(SITE, OTHER)), *others
    )

    assert found(own_mailbox, OURS, OTHER) == {OURS, OTHER}
    assert [number for number, seen in enumerate(own_mailbox.seen()) if seen] == [100, 101]


def test_mails_from_before_the_hold_are_not_read(own_mailbox: OwnMailbox) -> None:
    now = utc_now()
    own_mailbox.deliver(letter(links.confirm_link(SITE, OURS)), arrived=now - 2 * HOUR)
    own_mailbox.deliver(letter(links.confirm_link(SITE, OTHER)), arrived=now - HOUR / 2)

    assert found(own_mailbox, OURS, OTHER, since=now - HOUR) == {OTHER}
    assert found(own_mailbox, OURS, OTHER, since=now - 3 * HOUR) == {OURS, OTHER}


def test_a_mail_already_read_by_the_person_still_counts(own_mailbox: OwnMailbox) -> None:
    own_mailbox.deliver(letter(links.confirm_link(SITE, OURS)))
    with own_mailbox.opened() as client:
        client.add_flags(client.search(), [b"\\Seen"])

    assert found(own_mailbox) == {OURS}


def test_an_empty_mailbox_holds_nothing(own_mailbox: OwnMailbox) -> None:
    assert found(own_mailbox) == frozenset()


def test_after_a_wrong_password_the_server_is_left_alone_for_a_while(own_mailbox: OwnMailbox) -> None:
    now = [0.0]
    wrong = own_mailbox.url.replace("Sp%2Ftz", "Sp%2Fitz")
    box = reader(wrong, clock=lambda: now[0])

    with pytest.raises(MailboxRefused) as refused:
        box.find(frozenset({OURS}), since=utc_now())

    assert "kehre" not in str(refused.value)
    now[0] += 299
    assert box.find(frozenset({OURS}), since=utc_now()) == frozenset()
    now[0] += 2
    with pytest.raises(MailboxRefused):
        box.find(frozenset({OURS}), since=utc_now())


def test_a_folder_that_does_not_exist_is_refused(own_mailbox: OwnMailbox) -> None:
    with pytest.raises(MailboxRefused, match="folder"):
        reader(own_mailbox.server.url(own_mailbox.user, folder="Termine")).find(frozenset({OURS}), since=utc_now())


@contextmanager
def stranger(greeting: bytes) -> Iterator[tuple[int, threading.Event]]:
    """Something that takes connections, says this and no more; the event tells that somebody came."""
    came, over = threading.Event(), threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(greeting)
            came.set()
            over.wait()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], came
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize("greeting", [b"", b"* OK ready\r\n", b"HTTP/1.1 400 Bad\r\n\r\n", b"\x15\x03\xff\xfe\r\n"])
def test_a_server_that_does_not_answer_costs_a_moment_and_tells_no_password(greeting: bytes) -> None:
    with stranger(greeting) as (port, _):
        box = Mailbox(replace(_settings(port), patience=A_MOMENT), site_url=SITE)

        with pytest.raises(MailboxUnreachable) as unreachable:
            box.find(frozenset({OURS}), since=utc_now())

    assert not {"erika", "geheim"} & set(str(unreachable.value).split())


def test_while_one_thread_waits_for_the_server_another_does_not() -> None:
    trouble: list[MailboxUnreachable] = []

    def wait() -> None:
        try:
            box.find(frozenset({OURS}), since=utc_now())
        except MailboxUnreachable as error:
            trouble.append(error)

    with stranger(b"") as (port, came):
        box = Mailbox(_settings(port), site_url=SITE)
        first = threading.Thread(target=wait)
        first.start()
        assert came.wait(10)
        assert box.find(frozenset({OURS}), since=utc_now()) == frozenset()
    first.join()
    assert len(trouble) == 1


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(MailboxUnreachable):
        Mailbox(_settings(port), site_url=SITE).find(frozenset({OURS}), since=utc_now())


def test_certificates_are_checked_against_the_systems_authorities(
    own_mailbox: OwnMailbox, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_mailbox.deliver(letter(links.confirm_link(SITE, OURS)))
    address = own_mailbox.url.replace("imap:", "imaps:").replace(str(mail_server.plain), str(mail_server.encrypted))
    named, numbered = address.replace("127.0.0.1", "localhost"), address

    with pytest.raises(MailboxUnreachable, match="SSLCertVerificationError"):
        reader(named).find(frozenset({OURS}), since=utc_now() - HOUR)
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.authority))
    assert reader(named).find(frozenset({OURS}), since=utc_now() - HOUR) == {OURS}
    with pytest.raises(MailboxUnreachable, match="SSLCertVerificationError"):
        reader(numbered).find(frozenset({OURS}), since=utc_now() - HOUR)


@pytest.mark.parametrize(
    ("change", "level"), [(("", ""), Level.OK), (("Sp%2Ftz", "Spitz"), Level.FAIL), (("INBOX", "Termine"), Level.FAIL)]
)
async def test_the_doctor_tries_the_mailbox(own_mailbox: OwnMailbox, change: tuple[str, str], level: Level) -> None:
    own_mailbox.deliver(letter("Newsletter"))

    finding = await checks.mailbox(settings.load(imap_url=own_mailbox.url.replace(*change)))

    assert finding.level is level
    assert ("mails in it: 1" in finding.found) == (level is Level.OK)
    assert "kehre" not in str(finding)


async def test_the_doctor_is_content_without_a_mailbox() -> None:
    assert (await checks.mailbox(settings.load(imap_url=""))).level is Level.OK


async def test_a_booking_is_confirmed_by_the_citys_own_mail_without_any_hand(
    open_town: OpenTown, rows: Database, fresh_redis_url: str, own_mailbox: OwnMailbox, tmp_path: Path
) -> None:
    # given a city whose mails go to the mailbox, and a worker that may read it
    async with delivering(own_mailbox) as smtp:
        town = await open_town(smtp=smtp)
        await town.offer(KFZ, moment(2, 9))
        plain = runtime_of(town, town.pool, rows, redis_url=fresh_redis_url, folder=tmp_path)
        box = Mailbox(mailbox.parse(own_mailbox.url), site_url=plain.site_url)
        works = Works(town, replace(plain, mailbox=box))
        async with at_work(works.runtime, fresh_redis_url):
            watch = await works.watch()
            await works.look(watch)
            assert await works.states() == [BookingState.PRECONFIRMED]
            await town.visitor.mails(to=ANNA.mail, count=1)

            # when
            works.runtime.queue.mailbox()
            await works.rest()

            # then
            assert await works.states() == [BookingState.CONFIRMED]
            assert await works.told(watch) == ["booking.preconfirmed", "booking.confirmed"]
            assert await town.statuses() == ["confirmed"]


def _settings(port: int) -> mailbox.MailboxSettings:
    return mailbox.parse(f"imap://erika:geheim@127.0.0.1:{port}/INBOX")
