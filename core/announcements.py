"""When the City's offices say that they release new appointments, read from their own info texts.

The texts are German sentences with some HTML. A sentence counts if it speaks of appointments being released; of such
a sentence a time counts if it says when that happens, and not when the appointments are. The rest gives nothing.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise
from typing import Final

from core import german_times
from core.cadence import ReleaseWindow
from core.german_times import WEEK, Clock, Weekdays

MOST_READ: Final = 10_000  # characters of a text
LONGEST: Final = 600  # characters of a sentence

_BREAK: Final = "¶"
_BLOCK: Final = re.compile(r"(?i)<\s*/?\s*(?:br|p|div|li|ul|ol|tr|td|h\d)\b[^<>]*>")
_TAG: Final = re.compile(r"<[^<>]*>")
_DASH: Final = re.compile("[\u2010-\u2015\u2212]")
_END: Final = re.compile(rf"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|[;{_BREAK}]")
_GOES_ON: Final = re.compile(r"(?:\b(?:Mo|Di|Mi|Do|Fr|Sa|So|bzw|ca|inkl|max|evtl|ggf|z\. ?B|d\. ?h|u\. ?a)\.|:)$")

_NEW: Final = r"(?:[Nn]eue|[Ww]eitere|[Zz]usätzliche|[Tt]agesaktuelle|[Kk]urzfristige)[nr]?\s+"
_NOUN: Final = re.compile(rf"(?P<new>\b{_NEW})?\bTermine?n?\b")
_VERB: Final = re.compile(r"\b(?:[Ww]erden|[Ww]ird|[Ss]chalten|[Gg]eben|[Ss]tellen|folgen|erfolgt)\b")
_RELEASED: Final = re.compile(
    rf"""(?x)\b(?:freigeschaltet|freigegeben|freizuschalten|bereitgestellt|veröffentlicht)\b
      | \b[Ff]rei(?:schaltung|gabe)\b
      | \b(?:schalten|geben)\b.*\bfrei\b
      | \b{_NEW}Termine\b.*\beingestellt\b
      | \b[Ss]tellen\b.*\b{_NEW}Termine\b.*\b(?:ein|bereit)\b
      | ^(?:.*:\s+)?{_NEW}Termine\b(?!.*{_VERB.pattern})
    """
)
_FOLLOWING: Final = re.compile(r"\bTermine\b.*\bfolgen\b")  # only right after a sentence that spoke of releases
_OF_OTHER_THINGS: Final = re.compile(
    r"""(?xi)\b(?:nicht|kein\w*|nie|außer|ausgenommen|ausnahmsweise|statt|bisher|früher|geöffnet|geschlossen|abgesagt\w*)\b
      | öffnungszeit | sprechzeit | servicezeit | erreichbar | \btelefon(?:isch\w*|nummer)?\b(?!-) | hotline | \btel\b
      | \bmonat | \bferien\b | \bfeiertag | \d\.\s*(?:\d{1,2}\.|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)
    """
)

_FOR: Final = re.compile(r"\bfür\s+(?:den\s+|die\s+)?$")

_LEADS: Final = re.compile(
    r"""(?xi)(?P<same>\btagesaktuell\w*|\b(?:für|am)\s+(?:denselben|den\s+gleichen|gleichen|selben)\s+Tag\b|\bfür\s+heute\b)
      | (?P<next>\b(?:kommende|nächste|folgende)n?\s+Woche\b|\bFolgewoche\b)
      | (?<![\d.,])(?P<several>\d+\s*(?:-|\b(?:bis|oder|und)\b)\s*)?\b(?P<count>\d{1,3})\s+(?P<unit>Tage|Woche)n?\b
    """
)
_UNITS: Final = {"tage": timedelta(days=1), "woche": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A sentence about releases. `window` is None where it names no time that could be read.

    `lead` is how long before an appointment its slot is released: zero for the same day, a week for „kommende Woche“,
    None where the sentence does not say.
    """

    said: str
    window: ReleaseWindow | None = None
    lead: timedelta | None = None


