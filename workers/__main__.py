"""Entry of the worker side: python -m workers worker|scheduler|redis. Settings are read here and passed on."""

import asyncio
import random
import signal
import sys
from pathlib import Path

import structlog

from browser_profiles.pool import Pool
from config import logs, settings, telemetry, wiring
from config.settings import Settings
from core.errors import ConfigError, MtaError
from portal.portal import Portal
from workers import embedded_redis, pacer, queue, scheduler, worker
from workers.pacer import Pacer
from workers.runtime import Pace, Runtime
from workers.succession import owner_name

log = structlog.get_logger()


def main(role: str) -> int:
    logs.set_up(level="info", style="console")
    try:
        chosen = settings.load()
        logs.set_up(level=chosen.log_level, style=chosen.log_format, file=log_file(chosen, role))
        telemetry.set_up(role=role, folder=chosen.data_dir / "traces" if chosen.traces else None)
        match role:
            case "worker":
                work(chosen)
            case "scheduler":
                asyncio.run(schedule(chosen))
            case "redis":
                asyncio.run(serve_redis(chosen.data_dir))
            case _:
                raise ConfigError(f"“{role}” is not a role: worker, scheduler or redis.")
    except MtaError as error:
        log.warning("process.refused", role=role, reason=str(error))
        return 1
    return 0


def work(chosen: Settings) -> None:
    keyring = wiring.keyring(chosen)
    sending = queue.connect(redis_url(chosen))
    worker.run(
        Runtime(
            database=wiring.database(chosen, keyring, heard=wiring.heard(chosen, sending.announce)),
            keyring=keyring,
            pool=Pool(wiring.pool(chosen)),
            portal=Portal(wiring.portal(chosen)),
            queue=sending,
            pacer=pacer_of(chosen),
            pace=Pace(
                interval=chosen.look_interval,
                dense_interval=chosen.look_dense_interval,
                caps=wiring.caps(chosen),
                most_offers=max(1, chosen.max_pages // 2),
            ),
            site_url=chosen.site_url,
            lane=chosen.lane,
            owner=owner_name(),
            artifacts=chosen.artifacts_dir,
            rng=random.Random(),
            mailbox=wiring.mailbox(chosen),
        ),
        redis_url=redis_url(chosen),
        threads=chosen.worker_threads,
    )


async def schedule(chosen: Settings) -> None:
    sending = queue.connect(redis_url(chosen))
    keyring = wiring.keyring(chosen)
    database = wiring.database(chosen, keyring, heard=wiring.heard(chosen, sending.announce))
    stop = stopped_by_signal()
    paced = pacer_of(chosen)
    log.info("scheduler.ready")
    try:
        await scheduler.run(
            database,
            sending,
            paced,
            lane=chosen.lane,
            owner=owner_name(),
            rhythm=scheduler.Rhythm(),
            reads_mailbox=wiring.mailbox(chosen) is not None,
            site_url=chosen.site_url,
            stop=stop,
        )
    finally:
        await paced.close()


async def serve_redis(data_dir: Path) -> None:
    stop = stopped_by_signal()
    async with embedded_redis.running(data_dir) as child:
        log.info("redis.ready")
        ended = asyncio.create_task(child.wait())
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if not stop.is_set():
            raise ConfigError("The embedded Redis ended by itself; see redis.log in the data folder.")


def stopped_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def pacer_of(chosen: Settings) -> Pacer:
    return pacer.connect(
        redis_url(chosen),
        lane=chosen.lane,
        reserve=chosen.look_reserve,
        window=chosen.look_window,
        quiet_hours=chosen.quiet_hours,
        owner=owner_name(),
    )


def redis_url(chosen: Settings) -> str:
    return wiring.redis_url(chosen, embedded=embedded_redis.url(chosen.data_dir))


def log_file(chosen: Settings, role: str) -> Path | None:
    return chosen.data_dir / "logs" / f"{role}.log" if chosen.log_to_files else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
