"""The button that ends the wish conversation: the wish becomes a watch, and the first look is sent."""

from bot.context import Talk
from bot.conversation import Conversation, Tap
from bot.markup import Html
from bot.screens import Screen, paragraphs
from bot.texts import Words
from bot.wish import saving
from bot.wish.form import KIND
from bot.wish.saving import Saved
from bot.wish.summary import SaveWish
from models.watch import WatchState


async def save(talk: Talk, _: SaveWish) -> None:
    saved = await saving.save(talk)
    if saved is None:
        await talk.show(Screen(talk.words.say("wish_when.saved.already")), purpose=KIND)
        return
    paused = saved.watch.state is WatchState.PAUSED
    sent = not paused and await saving.look_now(talk, saved.watch)
    await talk.show(Screen(_told(saved, talk.words, paused=paused, sent=sent)), purpose=KIND)


def _told(saved: Saved, words: Words, *, paused: bool, sent: bool) -> Html:
    now = "paused" if paused else "sent" if sent else "later"
    return paragraphs(
        words.say("wish_when.saved.new") if saved.is_new else words.say("wish_when.saved.changed"),
        words.say(f"wish_when.saved.now.{now}"),
        "" if paused else words.say(f"wish_when.saved.next.{saved.watch.mode}"),
        words.say("wish_when.saved.more"),
    )


CONVERSATION = Conversation(taps=(Tap(SaveWish, save),))
