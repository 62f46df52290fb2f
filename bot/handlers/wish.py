"""/wish: what somebody would like an appointment for, step by step."""

from collections.abc import Sequence

from bot.context import Talk
from bot.conversation import Command, Conversation, Tap, Typed
from bot.rights import watch_of
from bot.wish.buttons import Afresh, Back, Cancel, Drop, EditInstead, GoOn, NewWish
from bot.wish.editing import form_of
from bot.wish.form import KIND
from bot.wish.runner import Runner
from bot.wish.step import Step
from bot.wish.steps import EVERY


def conversation(steps: Sequence[Step]) -> Conversation:
    runner = Runner(steps)

    async def edit_instead(talk: Talk, chosen: EditInstead) -> None:
        chat_id = talk.chat.id
        watch = await talk.read(lambda session: watch_of(session, chat_id, chosen.watch_id))
        await runner.show(talk, form_of(watch))

    own = dict.fromkeys(callback for step in steps for callback in step.taps)
    return Conversation(
        commands=(Command("wish", runner.begin),),
        taps=(
            Tap(NewWish, runner.begin),
            Tap(GoOn, runner.go_on),
            Tap(Afresh, runner.afresh),
            Tap(EditInstead, edit_instead),
            Tap(Back, runner.back),
            Tap(Cancel, runner.cancel),
            Tap(Drop, runner.drop),
            *(Tap(callback, runner.tap) for callback in own),
        ),
        typed=(Typed(KIND, runner.typed),),
    )


CONVERSATION = conversation(EVERY)
