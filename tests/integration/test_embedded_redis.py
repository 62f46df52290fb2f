import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from redis.asyncio import Redis

from core.errors import ConfigError
from workers import embedded_redis


async def test_it_serves_on_its_socket_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with embedded_redis.running(tmp_path) as child:
        client = Redis.from_url(embedded_redis.url(tmp_path))
        await client.set("kept", "yes")
        assert await client.get("kept") == b"yes"
        await client.aclose()
    assert child.returncode == 0
    assert not embedded_redis.socket_path(tmp_path).exists()


async def test_what_was_queued_survives_a_restart(tmp_path: Path) -> None:
    for expected, value in ((None, "first"), (b"first", "second")):
        async with embedded_redis.running(tmp_path):
            client = Redis.from_url(embedded_redis.url(tmp_path))
            assert await client.get("kept") == expected
            await client.set("kept", value)
            await client.aclose()


async def test_a_second_server_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    async with embedded_redis.running(tmp_path):
        with pytest.raises(ConfigError, match="Another MTA"):
            async with embedded_redis.running(tmp_path):
                pass


async def test_a_folder_with_a_long_name_still_gets_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90) / ("y" * 90)
    async with embedded_redis.running(deep):
        client = Redis.from_url(embedded_redis.url(deep))
        assert await client.ping()
        await client.aclose()


def test_it_dies_with_its_killed_parent(tmp_path: Path) -> None:
    script = textwrap.dedent(
        f"""
        import asyncio
        from pathlib import Path
        from workers import embedded_redis
        async def main():
            async with embedded_redis.running(Path({str(tmp_path)!r})) as child:
                print(child.pid, flush=True)
                await asyncio.sleep(600)
        asyncio.run(main())
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        server = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([server], [], [], 10)
        os.close(server)
    assert ended
