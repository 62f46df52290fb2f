"""Telegram's limits, kept before it must say so.

Thirty messages a second in all, twenty a minute in a group, and one a second in a chat, with short bursts.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import AIORateLimiter

A_SECOND, AT_ONCE = 30, 5  # messages in all, and how many of them may come together
BURST = 3  # messages that may come at once in a chat; thereafter one a second
WORTH_WAITING = 5.0  # seconds that a person at the screen is made to wait; a longer flood is for the outbox
STUMBLES = 1.0  # seconds until a server of Telegram's that fell over is asked again
KEPT = 1024  # chats whose pace is remembered, at least while it matters
_NEW_MESSAGES = frozenset({"sendMessage", "sendPhoto", "sendDocument", "sendVenue", "sendLocation"})

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Sends = Callable[..., Coroutine[Any, Any, Answer]]


class Limits(AIORateLimiter):
    """`rate_limit_args` is how often a short flood or a failure may be waited out; without it both are raised."""

    def __init__(self, *, a_second: float = A_SECOND, burst: float = BURST) -> None:
        super().__init__(overall_max_rate=AT_ONCE, overall_time_period=AT_ONCE / a_second, max_retries=0)
        self._burst = burst
        self._chats: dict[int, AsyncLimiter] = {}

    @property
    def is_calm(self) -> bool:
        """Whether half of what may come together could leave at once."""
        return self._base_limiter is None or self._base_limiter.has_capacity(AT_ONCE / 2)

    async def process_request(  # noqa: PLR0917  # the library's signature
        self,
        callback: Sends,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        for _ in range(rate_limit_args or 0):
            try:
                return await self._paced(callback, args, kwargs, endpoint, data)
            except RetryAfter as flood:
                if seconds(flood) > WORTH_WAITING:
                    raise
                await asyncio.sleep(seconds(flood))
            except NetworkError as lost:
                if isinstance(lost, (BadRequest, TimedOut)):  # no loss, and no quick one
                    raise
                await asyncio.sleep(STUMBLES)
        return await self._paced(callback, args, kwargs, endpoint, data)

    async def _paced(
        self, callback: Sends, args: Any, kwargs: dict[str, Any], endpoint: str, data: dict[str, Any]
    ) -> Answer:
        chat_id = data.get("chat_id")
        if endpoint in _NEW_MESSAGES and isinstance(chat_id, int) and chat_id > 0:  # groups have a pace of their own
            await self._chat(chat_id).acquire()
        return await super().process_request(callback, args, kwargs, endpoint, data, None)

    def _chat(self, chat_id: int) -> AsyncLimiter:
        if len(self._chats) > KEPT:
            self._chats = {one: pace for one, pace in self._chats.items() if not pace.has_capacity(self._burst)}
        return self._chats.setdefault(chat_id, AsyncLimiter(self._burst, BURST))


def seconds(flood: RetryAfter) -> float:
    """How long Telegram asks to wait, whichever of its two types the library gives."""
    wait = flood.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
