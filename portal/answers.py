"""Which answer of a look an error is."""

from collections.abc import Mapping
from typing import Final

from core.errors import (
    AnswerLost,
    Blocked,
    BrowserIll,
    CaptchaNeedsPerson,
    Maintenance,
    MtaError,
    PortalChanged,
    SessionExpired,
    SiteUnreachable,
    Throttled,
)
from core.looks import Answer

ANSWERS: Final[Mapping[type[MtaError], Answer]] = {
    Throttled: Answer.THROTTLED,
    Blocked: Answer.BLOCKED,
    CaptchaNeedsPerson: Answer.CAPTCHA,
    Maintenance: Answer.MAINTENANCE,
    PortalChanged: Answer.CHANGED,
    **dict.fromkeys((SiteUnreachable, SessionExpired, AnswerLost, BrowserIll), Answer.FAILED),
}
