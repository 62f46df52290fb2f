"""What the offices publish about releases is read where it can be, and never guessed where it cannot."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.announcements import announcements
from core.cadence import ReleaseWindow

EVERY_DAY, WORKING_DAYS = "0123456", "01234"
GERMAN = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
TODAY, WEEK, TWO_WEEKS, SIX_WEEKS = (timedelta(days=days) for days in (0, 7, 14, 42))


def shown(window: ReleaseWindow | None) -> str:
    if window is None:
        return "none"
    end = "24:00" if window.end == time.max else f"{window.end:%H:%M}"
    return f"{''.join(map(str, sorted(window.weekdays)))} {window.start:%H:%M}-{end}"


def read(text: str) -> list[str]:
    return [shown(one.window) for one in announcements(text)]


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("Neue Termine werden Mo-Fr von 7 bis 8 Uhr freigeschaltet.", ["01234 07:00-08:00"]),
        ("Neue Termine werden Mo. bis Fr. zwischen 7 Uhr und 8 Uhr freigegeben.", ["01234 07:00-08:00"]),
        ("Von Montag bis Mittwoch geben wir zwischen 7:30 und 8.30 Uhr Termine frei.", ["012 07:30-08:30"]),
        ("Montags und donnerstags schalten wir um 12 Uhr Termine frei!", ["03 12:00-12:15"]),
        ("Di, Mi sowie Sa stellen wir 07:00 - 08:30 neue Termine bereit.", ["125 07:00-08:30"]),
        ("Täglich werden neue Termine zwischen 10 und 11 Uhr eingestellt.", ["0123456 10:00-11:00"]),
        ("Die Freischaltung neuer Termine erfolgt an Werktagen zwischen 6 und 7 Uhr.", ["012345 06:00-07:00"]),
        ("Am Wochenende schalten wir zwischen 9 und 10 Uhr Termine frei.", ["56 09:00-10:00"]),
        ("Termine werden von Freitag bis Montag um 0 Uhr freigeschaltet.", ["0456 00:00-00:15"]),
        ("Wir schalten zwischen 7 und 8 Uhr (Mo–Fr) Termine frei.", ["01234 07:00-08:00"]),
        ("Termine werden über Nacht freigeschaltet.", ["0123456 00:00-06:00"]),
        ("Termine werden freitags von 22 bis 24 Uhr freigeschaltet.", ["4 22:00-24:00"]),
        ("Sonntags werden neue Termine von 22 bis 2 Uhr freigeschaltet.", ["6 22:00-24:00", "0 00:00-02:00"]),
        ("Neue Termine: Mo–Do 7–8 Uhr, Fr und Sa 9–10 Uhr.", ["0123 07:00-08:00", "45 09:00-10:00"]),
        (
            "Montags schalten wir um 7 Uhr, sonnabends um 8 Uhr Termine frei.",
            ["0 07:00-07:15", "5 08:00-08:15"],
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_the_forms_that_offices_write_are_read(text: str, windows: list[str]) -> None:
    assert read(text) == windows


def test_the_lead_is_read_with_its_time() -> None:
    text = (
        "Wichtig: Montags bis freitags schalten wir von 7 bis 8 Uhr tagesaktuelle Termine frei. "
        "Termine der nächsten Woche folgen zwischen 9 und 10 Uhr. "
        "Termine mit 14 Tagen Vorlauf werden zwischen 11 und 12 Uhr, "
        "solche in 6 Wochen (42 Tagen) über Nacht freigegeben."
    )

    found = [(one.lead, shown(one.window)) for one in announcements(text)]

    assert found == [
        (TODAY, "01234 07:00-08:00"),
        (WEEK, "0123456 09:00-10:00"),
        (TWO_WEEKS, "0123456 11:00-12:00"),
        (SIX_WEEKS, "0123456 00:00-06:00"),
    ]


@pytest.mark.parametrize(
    "lead",
    ["in 7 Tagen oder in 14 Tagen", "in 7 bis 14 Tagen", "für denselben Tag und die nächste Woche", "nach Bedarf"],
)
def test_a_lead_that_is_not_clear_is_none(lead: str) -> None:
    found = announcements(f"Termine {lead} schalten wir um 7 Uhr frei.")

    assert [(one.lead, shown(one.window)) for one in found] == [(None, "0123456 07:00-07:15")]


def test_html_and_line_breaks_are_no_hindrance() -> None:
    text = (
        "<p><strong>Neu!</strong> Neue Termine werden montags&nbsp;&ndash;&nbsp;<b>mittwochs</b>\n"
        "zwischen 7 und&#32;8 Uhr freigeschaltet.</p><ul><li>Öffnungszeiten: Mo 8 bis 12 Uhr</li></ul>"
    )

    assert read(text) == ["012 07:00-08:00"]


@pytest.mark.parametrize(
    "text",
    [
        "Neue Termine werden jeden Tag freigeschaltet.",
        "Termine werden ab 7 Uhr freigeschaltet.",
        "Termine werden bis spätestens 30 Minuten nach 7 freigeschaltet.",
        "Termine zwischen 8 und 12 Uhr werden in Kürze freigeschaltet.",
        "Wir schalten Termine von 8 bis 12 Uhr frei.",
        "Zwischen 7 und 8 Uhr werden keine Termine freigeschaltet.",
        "Termine werden nicht um 7 Uhr, sondern laufend freigeschaltet.",
        "Täglich außer dienstags werden Termine um 7 Uhr freigeschaltet.",
        "Termine werden freigeschaltet; telefonisch erreichen Sie uns von 7 bis 8 Uhr unter 089 233-7 bis 9.",
        "Termine werden freigeschaltet, geöffnet ist von 7 bis 8 Uhr.",
        "Termine werden am ersten Montag im Monat um 7 Uhr freigeschaltet.",
        "Ab dem 3. März werden Termine um 7 Uhr freigeschaltet, ab 1.4. um 8 Uhr.",
        "Termine werden um 25 Uhr freigeschaltet.",
        "Termine werden von 7 bis 7 Uhr freigeschaltet.",
        "Termine werden von 7 und 8 Uhr freigeschaltet.",
        "Termine werden um 7 oder 8 Uhr freigeschaltet.",
        "Termine werden um 7 Uhr 30 freigeschaltet.",
        "Zwischen 7 und 8 Uhr montags, zwischen 9 und 10 Uhr dienstags schalten wir Termine frei.",
    ],
)
def test_a_release_without_a_time_that_can_be_read_is_told_and_gives_no_window(text: str) -> None:
    found = announcements(text)

    assert [one.window for one in found] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Geöffnet: Mo bis Fr 8 bis 12 Uhr. Bitte kommen Sie um 8 Uhr.",
        "Termine können 30 Tage im Voraus gebucht werden. Dauer: 30 Minuten. Telefon: 089 233-96000.",
        "Durch Absagen werden laufend Termine frei, meist zwischen 7 und 8 Uhr.",
        "Die Ausgabe von Terminen wird um 12 Uhr eingestellt.",
        "Die Schranke wird zwischen 7 und 8 Uhr freigeschaltet.",
        "Unterlagen folgen montags zwischen 9 und 11 Uhr. Termine folgen zwischen 9 und 11 Uhr.",
        "Termine werden zwischen 7 und 8 Uhr " + "sehr " * 150 + "zuverlässig freigeschaltet.",
    ],
)
def test_what_speaks_of_other_things_is_no_release(text: str) -> None:
    assert announcements(text) == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("So schalten wir um 7 Uhr Termine frei.", EVERY_DAY),
        ("Fr. Huber und wir schalten um 7 Uhr Termine frei.", EVERY_DAY),
        ("Termine für Montag bis Freitag werden um 7 Uhr freigeschaltet.", EVERY_DAY),
        ("Termine am Montag werden freitags um 7 Uhr freigeschaltet.", "4"),
        ("Termine für Samstag schalten wir donnerstags um 7 Uhr frei.", "3"),
        ("Montage und Wartung: Termine werden um 7 Uhr freigeschaltet.", EVERY_DAY),
        ("Termine werden Mo-Fr um 7 Uhr freigeschaltet.", WORKING_DAYS),
    ],
)
def test_only_the_days_of_the_release_count(text: str, days: str) -> None:
    assert read(text) == [f"{days} 07:00-07:15"]


@given(
    st.integers(0, 6), st.integers(0, 6), st.integers(0, 23), st.integers(1, 24), st.sampled_from(["-", " bis ", "–"])
)
def test_any_range_of_days_and_hours_is_read_as_it_is_written(
    first: int, last: int, opens: int, closes: int, to: str
) -> None:
    text = f"Neue Termine werden {GERMAN[first]}{to}{GERMAN[last]} von {opens} bis {closes} Uhr freigeschaltet."

    found = announcements(text)

    days = {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    assert found[0].window is None or found[0].window.weekdays == days
    inside = {(day, hour) for one in found if one.window for day in one.window.weekdays for hour in _hours(one.window)}
    length = closes - opens if closes > opens else closes - opens + 24
    expected = {((day + (opens + n) // 24) % 7, (opens + n) % 24) for day in days for n in range(length)}
    assert inside == (expected if length % 24 else set())


def _hours(window: ReleaseWindow) -> range:
    return range(window.start.hour, 24 if window.end == time.max else window.end.hour)


ALPHABET = st.sampled_from(
    [
        *"-–:., <>/&0123456789\n",
        "Termine ",
        "werden ",
        "freigeschaltet. ",
        "Mo",
        "So",
        " bis ",
        "7 Uhr",
        "zwischen ",
        "<br>",
    ]
)


@given(st.lists(ALPHABET, max_size=60).map("".join) | st.text(max_size=200))
def test_no_text_breaks_the_reading_and_every_window_is_one(text: str) -> None:
    windows = [one.window for one in announcements(text) if one.window]

    assert all(window.start < window.end for window in windows)
    assert all(window.weekdays and window.weekdays <= set(range(7)) for window in windows)
    assert all(window.source == "published" for window in windows)
