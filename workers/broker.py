"""The one place that knows how our Dramatiq broker is built. Figures: a killed worker's messages come back in 15 s."""

from collections.abc import Iterable

from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, Middleware, Retries, ShutdownNotifications, TimeLimit
from dramatiq.middleware.asyncio import AsyncIO

from workers.tracing import Tracing

NAMESPACE = "mta"
HEARTBEAT_MS = 15_000
ALWAYS_MAINTAIN = 1_000_000  # of a million: at the default of 1,000 a dead worker's messages wait for many minutes
TIME_LIMIT_CHECK_MS = 250
FIRST_RETRY_MS = 1_000


def build(redis_url: str, *, resources: Iterable[Middleware] = ()) -> RedisBroker:
    """A broker on `redis_url` (redis://, rediss:// or unix://). `resources` start after the event loop, stop before."""
    return RedisBroker(  # type: ignore[no-untyped-call]  # Dramatiq leaves its Redis broker untyped
        url=redis_url,
        namespace=NAMESPACE,
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=ALWAYS_MAINTAIN,
        middleware=[
            AgeLimit(),
            TimeLimit(interval=TIME_LIMIT_CHECK_MS),
            ShutdownNotifications(notify_shutdown=False),
            Retries(max_retries=0, min_backoff=FIRST_RETRY_MS),
            AsyncIO(),
            Tracing(),
            *resources,
        ],
    )


def build_plain(redis_url: str) -> RedisBroker:
    """As `build`, for a process that has an event loop of its own: no loop is started beside it."""
    return RedisBroker(  # type: ignore[no-untyped-call]  # as above
        url=redis_url,
        namespace=NAMESPACE,
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=ALWAYS_MAINTAIN,
        middleware=[AgeLimit(), Retries(max_retries=0, min_backoff=FIRST_RETRY_MS), Tracing()],
    )
