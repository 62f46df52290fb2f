"""The way to Telegram's servers: connections that are kept open between requests, and may be closed as one is used."""

import asyncio
from typing import Any

import httpx
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

_CUT = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


class Line(HTTPXRequest):
    """At most `connections` at once; each request makes the library look at all that are open, so they are few.

    Asks once more, on another connection, where one ended without an answer. What was asked may have been done all the
    same: a message may then come twice, which is better than none.
    """

    def __init__(self, *, connections: int, **kwargs: Any) -> None:
        super().__init__(connection_pool_size=connections, **kwargs)
        self._room = asyncio.Semaphore(connections)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        async with self._room:
            try:
                return await super().do_request(*args, **kwargs)
            except NetworkError as error:
                if not isinstance(error.__cause__, _CUT):
                    raise
            return await super().do_request(*args, **kwargs)
