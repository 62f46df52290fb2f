"""What a person agrees to with a wish: the mandate's text by mode, which the summary shows and the mandate records."""

from typing import Final

from bot.markup import Html, read
from bot.texts import Words
from core.wishes import Mode

VERSION: Final = "2026-11"  # of the texts wish_when.mandate: change it with them


def shown(mode: Mode, words: Words) -> Html:
    return words.say(f"wish_when.mandate.{mode}")


def recorded(mode: Mode, words: Words) -> str:
    """As it was shown, with its version."""
    return read(words.say("wish_when.mandate.recorded", text=shown(mode, words), name=VERSION))
