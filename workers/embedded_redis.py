"""A Redis server of our own as a child process, for machines where nobody set one up.

It listens on a unix socket only, appends to a file in the data folder, and dies with its parent.
"""

import asyncio
import ctypes
import fcntl
import hashlib
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.errors import ConfigError

PROGRAMS = ("redis-server", "valkey-server")
_LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
_STARTS_WITHIN = 10.0  # seconds
_PR_SET_PDEATHSIG = 1


def socket_path(data_dir: Path) -> Path:
    """Where the embedded server listens; beside the data, or in the temporary folder if that path is too long."""
    beside = data_dir.resolve() / "redis.sock"
    if len(str(beside).encode()) <= _LONGEST_SOCKET_PATH:
        return beside
    digest = hashlib.sha256(str(beside).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"mta-{digest}.sock"


def url(data_dir: Path) -> str:
    return f"unix://{socket_path(data_dir)}"


def program() -> str:
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise ConfigError("No Redis server was found. Install one (apt-get install redis-server) or set MTA_REDIS_URL.")
    return found


@asynccontextmanager
async def running(data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the server until the block ends; one per data folder, guarded by a lock file."""
    folder = _folder(data_dir)
    with (folder / "lock").open("w") as lock:
        _lock(lock.fileno(), data_dir)
        socket = socket_path(data_dir)
        socket.unlink(missing_ok=True)
        child = await asyncio.create_subprocess_exec(
            program(),
            *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600", "--dir", str(folder)),
            *("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--loglevel", "warning"),
            *("--logfile", str(folder / "redis.log")),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            preexec_fn=_die_with_parent,  # the child of a killed parent must not live on
        )
        try:
            await _answers(socket, child)
            yield child
        finally:
            await _stop(child)
            socket.unlink(missing_ok=True)


def _folder(data_dir: Path) -> Path:
    folder = data_dir.resolve() / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lock(descriptor: int, data_dir: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConfigError(f"Another MTA already runs its Redis in {data_dir}. Stop it, or set MTA_DATA_DIR.") from None


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _answers(socket: Path, child: asyncio.subprocess.Process) -> None:
    client = Redis(unix_socket_path=str(socket))
    try:
        async with asyncio.timeout(_STARTS_WITHIN):
            while not await _pings(client):
                if child.returncode is not None:
                    raise ConfigError(f"The embedded Redis ended at once (exit status {child.returncode}).")
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise ConfigError("The embedded Redis did not answer in time; see redis.log in the data folder.") from None
    finally:
        await client.aclose()


async def _pings(client: Redis) -> bool:
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
    await child.wait()
