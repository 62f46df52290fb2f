"""A real IMAP server for tests: Dovecot, a child of the test run like the servers of tests/services.py.

`mail_server` lasts for the whole run and has a mailbox for every name one asks for; `own_mailbox` is an empty one.
The server runs without root's rights, and without any file of the system's own Dovecot.
"""

import datetime as dt
import grp
import itertools
import os
import pwd
import re
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imapclient import IMAPClient

from core.slots import utc_now
from rehearsal import mail as post
from rehearsal.inbox import Inbox
from tests.services import find_program, running, temporary_folder

PASSWORD = "Sp/tz?kehre7"
_COMMON = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {encrypted}
    ssl = yes
  }}
}}
listen = 127.0.0.1
auth_failure_delay = 0
"""
_OLD = """
protocols = imap
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/homes/%u
}}
"""
_NEW = """
dovecot_config_version = {version}
dovecot_storage_version = {version}
protocols = imap
ssl_server_cert_file = {folder}/server.pem
ssl_server_key_file = {folder}/server.key
mail_driver = maildir
mail_path = ~/Maildir
passdb static {{
  password = "{password}"
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/homes/%{{user}}
  }}
}}
"""


@dataclass(frozen=True)
class MailServer:
    plain: int
    encrypted: int
    authority: Path

    def url(self, user: str, *, folder: str = "INBOX") -> str:
        return f"imap://{user}:Sp%2Ftz%3Fkehre7@127.0.0.1:{self.plain}/{folder}"


@dataclass(frozen=True)
class OwnMailbox:
    """One person's mailbox as its owner sees it."""

    server: MailServer
    user: str

    @property
    def url(self) -> str:
        return self.server.url(self.user)

    @contextmanager
    def opened(self) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.server.plain, ssl=False, timeout=20) as client:
            client.login(self.user, PASSWORD)
            client.select_folder("INBOX")
            yield client

    def deliver(self, *mails: EmailMessage | bytes, arrived: dt.datetime | None = None) -> None:
        with self.opened() as client:
            for mail in mails:
                raw = mail if isinstance(mail, bytes) else mail.as_bytes()
                client.append("INBOX", raw, msg_time=arrived)

    def seen(self) -> list[bool]:
        """For each mail in order of arrival, whether it is marked as read."""
        with self.opened() as client:
            flags = client.get_flags(client.search())
            return [b"\\Seen" in flags[number] for number in sorted(flags)]


class Delivered(Inbox):
    """What arrives goes on into the mailbox."""

    def __init__(self, box: OwnMailbox) -> None:
        super().__init__(None)
        self._box = box

    def receive(self, raw: bytes, *, to: tuple[str, ...]) -> None:
        self._box.deliver(raw)
        super().receive(raw, to=to)


@asynccontextmanager
async def delivering(box: OwnMailbox) -> AsyncIterator[str]:
    """The address of a mail server, for a practice city, that delivers to the mailbox whomever a mail is to."""
    server, port = await post.open_inbox(Delivered(box), host="127.0.0.1")
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await post.close_inbox(server)


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    program = find_program("dovecot", folders=("/usr/sbin",))
    with temporary_folder("dovecot") as folder:
        plain, encrypted = free_ports(2)
        server = MailServer(plain, encrypted, certify(folder))
        owner = unprivileged()
        (folder / "homes").mkdir()
        (folder / "dovecot.conf").write_text(configuration(program, folder, owner, server))
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        ids = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        change = ["setpriv", *ids] if os.geteuid() == 0 else []
        command = [*change, program, "-F", "-c", str(folder / "dovecot.conf")]
        with running(command, folder=folder, answers=lambda: greets(plain), stop_signal="TERM"):
            yield server


@pytest.fixture(scope="session")
def mailbox_names() -> Iterator[str]:
    return (f"box{number}" for number in itertools.count(1))


@pytest.fixture
def own_mailbox(mail_server: MailServer, mailbox_names: Iterator[str]) -> OwnMailbox:
    return OwnMailbox(mail_server, next(mailbox_names))


def configuration(program: str, folder: Path, owner: pwd.struct_passwd, server: MailServer) -> str:
    """Dovecot 2.4 renamed most settings, and wants to be told which version a file was written for."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"(\d+)\.(\d+)\.(\d+)", said)
    assert version is not None, said
    new = tuple(map(int, version.groups())) >= (2, 4, 0)
    return ((_NEW if new else _OLD) + _COMMON).format(
        folder=folder,
        user=owner.pw_name,
        group=group_name(owner),
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        plain=server.plain,
        encrypted=server.encrypted,
        password=PASSWORD,
        version=version[0],
    )


def unprivileged() -> pwd.struct_passwd:
    """Dovecot gives no mail to root; whoever else runs the tests runs it too."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def group_name(owner: pwd.struct_passwd) -> str:
    return grp.getgrgid(owner.pw_gid).gr_name


def free_ports(count: int) -> list[int]:
    """Dovecot cannot choose for itself."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def greets(port: int) -> bool:
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False


def certify(folder: Path) -> Path:
    """A certificate for localhost, signed by itself: who trusts the file returned trusts the server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = utc_now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "server.key").write_bytes(pem)
    return path
