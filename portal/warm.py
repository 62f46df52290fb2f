"""A page that stays where it was opened: its own availability request is repeated inside it instead of a new visit.

Such a page lasts until its captcha token nears its end or its day is over, since it goes on counting from the day it
was opened on. Pages without a captcha wait at the service step, from where "Weiter" draws a fresh calendar at once.
"""

import base64
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.slots import BERLIN
from portal import contract_feb, service_step
from portal.looking import Asking, Findings, gather, request_for
from portal.visit import Standing, Visit

TOKEN_LASTS = timedelta(seconds=300)  # the City's default, for a token that does not say
BEFORE_ITS_END = timedelta(seconds=45)  # a booking that begins on the page takes the token along to its reservation


def lasts(standing: Standing, *, now: datetime) -> bool:
    if standing.opened_at.astimezone(BERLIN).date() != now.astimezone(BERLIN).date():
        return False
    token = standing.captcha_token
    return not token or now < standing.opened_at + _life(token) - BEFORE_ITS_END


async def look_again(visit: Visit, standing: Standing, asking: Asking) -> Findings:
    """What is free now, without a new visit. Raises SessionExpired when the page has to be opened anew after all."""
    visit.wire.begin()
    visit.standing = await _at_its_place(visit, standing)
    visit.wire.rest()
    heard = await visit.fetch(_first_request(visit, standing, asking))
    return await gather(visit, standing, [heard], asking)


async def _at_its_place(visit: Visit, standing: Standing) -> Standing:
    """What the page drew is older than what it is about to be told."""
    at_service = standing.waits_at_service
    if not at_service and not standing.captcha_token:
        await service_step.come_back(visit)
        at_service = True
    return replace(standing, drawn_at=None, waits_at_service=at_service)


def _first_request(visit: Visit, standing: Standing, asking: Asking) -> str:
    """February: the days. August: this month, with the times of its day that was read longest ago."""
    if standing.days.endpoint == contract_feb.DAYS:
        return standing.days.url
    today, read_at = asking.now.astimezone(BERLIN).date(), visit.memory.read_at
    known = [day for day in visit.memory.days if _same_month(day, today) and asking.takes_day(day)]
    return request_for(standing, min(known, key=lambda day: (read_at.get(day, standing.opened_at), day), default=today))


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _life(token: str) -> timedelta:
    """How long the City lets a token be used, by the token's own dates; its clock may differ from ours."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return timedelta(seconds=min(int(claims["exp"]) - int(claims["iat"]), 86_400))
    except (IndexError, KeyError, TypeError, ValueError):
        return TOKEN_LASTS
