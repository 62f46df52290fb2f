"""A screen: what a message shows, text and rows of buttons, within what Telegram takes."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.callbacks import Callback
from bot.markup import Html, fitting, plain

MOST_TEXT, MOST_CAPTION, MOST_LABEL, MOST_BUTTONS = 4096, 1024, 64, 100

Rows = tuple[tuple["Button | Link", ...], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """`label` says in words what it does: an emoji alone is nothing to a screen reader."""

    label: str
    callback: Callback

    def __post_init__(self) -> None:
        _check_label(self.label)


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str

    def __post_init__(self) -> None:
        _check_label(self.label)


@dataclass(frozen=True, slots=True)
class Screen:
    """`text` is HTML from bot.texts, with everything foreign in it escaped."""

    text: Html
    rows: Rows = ()

    def __post_init__(self) -> None:
        if sum(map(len, self.rows)) > MOST_BUTTONS:
            raise ValueError(f"a message may have {MOST_BUTTONS} buttons")

    @property
    def fitted(self) -> Html:
        return fitting(self.text, most=MOST_TEXT)


def rows(*given: Iterable[Button | Link] | Button | Link) -> Rows:
    """Each argument a row: one button, or several beside each other."""
    return tuple((row,) if isinstance(row, Button | Link) else tuple(row) for row in given)


def grid(buttons: Iterable[Button | Link], *, columns: int) -> Rows:
    every = list(buttons)
    return tuple(tuple(every[start : start + columns]) for start in range(0, len(every), columns))


def paragraphs(*texts: str) -> Html:
    """Texts that are safe already, with an empty line between them; empty ones are left out."""
    return Html("\n\n".join(text for text in texts if text))


def lines(*texts: str) -> Html:
    return Html("\n".join(text for text in texts if text))


def short(label: str) -> str:
    """A foreign name, such as an office's, as a label."""
    return plain(label, longest=MOST_LABEL - 2)  # two signs keep a name that is written leftward in its place


def _check_label(label: str) -> None:
    if not any(character.isalnum() for character in label):
        raise ValueError(f"the label “{label}” says nothing in words")
    if len(label) > MOST_LABEL:
        raise ValueError(f"the label “{label}” is too long: use screens.short")
