"""The profiles in real Chromium: where a browser contradicts itself, as far as a page can look."""

from typing import get_args

import pytest

from browser_profiles import profiles
from browser_profiles.profiles import Flavour, Patches, PatchName, Profile
from tests.browser_fixtures import LocalSite, OpenPool
from tests.portal import coherence
from tests.portal.coherence import Portrait

# Measured with Chromium 156; what is left cannot be reached from a page's DevTools (shared workers) or is the
# order in which playwright-stealth builds the chrome object. The City's page uses neither.
LEFT: dict[Flavour, set[str]] = {
    "shell": {
        "nothing the page reads says headless",
        "the shared worker has the same hints",
        "the shared worker speaks the same language",
        "the chrome object is in its own order",
    },
    "chromium": {"the shared worker has the same hints"},
}
HONEST = {
    "the page is not told of a driver",
    "the iframe is not told of a driver",
    "nothing the page reads says headless",
    "no header says headless",
}


@pytest.fixture(params=get_args(Flavour))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    chosen: Flavour = request.param
    return chosen


async def portrait_of(profile: Profile, *, open_pool: OpenPool, site: LocalSite) -> Portrait:
    pool = await open_pool(profile=profile)
    if pool.found is None or pool.found.flavour != profile.flavour:
        pytest.skip(f"no Chromium of flavour {profile.flavour} on this machine")
    async with pool.lease("portrait") as lease:
        return await coherence.paint(lease.page, site)


async def test_a_visitor_contradicts_itself_nowhere_but_where_we_know(
    flavour: Flavour, open_pool: OpenPool, local_site: LocalSite
) -> None:
    visitor = profiles.load("visitor").model_copy(update={"flavour": flavour})

    portrait = await portrait_of(visitor, open_pool=open_pool, site=local_site)

    assert set(coherence.contradictions(portrait)) <= LEFT[flavour]


async def test_page_headers_and_worker_of_a_visitor_never_say_headless(
    flavour: Flavour, open_pool: OpenPool, local_site: LocalSite
) -> None:
    visitor = profiles.load("visitor").model_copy(update={"flavour": flavour})

    portrait = await portrait_of(visitor, open_pool=open_pool, site=local_site)

    told = [portrait.scope(name) for name in ("page", "frame", "worker")]
    assert "eadless" not in f"{told} {portrait.headers}"


async def test_every_patch_at_once_would_contradict_more(
    flavour: Flavour, open_pool: OpenPool, local_site: LocalSite
) -> None:
    every = frozenset[PatchName](get_args(PatchName))
    visitor = profiles.load("visitor").model_copy(
        update={"flavour": flavour, "stealth": Patches(shell=every, chromium=every)}
    )

    portrait = await portrait_of(visitor, open_pool=open_pool, site=local_site)

    assert len(coherence.contradictions(portrait)) > len(LEFT[flavour])


async def test_an_identified_browser_says_openly_what_it_is(
    flavour: Flavour, open_pool: OpenPool, local_site: LocalSite
) -> None:
    identified = profiles.load("identified", operator_contact="https://example.org/pace").model_copy(
        update={"flavour": flavour}
    )

    portrait = await portrait_of(identified, open_pool=open_pool, site=local_site)

    assert set(coherence.contradictions(portrait)) >= HONEST
    assert {portrait.header("user-agent", of=path) for path in coherence.ASKED} == {portrait.page["userAgent"]}
    assert "MunichTerminAutomator (operator; https://example.org/pace)" in portrait.header("user-agent")


async def test_two_pages_of_one_browser_look_the_same(open_pool: OpenPool, local_site: LocalSite) -> None:
    pool = await open_pool(profile=profiles.load("visitor"))

    async with pool.lease("one") as one, pool.lease("two") as two:
        first = await coherence.paint(one.page, local_site)
        second = await coherence.paint(two.page, local_site)

    assert first.page == second.page
    assert first.headers["/portrait"] == second.headers["/portrait"]
