"""Whatever can end a booking has words, so that nobody is told that the City refused what it never did."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import models
import portal
import workers
from bot import texts
from core.errors import MtaError

ROOTS = (models, portal, workers)
NEVER_A_REASON = {
    "AlreadyThere",  # a constraint's no, before there is a booking
    "BadInput",
    "KnownElsewhere",
    "LeaseLost",  # another run goes on with it
    "MailboxRefused",
    "MailboxUnreachable",
    "MtaError",
    "NotDrawn",  # a SlotGone to whoever books
    "Permanent",
    "QueueUnreachable",
    "Refused",  # by its code
    "Transient",
}


def errors(root: type[MtaError] = MtaError) -> Iterator[type[MtaError]]:
    yield root
    for one in root.__subclasses__():
        yield from errors(one)


def names() -> set[str]:
    for package in ROOTS:
        for found in pkgutil.iter_modules(package.__path__):
            if not found.ispkg and found.name != "__main__":
                importlib.import_module(f"{package.__name__}.{found.name}")
    ours = {
        one.__name__ for one in errors() if one.__module__.partition(".")[0] in ("core", "models", "portal", "workers")
    }
    return ours - NEVER_A_REASON


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_error_of_a_worker_has_words(language: str) -> None:
    codes = {re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() for name in names()}

    assert codes - set(texts.words(language)["reasons"]) == set()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_reason_is_a_sentence_that_fits_behind_a_colon(language: str) -> None:
    for code, said in texts.words(language)["reasons"].items():
        assert re.fullmatch(r"[A-ZÄÖÜ].*[^.]\.", said), code
        assert len(said) < 120, code
