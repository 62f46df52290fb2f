"""/watches: what the chat's persons are looking for, how it stands, and how it is paused, taken up or stopped."""

from collections.abc import Callable, Collection

from bot import first_look
from bot.context import Talk
from bot.conversation import Command, Conversation, Tap
from bot.screens import Screen
from bot.watching import cards, screens
from bot.watching.cards import Card
from bot.watching.taps import (
    AskToStop,
    EditWatch,
    PauseWatch,
    ResumeWatch,
    ShowFinished,
    ShowWatch,
    ShowWatches,
    StopWatch,
)
from bot.wish.editing import form_of, open_form
from core.catalog import Catalog
from models import watches as rows
from models import wishing
from models.database import Session
from models.watch import Watch, WatchState

PURPOSE = "watches"


async def watches(talk: Talk) -> None:
    await talk.send(await _list(talk, page=0), purpose=PURPOSE)


async def show_list(talk: Talk, wanted: ShowWatches) -> None:
    await talk.show(await _list(talk, page=wanted.page), purpose=PURPOSE)


async def show_finished(talk: Talk, wanted: ShowFinished) -> None:
    over = await cards.finished(talk)
    screen = screens.finished(talk, over, await talk.parts.catalog(), page=wanted.page)
    await talk.show(screen, purpose=PURPOSE)


async def show(talk: Talk, wanted: ShowWatch) -> None:
    await _show(talk, wanted.watch_id, screens.detail)


async def pause(talk: Talk, wanted: PauseWatch) -> None:
    paused = await _turn(talk, wanted.watch_id, rows.pause, allowed=(WatchState.OPEN,))
    await talk.toast(talk.words.label("watches.paused" if paused else "watches.over"))
    await _show(talk, wanted.watch_id, screens.detail)


async def resume(talk: Talk, wanted: ResumeWatch) -> None:
    """Looked at now, or with the next round where the queue is away."""
    resumed = await talk.act(lambda session: _resume(session, talk, wanted.watch_id))
    await talk.toast(talk.words.label("watches.resumed" if resumed else "watches.over"))
    if resumed is not None:
        await first_look.send(talk, resumed)
    await _show(talk, wanted.watch_id, screens.detail)


async def ask_to_stop(talk: Talk, wanted: AskToStop) -> None:
    card = await cards.one(talk, wanted.watch_id)
    ask = screens.ask_to_stop if card.going_on else screens.detail
    await talk.show(ask(talk, card, await talk.parts.catalog()), purpose=PURPOSE)


async def stop(talk: Talk, wanted: StopWatch) -> None:
    stopped = await _turn(talk, wanted.watch_id, rows.stop, allowed=cards.GOING_ON)
    await talk.toast(talk.words.label("watches.stopped" if stopped else "watches.over"))
    await _show(talk, wanted.watch_id, screens.detail)


async def edit(talk: Talk, wanted: EditWatch) -> None:
    """Opens the wish conversation at its summary; what is over by now is shown as it is."""
    found = await talk.read(lambda session: rows.get(session, wanted.watch_id))
    if found.state in cards.GOING_ON:
        await open_form(talk, form_of(found))
    else:
        await _show(talk, wanted.watch_id, screens.detail)


async def _turn(
    talk: Talk, watch_id: int, turns: Callable[..., Watch], *, allowed: Collection[WatchState]
) -> Watch | None:
    """None, and nothing done, where it is in another state by now."""

    def work(session: Session) -> Watch | None:
        found = rows.locked(session, watch_id)
        return turns(session, watch_id, now=talk.now) if found.state in allowed else None

    return await talk.act(work)


def _resume(session: Session, talk: Talk, watch_id: int) -> Watch | None:
    """None where it goes on already, or cannot any more; raises BadInput when the caps allow no more."""
    found = rows.locked(session, watch_id)
    if not wishing.can_go_on(session, found, now=talk.now):
        return None
    return wishing.take_up(session, watch_id, caps=talk.parts.caps, now=talk.now)


async def _list(talk: Talk, *, page: int) -> Screen:
    return screens.listed(talk, await cards.shelf(talk), await talk.parts.catalog(), page=page)


async def _show(talk: Talk, watch_id: int, draws: Callable[[Talk, Card, Catalog | None], Screen]) -> None:
    card = await cards.one(talk, watch_id)
    await talk.show(draws(talk, card, await talk.parts.catalog()), purpose=PURPOSE)


CONVERSATION = Conversation(
    commands=(Command("watches", watches),),
    taps=(
        Tap(ShowWatches, show_list),
        Tap(ShowFinished, show_finished),
        Tap(ShowWatch, show),
        Tap(PauseWatch, pause),
        Tap(ResumeWatch, resume),
        Tap(AskToStop, ask_to_stop),
        Tap(StopWatch, stop),
        Tap(EditWatch, edit),
    ),
)
