"""`mta rehearsal serve` as a program of its own: its options, its mail by SMTP and on disk, its end."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx
import pytest

from rehearsal.inbox import Inbox
from rehearsal.mail import close_inbox, open_inbox
from rehearsal.settings import Dialect
from tests.rehearsal_fixtures import API, OpenCity

MTA = (sys.executable, "-m", "console")


@asynccontextmanager
async def program(*options: str) -> AsyncIterator[tuple[Process, dict[str, Any]]]:
    """The running program and the line it prints when it is ready."""
    process = await asyncio.create_subprocess_exec(
        *MTA, "rehearsal", "serve", *options, stdout=PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_it_serves_as_its_options_say_and_ends_when_told(tmp_path: Path) -> None:
    # given
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>built elsewhere</p>")
    options = ["--dialect", "feb", "--port", "0", "--seed", "7", "--speed", "60"]
    options += ["--mood", "none", "--mood", "slow=0", "--frontend", str(site)]

    # when
    async with program(*options) as (process, ready):
        async with httpx.AsyncClient(base_url=ready["url"]) as client:
            state = (await client.get("/rehearsal/state")).json()
            page = (await client.get("/")).text
            offices = await client.get(f"{API}/offices-and-services")
        process.send_signal(signal.SIGTERM)
        ended = await process.wait()

    # then
    assert (ready["event"], ready["dialect"]) == ("rehearsal.ready", "feb")
    assert (state["seed"], state["moods"], state["clock"]["speed"]) == (7, ["none", "slow=0"], 60)
    assert page == "<p>built elsewhere</p>"
    assert offices.status_code == 200
    assert ended == 0


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--mood", "sunny"], 'No mood is called "sunny"'),
        (["--port", "70000"], "--port"),
        (["--frontend", "/nowhere"], "/nowhere is not a folder"),
    ],
)
async def test_wrong_options_end_it_with_a_sentence(options: list[str], complaint: str) -> None:
    process = await asyncio.create_subprocess_exec(*MTA, "rehearsal", "serve", *options, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()

    told = (out + err).decode()
    assert process.returncode == 2
    assert complaint in told
    assert "Traceback" not in told


async def test_mails_lie_in_a_folder_under_numbers(open_city: OpenCity, tmp_path: Path) -> None:
    city = await open_city(Dialect.AUG, inbox=tmp_path / "mails")
    await city.preconfirmed()
    await city.confirmed(email="otto@example.org")

    await city.mails(to="otto@example.org", count=2)

    files = sorted((tmp_path / "mails").iterdir())
    assert [file.name for file in files] == ["000001.eml", "000002.eml", "000003.eml"]
    first = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert (first["To"], first["Subject"]) == ("erika@example.org", "Aktivierungslink für Ihren Termin")


async def test_a_folder_with_mails_is_counted_on_from(open_city: OpenCity, tmp_path: Path) -> None:
    (tmp_path / "000041.eml").write_bytes(b"Subject: old\n\nold\n")
    city = await open_city(Dialect.AUG, inbox=tmp_path)

    await city.preconfirmed()
    mails = await city.mails(to="erika@example.org", count=1)

    assert mails[0]["id"] == 42
    assert (tmp_path / "000041.eml").read_bytes() == b"Subject: old\n\nold\n"


async def test_another_mail_server_gets_the_mails_and_the_inbox_a_copy(open_city: OpenCity) -> None:
    # given a mail server that is not the city's
    elsewhere = Inbox(None)
    server, port = await open_inbox(elsewhere, host="127.0.0.1")
    city = await open_city(Dialect.AUG, smtp=f"127.0.0.1:{port}")

    # when
    await city.preconfirmed()
    copies = await city.mails(to="erika@example.org", count=1)

    # then
    delivered = elsewhere.mails(to="erika@example.org")
    await close_inbox(server)
    assert city.running.smtp_port is None
    assert len(delivered) == len(copies) == 1
    assert delivered[0].message()["From"] == "noreply-terminvereinbarung@muenchen.de"


async def test_the_links_in_mails_begin_where_the_public_finds_the_city(open_city: OpenCity) -> None:
    city = await open_city(Dialect.AUG, public_url="https://city.example/termin/")
    await city.preconfirmed()

    mail = (await city.mails(to="erika@example.org", count=1))[0]

    assert mail["links"][0]["url"].startswith("https://city.example/termin/#/appointment/confirm/")
