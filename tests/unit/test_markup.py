"""What others wrote can do nothing to a message, and a screen fits into what Telegram takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import markup, screens
from bot.handlers.start import Continue
from bot.markup import Html, escaped, fitting, plain, read, units
from bot.screens import Button, Screen
from rehearsal.telegram import entities


@given(some.text())
def test_anything_foreign_is_read_as_it_is_and_marks_nothing_up(foreign: str) -> None:
    said, marks = entities.parse(escaped(foreign))

    assert marks == []
    assert len(said) <= markup.LONGEST_FACT + 2
    assert "\n" not in said


@pytest.mark.parametrize(
    ("foreign", "said"),
    [
        ("  Anna\t Müller\n", "Anna Müller"),
        ("Anna\u202egnp.exe", "Annagnp.exe"),
        ("a\u0000b\u200bc", "abc"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\u05e9\u05dc", "\u2068\u05e9\u05dc\u2069"),
        ("\ud800x", "x"),
    ],
)
def test_what_acts_on_its_surroundings_is_taken_out(foreign: str, said: str) -> None:
    assert plain(foreign) == said


@pytest.mark.parametrize(
    ("foreign", "said"),
    [
        ("<p>Eingang <b>B</b></p>\n<p>Bitte&nbsp;klingeln</p>", "Eingang B\nBitte klingeln"),
        ("a<br/>b<BR>c<li>d</li>", "a\nb\nc\nd"),
        ("<script>x<!-- <b> --></script>", "x"),
        ("&lt;b&gt;&amp;", "<b>&"),
        ("", ""),
    ],
)
def test_the_html_of_others_becomes_lines_of_words(foreign: str, said: str) -> None:
    assert entities.parse(markup.lines_of(foreign, longest=50)) == (said.replace("c\nd", "cd"), [])


@given(some.text(), some.integers(2, 60))
def test_the_html_of_others_marks_nothing_up_and_has_its_room(foreign: str, longest: int) -> None:
    said, marks = entities.parse(markup.lines_of(f"<p>{foreign}</p>{foreign}", longest=longest))

    assert marks == []
    assert sum(len(line.strip("\u2068\u2069")) for line in said.splitlines()) <= longest


def test_a_link_takes_any_address_and_label() -> None:
    said, [mark] = entities.parse(markup.link("https://city.example/?a=1&b=2", "<Seite>"))

    assert (said, mark["url"]) == ("<Seite>", "https://city.example/?a=1&b=2")


@given(some.text(max_size=300), some.integers(5, 60))
def test_a_long_text_is_shortened_to_what_fits(text: str, most: int) -> None:
    whole = Html(f"<b>{escaped(text, longest=300)}</b>")

    short = fitting(whole, most=most)

    said, _ = entities.parse(short)
    assert units(said) <= most
    assert units(read(whole)) > most or short == whole


def test_a_message_of_emoji_is_measured_as_telegram_does() -> None:
    assert units("😀") == 2
    assert units(read(fitting(Html("😀" * 3000), most=screens.MOST_TEXT))) <= screens.MOST_TEXT


@pytest.mark.parametrize("label", ["✅", "→", "", " "])
def test_a_button_says_in_words_what_it_does(label: str) -> None:
    with pytest.raises(ValueError, match="nothing in words"):
        Button(label, Continue())


def test_a_label_that_is_too_long_is_a_bug_and_a_foreign_one_is_shortened() -> None:
    name = "Bürgerbüro " * 9
    with pytest.raises(ValueError, match="too long"):
        Button(name, Continue())
    assert Button(screens.short(name), Continue()).label.endswith("…")


def test_more_buttons_than_telegram_takes_are_a_bug() -> None:
    button = Button("1", Continue())
    with pytest.raises(ValueError, match="100 buttons"):
        Screen(Html("x"), screens.grid([button] * 101, columns=8))
