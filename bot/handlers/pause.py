"""/pause and /resume, for the operator: the kill switch for everything, or for one of the City's services."""

from dataclasses import dataclass

import structlog

from bot.callbacks import Callback
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.markup import Html
from bot.rights import NotTheirs, Right
from bot.screens import Button, Screen, paragraphs, rows, short
from bot.service_names import matching, name_of
from models import census, halting, halts, lanes

PURPOSE = "pause"
MOST = 10  # services on one screen

log = structlog.get_logger()


@dataclass(frozen=True)
class Pause(Callback, word="oppause", right=Right.OPERATOR):
    """Without a service, everything; so below."""

    service_id: int | None
    sure: bool


@dataclass(frozen=True)
class Resume(Callback, word="opresume", right=Right.OPERATOR):
    service_id: int | None


@dataclass(frozen=True)
class Leave(Callback, word="opleave", right=Right.OPERATOR):
    pass


async def pause(talk: Talk) -> None:
    """The services that somebody waits for, or those that the words behind the command name."""
    words, catalog = talk.words, await talk.parts.catalog()
    found = await talk.read(census.taken)
    halted = {one.service_id for one in found.halts}
    waited_for = dict.fromkeys(one.service_id for target in found.targets for one in target.services)
    fits = matching(talk.arguments, catalog) if talk.arguments else list(waited_for)
    shown = [one for one in fits if one not in halted][:MOST]
    nothing = words.say("pause.found_nothing", words=talk.arguments) if talk.arguments and not fits else ""
    await talk.send(
        Screen(
            paragraphs(
                nothing,
                words.say("pause.what"),
                words.say("pause.too_many") if len(fits) > MOST else "",
                words.say("pause.words"),
            ),
            rows(
                Button(words.label("pause.everything"), Pause(None, sure=False)),
                *(Button(short(name_of(one, words, catalog)), Pause(one, sure=False)) for one in shown),
                Button(words.label("pause.no"), Leave()),
            ),
        ),
        purpose=PURPOSE,
    )


async def do_pause(talk: Talk, chosen: Pause) -> None:
    words, service = talk.words, await _checked(talk, chosen.service_id)
    if not chosen.sure:
        asked = words.say("pause.sure") if chosen.service_id is None else words.say("pause.sure_one", service=service)
        yes, no = Button(words.label("pause.yes"), Pause(chosen.service_id, sure=True)), words.label("pause.no")
        await talk.show(Screen(asked, rows(yes, Button(no, Leave()))), purpose=PURPOSE)
        return
    service_id = chosen.service_id
    if service_id is None:
        names = await talk.act(lambda session: halting.halt_all(session, talk.parts.lane, by=_who(talk), now=talk.now))
        log.warning("operator.paused", chat=talk.chat.id, lanes=names)
        await _say(talk, words.say("pause.done"))
        return
    await talk.act(lambda session: halting.halt(session, service_id, by=_who(talk), now=talk.now))
    log.warning("operator.paused", chat=talk.chat.id, service=service_id)
    await _say(talk, words.say("pause.done_one", service=service))


async def resume(talk: Talk) -> None:
    words, catalog = talk.words, await talk.parts.catalog()
    kept, halted = await talk.read(lambda session: (lanes.list(session), halts.list(session)))
    rests = [one for one in kept if one.paused and one.trouble]
    buttons = [
        *([Button(words.label("pause.resume_all"), Resume(None))] if any(one.paused for one in kept) or halted else []),
        *(Button(short(name_of(one.service_id, words, catalog)), Resume(one.service_id)) for one in halted),
    ]
    if not buttons:
        await talk.send(Screen(words.say("pause.nothing")), purpose=PURPOSE)
        return
    leave = Button(words.label("pause.no"), Leave())
    said = paragraphs(words.say("pause.resume"), *(words.say("pause.rests", name=one.name) for one in rests))
    await talk.send(Screen(said, rows(*buttons[:MOST], leave)), purpose=PURPOSE)


async def do_resume(talk: Talk, chosen: Resume) -> None:
    service_id, words = chosen.service_id, talk.words
    if service_id is None:
        await talk.act(lambda session: halting.lift_all(session, by=_who(talk), now=talk.now))
        log.warning("operator.resumed", chat=talk.chat.id)
        await _say(talk, words.say("pause.resumed"))
        return
    await talk.act(lambda session: halting.lift(session, service_id, by=_who(talk), now=talk.now))
    log.warning("operator.resumed", chat=talk.chat.id, service=service_id)
    service = name_of(service_id, words, await talk.parts.catalog())
    await _say(talk, words.say("pause.resumed_one", service=service))


async def leave(talk: Talk, _: Leave) -> None:
    await _say(talk, talk.words.say("pause.unchanged"))


async def _checked(talk: Talk, service_id: int | None) -> str:
    """The service's name; raises NotTheirs for what neither the City nor anybody's wish knows."""
    if service_id is None:
        return ""
    catalog, found = await talk.parts.catalog(), await talk.read(census.taken)
    wished = any(one.service_id == service_id for target in found.targets for one in target.services)
    if not wished and (catalog is None or service_id not in catalog.service_by_id):
        raise NotTheirs
    return name_of(service_id, talk.words, catalog)


async def _say(talk: Talk, text: Html) -> None:
    await talk.show(Screen(text), purpose=PURPOSE)


def _who(talk: Talk) -> str:
    return f"chat {talk.chat.id}"


CONVERSATION = Conversation(
    commands=(
        Command("pause", pause, right=Right.OPERATOR),
        Command("resume", resume, right=Right.OPERATOR),
    ),
    taps=(Tap(Pause, do_pause), Tap(Resume, do_resume), Tap(Leave, leave)),
)