def announcements(text: str) -> tuple[Announcement, ...]:
    """Whatever `text` says about releases, in its order."""
    found: list[Announcement] = []
    speaking = False
    for sentence in _sentences(text):
        speaking = len(sentence) <= LONGEST and _is_about_releases(sentence, already=speaking)
        if speaking:
            found += _read(sentence) or [Announcement(sentence, lead=_lead(sentence))]
    return tuple(found)


def _is_about_releases(sentence: str, *, already: bool) -> bool:
    told = _RELEASED.search(sentence) or (already and _FOLLOWING.search(sentence))
    return bool(told and _NOUN.search(sentence))


def _sentences(text: str) -> Iterator[str]:
    plain = html.unescape(_TAG.sub("", _BLOCK.sub(_BREAK, text[:MOST_READ])))
    begun = ""
    for piece in _END.split(" ".join(_DASH.sub("-", plain).split())):
        begun = f"{begun} {piece.strip()}".strip()
        if begun and not _GOES_ON.search(begun):
            yield begun
            begun = ""
    yield begun


def _read(sentence: str) -> list[Announcement]:
    if _OF_OTHER_THINGS.search(sentence):
        return []
    clocks = german_times.clocks(sentence)
    days = [one for one in german_times.weekdays(sentence) if _says_when(sentence, one.begin)]
    if clocks and len(days) > 1 and clocks[0].begin < days[0].begin:
        return []  # times before their days, or after them: nobody can tell
    return [
        Announcement(sentence, window, lead)
        for clock, lead in zip(clocks, _leads(sentence, clocks), strict=True)
        if _says_when(sentence, clock.begin)
        for window in _windows(_days_of(clock, days), clock)
    ]


def _says_when(sentence: str, place: int) -> bool:
    """Whether what stands here says when appointments are released, rather than when they take place.

    It does unless it belongs to the appointments themselves, as in „Termine am Montag werden … freigeschaltet“.
    """
    before = sentence[:place].rpartition(": ")[2]
    if _FOR.search(before):
        return False
    nouns = list(_NOUN.finditer(before))
    if not nouns or _VERB.search(before, nouns[-1].end()):
        return True
    told = _VERB.search(before, 0, nouns[-1].start()) or not _VERB.search(sentence)
    return bool(nouns[-1]["new"] and told and "," not in before[nouns[-1].end() :])


def _days_of(clock: Clock, days: Sequence[Weekdays]) -> frozenset[int]:
    """Those named last before the time, else those named after it; a sentence that names none means any day."""
    before = [one for one in days if one.begin < clock.begin]
    return before[-1].days if before else days[0].days if days else WEEK


def _windows(days: frozenset[int], clock: Clock) -> Iterator[ReleaseWindow]:
    if clock.opens < clock.closes:
        yield ReleaseWindow(days, clock.opens, clock.closes, "published")
        return
    yield ReleaseWindow(days, clock.opens, time.max, "published")
    if clock.closes > time.min:
        yield ReleaseWindow(frozenset((day + 1) % 7 for day in days), time.min, clock.closes, "published")


def _leads(sentence: str, clocks: Sequence[Clock]) -> Iterator[timedelta | None]:
    """For each time the lead named between the time before it and itself, else the one named after it."""
    begins = [0, *(one.finish for one in clocks)]
    ends = [*(one.begin for one in clocks), len(sentence)]
    between = [_lead(sentence[begin:end]) for begin, end in zip(begins, ends, strict=True)]
    for before, after in pairwise(between):
        yield after if before is None else before


def _lead(words: str) -> timedelta | None:
    """None where no lead is named, or several that differ."""
    named = {_span(one) for one in _LEADS.finditer(words)}
    return named.pop() if len(named) == 1 else None


def _span(lead: re.Match[str]) -> timedelta | None:
    if lead["several"]:
        return None
    if lead["count"]:
        return int(lead["count"]) * _UNITS[lead["unit"].lower()]
    return timedelta(0) if lead["same"] else _UNITS["woche"]
