"""The small worker in the bot's process: it hands each message of the queue `telling` to the bot's own loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import dramatiq

from workers import broker as brokers

Hears = Callable[[Sequence[int]], Awaitable[None]]
IDLE_POLL_MS = 100  # hands a message on within 40 ms mostly
KEEPS = timedelta(minutes=5)  # an older message is dropped: the bot's sweep has told it long since
STOP_WITHIN_MS = 5_000


@asynccontextmanager
async def hosting(redis_url: str, *, queue: str, actor: str, hears: Hears) -> AsyncIterator[None]:
    """While the block runs, `hears` gets the ids of each message. It keeps what it is given: nothing comes twice.

    Without Redis nothing is heard until it is back; that is no error here.
    """
    loop = asyncio.get_running_loop()
    broker = brokers.build_plain(redis_url)

    def hand_on(*ids: int) -> None:
        asyncio.run_coroutine_threadsafe(_heard(hears, ids), loop)

    dramatiq.Actor[..., None](
        hand_on,
        broker=broker,
        actor_name=actor,
        queue_name=queue,
        priority=0,
        options={"max_age": int(KEEPS.total_seconds() * 1000), "max_retries": 0},
    )
    worker = dramatiq.Worker(broker, queues={queue}, worker_threads=1, worker_timeout=IDLE_POLL_MS)
    worker.start()
    try:
        yield
    finally:
        await asyncio.to_thread(worker.stop, timeout=STOP_WITHIN_MS)
        broker.close()


async def _heard(hears: Hears, ids: Sequence[int]) -> None:
    await hears(ids)
