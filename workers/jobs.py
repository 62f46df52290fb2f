"""THE TABLE of jobs: what runs, on which queue, for how long at most, and how often again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dramatiq
import structlog
from dramatiq.errors import Retry

from core.errors import Transient
from workers.book import book
from workers.cancel import cancel
from workers.catalogue import catalog
from workers.confirm import confirm
from workers.guard import mailbox
from workers.look import look
from workers.queue import QUEUE_OF, Job
from workers.reconcile import reconcile
from workers.runtime import Runtime
from workers.verify import verify

MARGIN = timedelta(seconds=10)  # our own timeout fires this long before Dramatiq's, while cleaning up is still ours


@dataclass(frozen=True, slots=True)
class Entry:
    """`limit` is our own timeout. `keeps` is how long a message is worth running; None is for ever.

    `retries` count only for core.errors.Transient; anything else is never run again by the queue.
    """

    job: Job
    run: Callable[..., Awaitable[None]]
    limit: timedelta
    keeps: timedelta | None = None
    retries: int = 0


TABLE = (
    Entry(Job.LOOK, look, limit=timedelta(seconds=260), keeps=timedelta(seconds=120)),
    Entry(Job.BOOK, book, limit=timedelta(seconds=150)),
    Entry(Job.CONFIRM, confirm, limit=timedelta(seconds=90), retries=3),
    Entry(Job.CANCEL, cancel, limit=timedelta(seconds=90)),
    Entry(Job.VERIFY, verify, limit=timedelta(seconds=75), keeps=timedelta(seconds=20)),
    Entry(Job.MAILBOX, mailbox, limit=timedelta(seconds=75), keeps=timedelta(seconds=10)),
    Entry(Job.CATALOG, catalog, limit=timedelta(seconds=90), keeps=timedelta(minutes=5), retries=3),
    Entry(Job.RECONCILE, reconcile, limit=timedelta(seconds=240), keeps=timedelta(seconds=60)),
)

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, runtime: Runtime) -> None:
    for entry in TABLE:
        dramatiq.Actor[..., None](
            _bound(entry, runtime),
            broker=broker,
            actor_name=str(entry.job),
            queue_name=str(QUEUE_OF[entry.job]),
            priority=0,
            options=_options(entry),
        )


def _options(entry: Entry) -> dict[str, Any]:
    options: dict[str, Any] = {
        "time_limit": _milliseconds(entry.limit + MARGIN),
        "max_retries": entry.retries,
        "retry_when": lambda retries, error: isinstance(error, Retry) and retries < entry.retries,
    }
    return options | ({"max_age": _milliseconds(entry.keeps)} if entry.keeps else {})


def _bound(entry: Entry, runtime: Runtime) -> Callable[..., Awaitable[None]]:
    async def run(*args: int) -> None:
        with structlog.contextvars.bound_contextvars(job=str(entry.job)):
            try:
                async with asyncio.timeout(entry.limit.total_seconds()):
                    await entry.run(runtime, *args)
            except Transient as error:
                log.warning("job.postponed", reason=type(error).__name__, args=args)
                raise Retry(str(error), delay=_milliseconds(error.retry_in)) from error

    run.__name__ = str(entry.job)
    return run


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
