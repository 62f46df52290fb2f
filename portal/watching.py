"""The border to Playwright: whatever it raises inside a verb becomes ours, and a surprise leaves evidence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from core.errors import AnswerLost, Blocked, BrowserIll, Maintenance, PortalChanged, SiteUnreachable
from portal.evidence import Evidence
from portal.visit import Visit


@asynccontextmanager
async def watched(visit: Visit, evidence: Evidence, name: str, *, traced: bool = True) -> AsyncIterator[list[str]]:
    """Trace while the body runs, unless it handles personal details.

    The list holds the files that were kept once PortalChanged or AnswerLost leaves it.
    """
    kept: list[str] = []
    if traced:
        await evidence.watch(visit)
    try:
        async with _translated(visit):
            yield kept
    except (PortalChanged, AnswerLost) as error:
        visit.standing = None
        kept.extend(await evidence.keep(visit, name))
        error.add_note(f"kept: {', '.join(kept)}")
        raise
    finally:
        await evidence.forget(visit)


@asynccontextmanager
async def _translated(visit: Visit) -> AsyncIterator[None]:
    try:
        yield
    except PlaywrightTimeoutError as error:
        raise PortalChanged("A control of the page could not be used in time.", expected="usable control") from error
    except PlaywrightError as error:
        visit.lease.retire("lost")
        raise BrowserIll("The page was lost under us.") from error
    except BrowserIll:
        visit.lease.retire("lost")
        raise
    except (Maintenance, Blocked, SiteUnreachable):
        visit.lease.retire("down")  # a page that shows the City's downtime asks anew each 30 s, granted or not
        raise
