"""playwright-stealth, held to the patches a profile lists.

Its defaults claim another platform and language than the machine has, and patched getters can be seen from the
page and are missing in workers. So user agent, client hints, languages and the automation flag are done by
`identity` without any script, and only listed patches are applied as init scripts.
"""

from typing import Final

from playwright.async_api import BrowserContext
from playwright_stealth import ALL_EVASIONS_DISABLED_KWARGS, Stealth

from browser_profiles.profiles import Flavour, PatchName, Profile

_NOTHING: Final = frozenset[PatchName]()


def patches(profile: Profile, flavour: Flavour) -> frozenset[PatchName]:
    return _NOTHING if profile.stealth is None else profile.stealth.of(flavour)


async def apply(context: BrowserContext, *, chosen: frozenset[PatchName]) -> None:
    if not chosen:
        return
    switches = ALL_EVASIONS_DISABLED_KWARGS | dict.fromkeys(chosen, True)
    stealth = Stealth(
        init_scripts_only=True,
        navigator_languages_override=None,
        navigator_platform_override=None,
        **switches,
    )
    await stealth.apply_stealth_async(context)
