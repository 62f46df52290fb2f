"""What a person is told once their wish is saved: that it is looked for, what comes next, and where to see it."""

from bot.screens import Screen, paragraphs
from bot.texts import Words
from bot.wish.saving import Saved
from models.watch import WatchState


def screen(saved: Saved, words: Words, *, sent: bool) -> Screen:
    """`sent` says whether the first look is on its way."""
    paused = saved.watch.state is WatchState.PAUSED
    now = "paused" if paused else "sent" if sent else "later"
    return Screen(
        paragraphs(
            words.say("wish_when.saved.new") if saved.is_new else words.say("wish_when.saved.changed"),
            words.say(f"wish_when.saved.now.{now}"),
            "" if paused else words.say(f"wish_when.saved.next.{saved.watch.mode}"),
            words.say("wish_when.saved.more"),
        )
    )


def twice(words: Words) -> Screen:
    """It was saved already, as after a tap that Telegram brought again."""
    return Screen(words.say("wish_when.saved.already"))
