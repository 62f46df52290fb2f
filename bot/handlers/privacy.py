"""/privacy: what is kept and for how long, everything as a file, the consent and the mandates. Deleting: erase.py."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import exporting
from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.erasing import PURPOSE
from bot.handlers import erase
from bot.handlers.erase import Overview
from bot.markup import Html, escaped
from bot.rights import Right
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows, short
from bot.texts import Words
from models import chats, disclosure, erasures, mandates, people, retention
from models.database import Session
from models.mandate import Mandate

FILE = "mta-{day:%Y-%m-%d}.json"


@dataclass(frozen=True)
class Export(Callback, word="pvexport", right=Right.OWN):
    pass


@dataclass(frozen=True)
class Consent(Callback, word="pvmand"):
    pass


@dataclass(frozen=True)
class Revoke(Callback, word="pvrevoke"):
    sure: bool


async def privacy(talk: Talk) -> None:
    await talk.send(await _overview(talk), purpose=PURPOSE)


async def overview(talk: Talk, _: Overview) -> None:
    await talk.show(await _overview(talk), purpose=PURPOSE)


async def export(talk: Talk, _: Export) -> None:
    """The file, and after it the pictures and calendar entries that it names."""
    await talk.toast("")
    chat_id = talk.chat.id
    kept = await talk.read(lambda session: disclosure.export_chat(session, talk.parts.keyring, chat_id))
    content = exporting.written(kept, talk.words, await talk.parts.catalog())
    to, name = talk.visitor.telegram_id, FILE.format(day=talk.now)
    await talk.messenger.send_file(to, content, name=name, caption=talk.words.say("privacy.exported"))
    for path in map(Path, exporting.files(kept)):
        with contextlib.suppress(OSError):  # it was deleted meanwhile
            content = await asyncio.to_thread(path.read_bytes)
            await talk.messenger.send_file(to, content, name=path.name, caption=talk.words.say("privacy.picture"))


async def consent(talk: Talk, _: Consent) -> None:
    chat_id, words = talk.chat.id, talk.words
    given = await talk.read(lambda session: _mandates(session, talk, chat_id))
    standing = [one for _, one in given if _stands(one, talk)]
    agreed = talk.chat.consent_at
    await talk.show(
        Screen(
            paragraphs(
                words.say("privacy.agreed", given=agreed, version=talk.chat.consent_version) if agreed else "",
                words.say("privacy.mandates") if given else words.say("privacy.no_mandates"),
                lines(*(_said(name, one, talk) for name, one in given)),
            ),
            rows(*([Button(words.label("privacy.to_revoke"), Revoke(sure=False))] if standing else []), _back(words)),
        ),
        purpose=PURPOSE,
    )


async def revoke(talk: Talk, revoked: Revoke) -> None:
    """The mandates alone: what is kept stays. Whatever is reserved on them is given back."""
    words, chat_id = talk.words, talk.chat.id
    if not revoked.sure:
        yes = Button(words.label("privacy.revoke_yes"), Revoke(sure=True))
        await talk.show(Screen(words.say("privacy.revoke"), rows(yes, _back(words))), purpose=PURPOSE)
        return
    releasing = await talk.act(lambda session: _revoke(session, talk, chat_id))
    erase.give_back(talk, releasing)
    said = (
        words.say("privacy.revoked"),
        words.say("privacy.releasing") if releasing else "",
        words.say("privacy.again"),
    )
    await talk.show(Screen(paragraphs(*said), rows(_back(words))), purpose=PURPOSE)


async def _overview(talk: Talk) -> Screen:
    chat_id = talk.chat.id
    names, pending = await talk.read(
        lambda session: (_names(session, talk, chat_id), erasures.of_chat(session, chat_id))
    )
    if pending:
        return await erase.waiting(talk, pending[0])
    words = talk.words
    whom = Html(", ".join(map(escaped, names.values())))
    return Screen(
        paragraphs(
            words.say("privacy.what"),
            lines(*_kept(words)),
            words.say("privacy.afterwards", contacts=retention.CONTACTS),
            words.say("privacy.others"),
            words.say("privacy.whom", names=whom) if names else words.say("privacy.nobody"),
        ),
        _ways(words, names, agrees=talk.visitor.may(Right.PERSON)),
    )


def _ways(words: Words, names: Mapping[int, str], *, agrees: bool) -> Rows:
    """Who was barred can give no mandate, so there is none to take back but by deleting."""
    one_of_several = (
        [
            Button(short(words.label("privacy.to_erase_one", name=name)), erase.Ask(person_id))
            for person_id, name in names.items()
        ]
        if len(names) > 1
        else []
    )
    return rows(
        Button(words.label("privacy.to_export"), Export()),
        *([Button(words.label("privacy.to_consent"), Consent())] if agrees else []),
        *one_of_several,
        Button(words.label("privacy.to_erase"), erase.Ask(None)),
    )


def _kept(words: Words) -> Iterator[Html]:
    yield words.say("privacy.contact", contacts=retention.CONTACTS)
    yield words.say("privacy.wishes")
    yield words.say("privacy.bookings", keys=retention.KEYS, contacts=retention.CONTACTS)
    yield words.say(
        "privacy.messages",
        notices=retention.NOTICES,
        events=retention.EVENTS,
        messages=retention.MESSAGES,
        drafts=retention.DRAFTS,
    )
    yield words.say("privacy.chat")


def _names(session: Session, talk: Talk, chat_id: int) -> dict[int, str]:
    """First names, by the persons' numbers."""
    theirs = [one for one in chats.people_of(session, chat_id) if one.sealed_contact is not None]
    return {one.id: people.contact(talk.parts.keyring, one).first_name for one in theirs}


def _mandates(session: Session, talk: Talk, chat_id: int) -> Sequence[tuple[str, Mandate]]:
    names = _names(session, talk, chat_id)
    return [(name, one) for person_id, name in names.items() for one in mandates.of_person(session, person_id)]


def _revoke(session: Session, talk: Talk, chat_id: int) -> Sequence[int]:
    theirs = [one.id for one in chats.people_of(session, chat_id)]
    for person_id in theirs:
        mandates.revoke_all(session, person_id, now=talk.now)
    return erasures.give_back(session, theirs, appointments=False, now=talk.now)


def _stands(mandate: Mandate, talk: Talk) -> bool:
    return mandate.revoked_at is None and (mandate.until is None or mandate.until > talk.now)


def _said(name: str, mandate: Mandate, talk: Talk) -> Html:
    words, given = talk.words, mandate.given_at
    if not _stands(mandate, talk):
        return words.say("privacy.mandate_over", name=name, given=given)
    if mandate.until is None:
        return words.say("privacy.mandate_open", name=name, what=mandate.what, given=given)
    return words.say("privacy.mandate", name=name, what=mandate.what, given=given, until=mandate.until)


def _back(words: Words) -> Button:
    return Button(words.label("privacy.back"), Overview())


CONVERSATION = Conversation(
    commands=(Command("privacy", privacy, right=Right.OWN),),
    taps=(Tap(Overview, overview), Tap(Export, export), Tap(Consent, consent), Tap(Revoke, revoke)),
)
