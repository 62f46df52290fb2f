"""A way to look, served line by line: `look 10 1.5` does at least ten looks, and looks on until 1.5 s have passed.

`stand` looks once and stays where the answer is seen until another line comes, so that its memory can be measured.
Each line is answered with one line of JSON. The end of the input ends it.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Meanwhile = Callable[[], Awaitable[None]]
Look = Callable[[Meanwhile], Awaitable[None]]


class NotSeen(Exception):
    """A look that did not see what is free is no look: the whole bench ends."""


async def nothing() -> None:
    """What is done while an answer is seen, usually."""


async def serve(look: Look) -> None:
    lines = await spoken()

    async def stand() -> None:
        say(standing=True)
        await lines.readline()

    say(ready=True)
    while words := (await lines.readline()).decode().split():
        if words[0] == "stand":
            await look(stand)
            say(stood=True)
        else:
            say(**await _batch(look, least=int(words[1]), seconds=float(words[2])))


def check(answers: Sequence[str], moments: Sequence[int]) -> None:
    """The last answer has the times, if there are any."""
    if not answers[-1] or not all(str(moment) in answers[-1] for moment in moments):
        raise NotSeen("The City's answer lacks times that are free.")


async def _batch(look: Look, *, least: int, seconds: float) -> dict[str, Any]:
    began, done = time.monotonic(), 0
    while done < least or time.monotonic() - began < seconds:
        await look(nothing)
        done += 1
    return {"looks": done, "seconds": time.monotonic() - began}


async def spoken() -> asyncio.StreamReader:
    """What the meter's side says, line by line."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def say(**facts: Any) -> None:
    """Answer with one line."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
