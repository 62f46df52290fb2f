"""Every error MTA raises on purpose, in one tree.

MtaError
├── Transient(retry_in)          worth another try, by the queue
│   ├── Throttled                the City asked us to wait (429)
│   ├── Maintenance              the City says it is being worked on
│   ├── SiteUnreachable          no answer, or an answer from something that is not the City's API
│   ├── SessionExpired           captcha token or page session ran out: the step starts again
│   ├── AnswerLost               a click was made and its answer never came: ask the City, never click again
│   └── BrowserIll               the page or the browser died under us
├── Permanent                    never retried
│   ├── SlotGone                 somebody else has the slot: try the next one
│   ├── HoldLost                 the hold ran out or was removed at the City
│   ├── Refused(code)            the City says no, finally (too many appointments with this mail, ...)
│   ├── Blocked                  this address is locked out
│   ├── CaptchaNeedsPerson       more than the box, or the policy leaves the box to the person
│   ├── BadInput(field, hint)    what a person typed cannot work, with what to do instead
│   ├── ConfigError              a setting is wrong
│   └── BrowserMissing           no browser found on this machine
└── PortalChanged(evidence)      the page or its API is not the one we know
"""

from datetime import timedelta


class MtaError(Exception):
    """An error with a sentence for a person; never holds names, addresses, keys or tokens."""


class Transient(MtaError):
    def __init__(self, message: str, *, retry_in: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(message)
        self.retry_in = retry_in


class Throttled(Transient):
    pass


class Maintenance(Transient):
    pass


class SiteUnreachable(Transient):
    pass


class SessionExpired(Transient):
    pass


class AnswerLost(Transient):
    pass


class BrowserIll(Transient):
    pass


class Permanent(MtaError):
    pass


class SlotGone(Permanent):
    pass


class HoldLost(Permanent):
    pass


class Refused(Permanent):
    """The City's own final refusal; `code` is its errorCode, or one of ours where the page has no code."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class Blocked(Permanent):
    pass


class CaptchaNeedsPerson(Permanent):
    pass


class BadInput(Permanent):
    """Something a person gave cannot work. `field` names it in the person's words; `hint` says what to do.

    `code` is what the bot's texts call it in both languages, with `facts` for their placeholders.
    """

    def __init__(self, message: str, *, field: str = "", hint: str = "", code: str = "", **facts: int | str) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.field = field
        self.hint = hint
        self.code = code
        self.facts = facts


class ConfigError(Permanent):
    pass


class BrowserMissing(Permanent):
    pass


class PortalChanged(MtaError):
    """The page or its API is not the one we know. `expected` names the control or field that was missed."""

    def __init__(self, message: str, *, expected: str = "") -> None:
        super().__init__(message)
        self.expected = expected
