"""Posts that one process alone holds, on both databases: left, killed, and lost."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence

import psycopg
import pytest

from models.database import Database
from models.posts import Post
from tests.jobs_fixtures import until
from tests.models_cast import opened

HOLDS = """
import asyncio, sys
from tests.models_cast import opened
post = asyncio.run(opened(sys.argv[1]).take("bot"))
print("held" if post else "refused", flush=True)
input()
"""


async def held(database: Database, name: str = "bot") -> Post:
    return (await database.take(name)) or pytest.fail(f"the post {name} is not free")


async def test_a_post_is_one_processs_until_it_leaves(database: Database, database_url: str) -> None:
    with contextlib.closing(opened(database_url)) as another:
        post = await held(database)
        assert await another.take("bot") is None
        other = await held(another, "something else")
        assert (post.is_held(), other.is_held()) == (True, True)

        post.leave()

        (await held(another)).leave()
        other.leave()


async def test_a_killed_process_leaves_its_post(database: Database, database_url: str) -> None:
    command = [sys.executable, "-c", HOLDS, database_url]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"held"
    assert await database.take("bot") is None

    process.kill()
    await process.wait()

    [post] = await until(lambda: _taken(database))  # PostgreSQL hears of it a moment later
    post.leave()


async def test_a_post_that_the_server_took_away_is_known_to_be_lost(migrated_copy_url: str) -> None:
    with (
        contextlib.closing(opened(migrated_copy_url)) as database,
        psycopg.connect(migrated_copy_url.replace("+psycopg", ""), autocommit=True) as server,
    ):
        post = await held(database)
        locks = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        assert server.execute(locks).fetchall() == [(True,)]

        assert not post.is_held()
        post.leave()
        (await held(database)).leave()


async def _taken(database: Database) -> Sequence[Post]:
    post = await database.take("bot")
    return [post] if post is not None else []
