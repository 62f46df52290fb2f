"""The servers tests need, each a child of the test run in a folder of its own: Redis and PostgreSQL.

`redis_url` and `postgres_url` last for the whole run; `fresh_redis_url` and `fresh_postgres_url` are empty for each
test. A server is started only when a test asks for it, and dies with the test run however that ends.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import redis

START_WITHIN = timedelta(seconds=30)
STOP_WITHIN = timedelta(seconds=20)
POSTGRES_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "dynamic_shared_memory_type=mmap",  # /dev/shm is tiny or absent in containers and chroots
)


def find_program(*names: str, folders: tuple[str, ...] = ()) -> str:
    for name in names:
        found = [shutil.which(name), *(shutil.which(name, path=folder) for folder in folders)]
        if hit := next(filter(None, found), None):
            return hit
    pytest.fail(f"{' or '.join(names)} is not installed; `make test` installs it", pytrace=False)


def postgres_program(name: str) -> str:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name))
    return find_program(name, folders=tuple(map(str, newest_first)))


@contextmanager
def running(command: list[str], *, folder: Path, answers: Callable[[], bool], stop_signal: str) -> Iterator[None]:
    """The command as a child that gets `stop_signal` when this process dies; raises if it never answers."""
    log = folder / "server.log"
    with log.open("wb") as out:
        guarded = ["setpriv", "--pdeathsig", stop_signal, *command]
        process = subprocess.Popen(guarded, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + START_WITHIN.total_seconds()
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start:\n{log.read_text()}", pytrace=False)
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(STOP_WITHIN.total_seconds())


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """A short path that other users may enter: socket paths hold 107 bytes, and pytest's folders are private."""
    folder = Path(tempfile.mkdtemp(prefix=f"mta-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def redis_server() -> Iterator[str]:
    program = find_program("redis-server", "valkey-server")
    with temporary_folder("redis") as folder:
        socket = folder / "redis.sock"

        def answers() -> bool:
            with redis.Redis(unix_socket_path=str(socket)) as client:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    return False

        command = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
        with running(command, folder=folder, answers=answers, stop_signal="TERM"):
            yield f"unix://{socket}"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def fresh_redis_url(redis_url: str) -> str:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


def as_postgres_owner(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as its own user, who gets the folder."""
    if os.geteuid() != 0:
        return []
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    owner = known.get("postgres") or known["nobody"]
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    ids = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with temporary_folder("postgres") as folder:
        owner, data = as_postgres_owner(folder), folder / "data"
        initdb = [postgres_program("initdb"), "--auth=trust", "--username=mta", "--no-sync", "--no-locale"]
        create = [*owner, *initdb, "--encoding=UTF8", f"--pgdata={data}"]
        made = subprocess.run(create, cwd=folder, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr

        def answers() -> bool:
            try:
                psycopg.connect(f"host={folder} user=mta dbname=postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        options = [
            word for option in (*POSTGRES_OPTIONS, f"unix_socket_directories={folder}") for word in ("-c", option)
        ]
        serve = [*owner, postgres_program("postgres"), "-D", str(data), *options]
        with running(serve, folder=folder, answers=answers, stop_signal="INT"):
            yield f"postgresql+psycopg://mta@/postgres?host={folder}"


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    return (f"test_{number}" for number in itertools.count(1))


@pytest.fixture
def fresh_postgres_url(postgres_url: str, database_names: Iterator[str]) -> Iterator[str]:
    """An empty database that is gone after the test, open connections or not."""
    name = next(database_names)
    server = postgres_url.replace("+psycopg", "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield postgres_url.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
