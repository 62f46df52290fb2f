"""What a person is told once their wish is saved: that it is looked for, what comes next, and where to see it."""

from bot import first_look
from bot.context import Talk
from bot.screens import Screen, paragraphs
from bot.texts import Words
from bot.wish.saving import Saved
from models import outlooks
from models.watch import Watch, WatchState


async def screen(talk: Talk, saved: Saved) -> Screen:
    """The first look is sent before it is promised."""
    words, paused = talk.words, saved.watch.state is WatchState.PAUSED
    return Screen(
        paragraphs(
            words.say("wish_when.saved.new") if saved.is_new else words.say("wish_when.saved.changed"),
            words.say(f"wish_when.saved.now.{await _now(talk, saved.watch)}"),
            "" if paused else words.say(f"wish_when.saved.next.{saved.watch.mode}"),
            words.say("wish_when.saved.more"),
        )
    )


def twice(words: Words) -> Screen:
    """It was saved already, as after a tap that Telegram brought again."""
    return Screen(words.say("wish_when.saved.already"))


async def _now(talk: Talk, watch: Watch) -> str:
    """Whether it rests, or nobody looks because the operator halted that; else whether the first look is on its way."""
    if watch.state is WatchState.PAUSED:
        return "paused"
    if await talk.read(lambda session: outlooks.is_halted(session, watch.target_id, now=talk.now)):
        return "halted"
    return "sent" if await first_look.send(talk, watch) else "later"
