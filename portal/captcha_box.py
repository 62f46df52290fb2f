"""The City's box "Ich bin kein Bot." before the calendar of some offices.

Its description says that it is there to tell people from programs, so who ticks it is the operator's decision
(`captcha`): the page's own widget in our browser, or a person. Whatever asks for more than the box goes to a person.
"""

import re
from typing import Literal

from core.errors import CaptchaNeedsPerson, MtaError, PortalChanged
from portal import contract
from portal.controls import control, css, role
from portal.replies import Reply
from portal.visit import Visit

Policy = Literal["browser", "person", "stop"]

BOX = control(
    "captcha box",
    role("checkbox", "Ich bin kein Bot."),
    role("checkbox", re.compile(r"kein Bot", re.IGNORECASE)),
    css("altcha-widget input[type=checkbox]"),
)


async def pass_box(visit: Visit, policy: Policy) -> None:
    """Get the box ticked as the policy says; raises CaptchaNeedsPerson where that takes a person."""
    details = await visit.answer(contract.CAPTCHA_DETAILS)
    if not contract.read_captcha_enabled(details):
        raise CaptchaNeedsPerson("The City demands its captcha and has switched it off.")
    box = await visit.control(BOX)
    if policy != "browser":
        raise CaptchaNeedsPerson("The City's captcha box is left to a person here.")
    since = visit.wire.mark
    await visit.hand.tick(box)
    await _verified(visit, since=since)


async def _verified(visit: Visit, *, since: int) -> None:
    try:
        reply = await visit.answer(
            contract.CAPTCHA_VERIFY,
            contract.CAPTCHA_CHALLENGE,
            since=since,
            accept=lambda reply: reply.endpoint == contract.CAPTCHA_VERIFY or not _given(reply),
        )
    except PortalChanged as error:
        raise CaptchaNeedsPerson("The City's captcha asks for more than its box.") from error
    if reply.endpoint == contract.CAPTCHA_CHALLENGE:
        contract.captcha_challenge_given(reply)
        raise CaptchaNeedsPerson("The City's captcha service does not work.")
    if not contract.captcha_passed(reply):
        raise CaptchaNeedsPerson("The City's captcha did not accept the box.")


def _given(reply: Reply) -> bool:
    try:
        return contract.captcha_challenge_given(reply)
    except MtaError:
        return False
