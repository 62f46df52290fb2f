"""The door to the workers: what is sent, what is not, and what a worker's death does to a message."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
import redis

from core.slots import utc_now
from models import targets
from models.database import Database
from models.watch import Watch
from tests.jobs_fixtures import messages
from tests.models_cast import opened, watch_of
from workers import broker as brokers
from workers import queue
from workers.queue import QUEUE_OF, Job, Queue, QueueName, QueueUnreachable


@pytest.fixture
def sending(fresh_redis_url: str) -> Queue:
    return queue.connect(fresh_redis_url)


@pytest.fixture
def watch(database: Database) -> Watch:
    with database.transaction() as session:
        return watch_of(session, now=utc_now())


def test_each_sender_names_its_job_and_sends_numbers_alone(sending: Queue, fresh_redis_url: str) -> None:
    senders = {
        Job.LOOK: sending.look,
        Job.BOOK: sending.book,
        Job.CONFIRM: sending.confirm,
        Job.CANCEL: sending.cancel,
        Job.TELL: sending.tell,
        Job.VERIFY: sending.verify,
    }
    for send in senders.values():
        send(7)
    sending.reconcile()
    sending.mailbox()
    sending.catalog()
    sent = {
        Job(one.actor_name): (one.queue_name, one.args, one.kwargs)
        for name in QueueName
        for one in messages(fresh_redis_url, name)
    }
    assert sent == {job: (QUEUE_OF[job], (7,) if job in senders else (), {}) for job in Job}


def test_a_first_look_is_sent_once(database_url: str, watch: Watch, fresh_redis_url: str) -> None:
    at_once = Barrier(3)

    def first_look(_: int) -> bool:
        with closing(opened(database_url)) as own:
            at_once.wait()
            return queue.connect(fresh_redis_url).first_look(own, watch.target_id)

    with ThreadPoolExecutor(3) as threads:
        assert sorted(threads.map(first_look, range(3))) == [False, False, True]
    assert [one.args for one in messages(fresh_redis_url, QueueName.LOOKING)] == [(watch.target_id,)]


def test_without_redis_the_first_look_is_left_to_the_scheduler(
    database: Database, watch: Watch, tmp_path: Path
) -> None:
    nobody = queue.connect(f"unix://{tmp_path / 'nobody.sock'}")
    assert not nobody.answers()
    with pytest.raises(QueueUnreachable):
        nobody.first_look(database, watch.target_id)
    with database.reading() as session:
        target = targets.get(session, watch.target_id)
        assert target.next_look_at is not None
        assert (target.next_look_at <= utc_now(), target.lease_until) == (True, None)


async def test_what_is_told_is_heard_in_the_bots_own_loop_within_a_blink(sending: Queue, fresh_redis_url: str) -> None:
    heard: asyncio.Queue[tuple[float, tuple[int, ...]]] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    async def hears(ids: Sequence[int]) -> None:
        heard.put_nowait((loop.time(), tuple(ids)))

    async with asyncio.timeout(20), queue.listening(fresh_redis_url, hears):
        sent = loop.time()
        await asyncio.to_thread(sending.tell, 7)
        arrived, ids = await heard.get()
        sending.announce(range(1, 502))
        many = [await heard.get() for _ in range(2)]

    assert ids == (7,)
    assert arrived - sent < 2
    assert sorted(len(ids) for _, ids in many) == [1, 500]


def test_without_redis_an_announcement_is_left_to_the_sweep(tmp_path: Path) -> None:
    queue.connect(f"unix://{tmp_path / 'nobody.sock'}").announce([7])


def test_a_dead_workers_message_comes_to_the_next(sending: Queue, fresh_redis_url: str) -> None:
    sending.book(7)
    dead, next_one = (brokers.build(fresh_redis_url) for _ in range(2))
    taken = next(dead.consume("booking", timeout=1))
    assert taken is not None
    with redis.Redis.from_url(fresh_redis_url) as client:
        assert next(next_one.consume("booking", timeout=1)) is None
        client.zadd("mta:__heartbeats__", {dead.broker_id: utc_now().timestamp() * 1000 - brokers.HEARTBEAT_MS - 1})
    again = next(next_one.consume("booking", timeout=1))
    assert again is not None
    assert (again.actor_name, again.args, again.message_id) == ("book", (7,), taken.message_id)
