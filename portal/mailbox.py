"""The border to IMAP: finds the City's activation mails of the bookings that wait for one.

The folder is opened for reading only and mails are fetched with BODY.PEEK, so whatever is not asked for stays as it
was, unread included. A mail that held a link asked for is marked as seen. What is in a mail decides nothing but
whether it names a hold that we have ourselves, number and key: senders and subjects can be forged.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import structlog
from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from core.bookings import HoldKey
from core.errors import BadInput, ConfigError, MtaError, Permanent, Transient
from portal import links
from portal.letters import texts_of

CALL_TIMEOUT = timedelta(seconds=10)
READ_FOR = timedelta(seconds=30)  # after which no further mails are fetched
AFTER_REFUSAL = timedelta(minutes=5)  # providers lock a mailbox, or an address, after some wrong passwords in a row
CLOCKS_DIFFER = timedelta(minutes=5)
MOST_MAILS = 500
AT_ONCE = 20
MOST_BYTES = 128 * 1024  # of one mail: the City's own has a few thousand
_PORTS = {"imaps": 993, "imap": 143}
_FORM = "MTA_IMAP_URL must be imaps://user:password@host/folder, with / ? # % in its parts written as %2F %3F %23 %25."
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_HEAD = f"BODY.PEEK[]<0.{MOST_BYTES}>"
_DAY = timedelta(days=1)

log = structlog.get_logger()


class MailboxUnreachable(Transient):
    """The mail server does not answer, or breaks off."""


class MailboxRefused(Permanent):
    """The mail server does not take the user and password, or has no such folder."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str = "INBOX"
    encrypted: bool = True
    patience: timedelta = CALL_TIMEOUT


def parse(url: str) -> MailboxSettings:
    """Raises ConfigError that does not repeat the address, since a password is in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError(_FORM) from None
    if parts.scheme not in _PORTS or not (parts.hostname and parts.username and parts.password):
        raise ConfigError(_FORM)
    encrypted = parts.scheme == "imaps"
    if not encrypted and not _is_this_machine(parts.hostname):
        raise ConfigError("MTA_IMAP_URL with imap:// would send the password in the clear: use imaps://.")
    return MailboxSettings(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        encrypted=encrypted,
    )


class Mailbox:
    """One mailbox of one process. Certificates are checked against the system's authorities (or SSL_CERT_FILE)."""

    def __init__(
        self, settings: MailboxSettings, *, site_url: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._site_url = site_url
        self._clock = clock
        self._reading = threading.Lock()
        self._not_before = clock()

    def find(self, wanted: frozenset[HoldKey], *, since: datetime) -> frozenset[HoldKey]:
        """Those of the wanted holds whose confirm link lies in a mail that arrived after `since`.

        Blocks, for a minute at most. Finds nothing while another thread reads, and for a while after a refusal.
        Raises MailboxUnreachable and MailboxRefused.
        """
        if not self._reading.acquire(blocking=False):
            return frozenset()
        try:
            return self._find(wanted, since) if self._clock() >= self._not_before else frozenset()
        except MailboxRefused:
            self._not_before = self._clock() + AFTER_REFUSAL.total_seconds()
            raise
        finally:
            self._reading.release()

    def count(self) -> int:
        """How many mails are in the folder; raises as `find` does."""
        with _signed_in(self._settings) as client:
            return _open(client, self._settings.folder)

    def _find(self, wanted: frozenset[HoldKey], since: datetime) -> frozenset[HoldKey]:
        found: dict[HoldKey, int] = {}
        with _signed_in(self._settings) as client:
            _open(client, self._settings.folder)
            for number, raw in self._recent(client, since - CLOCKS_DIFFER):
                found |= dict.fromkeys(keys_in(raw, self._site_url) & wanted, number)
                if len(found) == len(wanted):
                    break
            if found:
                _mark(client, self._settings.folder, sorted(set(found.values())))
        return frozenset(found)

    def _recent(self, client: IMAPClient, since: datetime) -> Iterator[tuple[int, bytes]]:
        """Number and first bytes of the mails that arrived since then, the newest first."""
        until = self._clock() + READ_FOR.total_seconds()
        numbers = _arrived(client, since)
        for start in range(0, len(numbers), AT_ONCE):
            if self._clock() > until:
                log.warning("mailbox.slow", unread=len(numbers) - start)
                return
            answers = client.fetch(numbers[start : start + AT_ONCE], [_HEAD])
            yield from ((number, answers[number].get(b"BODY[]<0>") or b"") for number in sorted(answers, reverse=True))


def keys_in(raw: bytes, site_url: str) -> frozenset[HoldKey]:
    """The holds named by confirm links of the site in a mail, whole or cut off, however broken."""
    addresses = (address for text in texts_of(raw) for address in _ADDRESS.findall(text))
    return frozenset(key for address in addresses if (key := _key_of(address, site_url)))


def _key_of(address: str, site_url: str) -> HoldKey | None:
    try:
        return links.parse_confirm_link(address, site_url)
    except BadInput:
        return None


@contextmanager
def _signed_in(settings: MailboxSettings) -> Iterator[IMAPClient]:
    seconds = settings.patience.total_seconds()
    try:
        with IMAPClient(
            settings.host, settings.port, ssl=settings.encrypted, timeout=SocketTimeout(seconds, seconds)
        ) as client:
            client.normalise_times = False
            client.login(settings.user, settings.password)
            yield client
    except MtaError:
        raise
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):
            raise MailboxUnreachable("The mail server broke off.") from None
        raise MailboxRefused("The mail server does not take the user and password of MTA_IMAP_URL.") from None
    except (IMAPClientError, OSError, ValueError) as error:  # ValueError: an answer that is not IMAP
        raise MailboxUnreachable(f"The mail server does not answer as it should ({type(error).__name__}).") from None


def _open(client: IMAPClient, folder: str) -> int:
    try:
        return int(client.select_folder(folder, readonly=True)[b"EXISTS"])
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        raise MailboxRefused("The mail server does not open the folder that MTA_IMAP_URL names.") from None


def _arrived(client: IMAPClient, since: datetime) -> Sequence[int]:
    """SEARCH knows days only, in the server's zone: the rest is decided by each mail's time of arrival."""
    candidates = sorted(client.search(["SINCE", (since - _DAY).date()]), reverse=True)[:MOST_MAILS]
    dates = client.fetch(candidates, ["INTERNALDATE"]) if candidates else {}
    return sorted((number for number, answer in dates.items() if _date(answer) >= since), reverse=True)


def _date(answer: dict[bytes, datetime]) -> datetime:
    return answer[b"INTERNALDATE"]


def _mark(client: IMAPClient, folder: str, numbers: Sequence[int]) -> None:
    try:
        client.select_folder(folder)
        client.add_flags(numbers, [SEEN], silent=True)
    except IMAPClientError as error:  # a folder we may only read
        log.info("mailbox.not_marked", reason=type(error).__name__)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
