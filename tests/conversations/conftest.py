"""Whole machines, one for each generation of the City's site, that several conversations share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from rehearsal.settings import Dialect
from tests.conversations.machine import Machine, running

OpenMachine = Callable[..., Awaitable[Machine]]


@pytest.fixture(scope="module")
async def open_machine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpenMachine]:
    async with AsyncExitStack() as stack:

        async def opens(dialect: Dialect, *, smtp: str | None = None, **settings: str) -> Machine:
            home = tmp_path_factory.mktemp("home")
            return await stack.enter_async_context(running(home, dialect=dialect, smtp=smtp, **settings))

        yield opens
