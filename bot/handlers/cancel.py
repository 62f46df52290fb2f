"""/cancel: out of any conversation, with a word on what is dropped by it."""

from bot.context import Talk
from bot.conversation import Command, Conversation
from bot.markup import Html
from models import chat_messages, drafts
from models.database import Session


async def cancel(talk: Talk) -> None:
    chat_id = talk.chat.id

    def drop(session: Session) -> tuple[list[str], list[int]]:
        """The kinds of what was half said, and the messages whose buttons are stale from here on."""
        dropped = sorted(drafts.drop(session, chat_id))
        shown = [chat_messages.current(session, chat_id, kind) for kind in dropped]
        messages = [one.message_id for one in shown if one is not None]
        for kind in dropped:
            chat_messages.drop(session, chat_id, kind)
        return dropped, messages

    dropped, messages = await talk.act(drop)
    if not dropped:
        await talk.remark(talk.words.say("cancel.nothing"))
        return
    for message_id in messages:
        await talk.messenger.strip(talk.visitor.telegram_id, message_id)
    names = Html(", ".join(talk.words.say(f"{kind}.name") for kind in dropped))
    await talk.remark(talk.words.say("cancel.dropped", names=names))


CONVERSATION = Conversation(commands=(Command("cancel", cancel),))
