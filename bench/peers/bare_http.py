"""The page's own questions from a bare HTTP client: python -m bench.peers.bare_http FILE.

The file holds a bench.looks.Order as JSON. No page stands behind the questions, so this is what an answer costs at
least and no way to look: where the City asks for its captcha, it gets none.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx

from bench.peers import batches
from bench.peers.batches import Meanwhile


async def main(order: dict[str, Any]) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:

        async def look(meanwhile: Meanwhile) -> None:
            batches.check([(await client.get(address)).text for address in order["addresses"]], order["moments"])
            await meanwhile()

        await batches.serve(look)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
