"""A worker process: one event loop, one browser, some threads that wait for jobs on it."""

import signal
import threading
from collections.abc import Coroutine
from typing import Any

import dramatiq
import structlog
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from workers import broker as brokers
from workers import jobs
from workers.runtime import Runtime

IDLE_POLL_MS = 100  # picks a job up in about 40 ms, for 3.6 % of a core
STOP_WITHIN_MS = 60_000

log = structlog.get_logger()


class RuntimeLife(Middleware):
    """Starts the runtime on the event loop before the first job and stops it after the last one."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.failure: BaseException | None = None

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        try:
            _on_loop(self._runtime.start())
        except BaseException as error:  # Dramatiq only logs what a hook raises, and would run on without a browser
            self.failure = error
            raise

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        _on_loop(self._runtime.stop())


def run(runtime: Runtime, *, redis_url: str, threads: int) -> None:
    """Work until SIGTERM or SIGINT; raises what kept the runtime from starting."""
    life = RuntimeLife(runtime)
    broker = brokers.build(redis_url, resources=[life])
    jobs.declare(broker, runtime)
    worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=IDLE_POLL_MS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.start()
    try:
        if life.failure is None:
            log.info("worker.ready", owner=runtime.owner)
            stop.wait()
    finally:
        worker.stop(timeout=STOP_WITHIN_MS)
        broker.close()
    if life.failure is not None:
        raise life.failure


def _on_loop(work: Coroutine[Any, Any, None]) -> None:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("the event loop starts before the runtime: see the order in workers.broker")
    thread.run_coroutine(work)
