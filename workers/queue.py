"""Typed senders: the one door through which others hand work to the workers. Imports no job.

A message is only an attempt; the rows are the truth. A lost message is sent again by the scheduler.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import structlog
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError

from core import pacing
from core.errors import Transient
from core.pacing import Spent
from core.slots import utc_now
from models import targets
from models.database import Database
from workers import broker as brokers
from workers import embedded_redis, pacer, succession, telling
from workers.broker import NAMESPACE
from workers.telling import Hears


class Job(StrEnum):
    LOOK = "look"
    BOOK = "book"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    VERIFY = "verify"
    RECONCILE = "reconcile"
    CATALOG = "catalog"
    MAILBOX = "mailbox"
    TELL = "tell"


class QueueName(StrEnum):
    LOOKING = "looking"
    BOOKING = "booking"
    TELLING = "telling"


QUEUE_OF: dict[Job, QueueName] = {
    Job.LOOK: QueueName.LOOKING,
    Job.BOOK: QueueName.BOOKING,
    Job.CONFIRM: QueueName.BOOKING,
    Job.CANCEL: QueueName.BOOKING,
    Job.VERIFY: QueueName.BOOKING,
    Job.RECONCILE: QueueName.BOOKING,
    Job.CATALOG: QueueName.LOOKING,
    Job.MAILBOX: QueueName.BOOKING,
    Job.TELL: QueueName.TELLING,
}

TOLD_AT_ONCE = 500  # ids in one message
LOOK_CLAIM = timedelta(seconds=150)  # how long a look that was sent may take before the target is due again

log = structlog.get_logger()


class QueueUnreachable(Transient):
    """Redis does not answer. Nothing is lost: the scheduler sends what is due when it is back."""


@dataclass(frozen=True, slots=True)
class Queue:
    broker: RedisBroker

    def look(self, target_id: int) -> None:
        self._send(Job.LOOK, target_id)

    def first_look(self, database: Database, target_id: int) -> bool:
        """Send a look now for a watch just made, unless its target is looked at already; whether one is on its way.

        Raises QueueUnreachable; the target is then due for the scheduler.
        """
        owner = f"{targets.MADE}{target_id}"
        claimed = database.transact(
            lambda session: targets.claim_one(session, target_id, now=utc_now(), owner=owner, lease=LOOK_CLAIM)
        )
        if claimed:
            try:
                self.look(target_id)
            except QueueUnreachable:
                database.transact(lambda session: targets.release_lease(session, target_id, owner=owner))
                raise
        return claimed

    def book(self, booking_id: int) -> None:
        self._send(Job.BOOK, booking_id)

    def confirm(self, booking_id: int) -> None:
        """The person gave the mailed link (noted on the hold's row; it is a key, and keys do not travel here)."""
        self._send(Job.CONFIRM, booking_id)

    def cancel(self, booking_id: int) -> None:
        """The person asked to give it back (noted on the row), or a better appointment is confirmed in its place."""
        self._send(Job.CANCEL, booking_id)

    def verify(self, booking_id: int) -> None:
        """Its person is soon to be reminded of it: ask the City whether it still stands."""
        self._send(Job.VERIFY, booking_id)

    def reconcile(self) -> None:
        self._send(Job.RECONCILE)

    def catalog(self) -> None:
        """Ask the City what it offers, unless that was done a moment ago. The scheduler sends it once a day."""
        self._send(Job.CATALOG)

    def mailbox(self) -> None:
        """Look for the City's activation mails in the operator's mailbox."""
        self._send(Job.MAILBOX)

    def tell(self, *notice_ids: int) -> None:
        """The bot has these notices to deliver. Sent after their commit; its sweep finds whatever was not."""
        for start in range(0, len(notice_ids), TOLD_AT_ONCE):
            self._send(Job.TELL, *notice_ids[start : start + TOLD_AT_ONCE])

    def announce(self, notice_ids: Sequence[int]) -> None:
        """As `tell`, for a database's `heard`: without Redis it is left to the bot's sweep."""
        try:
            self.tell(*notice_ids)
        except QueueUnreachable:
            log.warning("notices.unannounced", notices=len(notice_ids))

    def answers(self) -> bool:
        """Whether Redis can be reached now."""
        try:
            return bool(self.broker.client.ping())
        except (RedisError, OSError):
            return False

    def lengths(self) -> Mapping[QueueName, int]:
        """How many messages each queue holds, those in a worker's hands too; raises QueueUnreachable."""
        try:
            return {name: int(self.broker.client.hlen(f"{NAMESPACE}:{name}.msgs")) for name in QueueName}
        except (RedisError, OSError) as error:
            raise _unreachable(error) from error

    def spent(self, lane: str) -> Spent:
        """Where the lane's budget stands now; raises QueueUnreachable."""
        now = utc_now()
        try:
            raw = self.broker.client.get(pacer.key_of(lane))
        except (RedisError, OSError) as error:
            raise _unreachable(error) from error
        return pacing.cleared(pacer.read(raw, lane=lane, now=now), now=now)

    def close(self) -> None:
        self.broker.close()

    def _send(self, job: Job, *args: int) -> None:
        queue = QUEUE_OF[job]
        try:
            self.broker.declare_queue(queue)
            self.broker.enqueue(Message(queue_name=str(queue), actor_name=str(job), args=args, kwargs={}, options={}))
        except (RedisError, BrokerError, OSError) as error:
            raise _unreachable(error) from error


def _unreachable(error: Exception) -> QueueUnreachable:
    return QueueUnreachable(f"The queue is out of reach ({type(error).__name__}).")


def connect(redis_url: str) -> Queue:
    return Queue(brokers.build(redis_url))


def listening(redis_url: str, hears: Hears) -> AbstractAsyncContextManager[None]:
    """The bot's end of `tell`: `hears` gets the ids, in the running loop, while the block runs."""
    return telling.hosting(redis_url, queue=str(QueueName.TELLING), actor=str(Job.TELL), hears=hears)


def process_name() -> str:
    """Names this process in leases: no two processes ever have the same."""
    return succession.owner_name()


async def let_go_of_the_dead(database: Database) -> None:
    """End the leases of this machine's processes that are no more, such as our own predecessor."""
    await succession.let_go_of_the_dead(database)


def embedded_url(data_dir: Path) -> str:
    """Where the Redis of our own listens, whether or not it runs."""
    return embedded_redis.url(data_dir)


def embedded_program() -> str:
    """The Redis server that would be started; raises ConfigError when this machine has none."""
    return embedded_redis.program()
