"""python -m tests.pictures [NAME …]: plays the conversations and paints docs/pictures/NAME-LANGUAGE.png."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from redis import Redis

from config import logs
from tests.pictures import painting
from tests.pictures.page import page
from tests.pictures.playing import play
from tests.pictures.script import Script
from tests.pictures.scripts import EVERY
from workers import embedded_redis

PICTURES = Path(__file__).parents[2] / "docs/pictures"


async def main(names: list[str]) -> int:
    logs.set_up(level="warning", style="console")
    wanted = [one for one in EVERY if not names or one.name in names]
    if unknown := set(names) - {one.name for one in wanted}:
        sys.stderr.write(f"There is no script {', '.join(sorted(unknown))}: see tests/pictures/scripts.py\n")
        return 2
    PICTURES.mkdir(exist_ok=True)
    browser_path = Path(os.environ["MTA_BROWSER_PATH"]) if os.environ.get("MTA_BROWSER_PATH") else None
    with tempfile.TemporaryDirectory(prefix="mta-pictures-") as name:
        folder = Path(name)
        async with embedded_redis.running(folder), painting.easel(browser_path) as browser:
            for script in wanted:
                for language in script.languages:
                    sheet = await _sheet(script, language, folder)
                    path = PICTURES / f"{script.name}-{language}.png"
                    if path.exists() and painting.digest_of(path) == painting.digest(sheet):
                        continue
                    path.write_bytes(await painting.paint(browser, sheet))
                    sys.stdout.write(f"{path.relative_to(Path.cwd())}  {path.stat().st_size / 1024:.0f} KiB\n")
    return 0


async def _sheet(script: Script, language: str, folder: Path) -> str:
    own = folder / f"{script.name}-{language}"
    Redis.from_url(embedded_redis.url(folder)).flushall()  # queues are shown to operators
    return page(
        await play(script, language, folder=own, redis_url=embedded_redis.url(folder)), language, newest=script.newest
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
