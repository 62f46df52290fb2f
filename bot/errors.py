"""What a person hears when something went wrong: the error's words in their language, or a number to ask about."""

import random
import traceback
from typing import Any

import structlog
from telegram.ext import CallbackContext

from bot.markup import Html
from bot.texts import Words
from core.errors import BadInput, MtaError, Transient

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_DEEPEST = 6  # frames that are logged

log = structlog.get_logger()


def words_of(error: MtaError, words: Words) -> Html:
    """In both languages for those with a code; others are told by their kind, and in English by their own sentence."""
    if isinstance(error, BadInput):
        key = f"errors.{error.code}"
        if error.code and words.has(key):
            return words.say(key, **error.facts)
        return words.say("errors.bad_input", sentence=str(error) if words.language == "en" else "")
    return words.say("errors.transient" if isinstance(error, Transient) else "errors.permanent")


def unforeseen(error: Exception, words: Words, *, rng: random.Random) -> Html:
    """A bug: logged with its place and without its text, which may hold what the person wrote."""
    number = "".join(rng.choice(_LETTERS) for _ in range(6))
    log.error("bot.failed", number=number, error=type(error).__name__, where=where(error))
    return words.say("errors.unforeseen", number=number)


async def last_resort(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """A bug in what stands around the handlers: nobody can be told."""
    if context.error is not None:
        log.error("bot.failed", error=type(context.error).__name__, where=where(context.error))


def where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
