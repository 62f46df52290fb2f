"""What the City's pages are known to show besides the controls that are used: words, headings, the box of news."""

import re
from collections.abc import Sequence
from typing import Final

from core.looks import Dialect
from portal.controls import Control, control, css, role

APP = control("booking element", css("zms-appointment-wrapped"))
DURATION = control("duration", lambda place: place.get_by_text("Voraussichtliche Termindauer:", exact=True))
COMBINABLE = control("heading of the further services", role("heading", "Kombinierbare Leistungen", level=3))
PLACE = control("heading of the places", role("heading", "Ort", level=2), role("heading", "Ort"))
TIMES = control("heading of the day's times", role("heading", "Verfügbare Termine", level=3))
NOTHING_FREE = control("words for nothing free", role("heading", re.compile(r"^Aktuell ist kein Termin verfügbar")))
NEWS = control("Wann gibt es neue Termine?", role("button", "Wann gibt es neue Termine?"))
NEWS_OPEN = control("open news", role("dialog"))
_TIME_WORDS: Final = {Dialect.FEB: "Zeit", Dialect.AUG: "Datum und Uhrzeit"}
_CLOSE_WORDS: Final = {Dialect.FEB: "Dialog schließen", Dialect.AUG: "Dialog schliessen"}
_HEADLINES: Final = re.compile(
    r"Leistung|Ort|Ausgewählter Termin|Wann gibt es neue Termine\?|Schritt \d ?von \d:.*|Aktuell ist kein Termin.*"
)


def time_heading(dialect: Dialect) -> Control:
    """Each generation has its own word; the other one's would be drift."""
    words = [_TIME_WORDS[dialect], *(word for one, word in _TIME_WORDS.items() if one is not dialect)]
    return control("heading of the times", *(role("heading", word, level=2) for word in words))


def close_news(dialect: Dialect) -> Control:
    return control(
        "close the news", role("button", _CLOSE_WORDS[dialect]), role("button", re.compile("schlie(ß|ss)en"))
    )


def unknown(headlines: Sequence[str], dialect: Dialect) -> list[str]:
    """Those of the page's second level that no generation's steps up to the calendar have."""
    return [one for one in headlines if one != _TIME_WORDS[dialect] and not _HEADLINES.fullmatch(one)]
