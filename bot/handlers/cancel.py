"""/cancel: out of any conversation, with a word on what is dropped by it."""

from bot.context import Talk
from bot.conversation import Command, Conversation
from bot.markup import Html
from models import chat_messages, drafts
from models.database import Session


async def cancel(talk: Talk) -> None:
    chat_id = talk.chat.id

    def drop(session: Session) -> list[str]:
        dropped = sorted(drafts.drop(session, chat_id))
        for kind in dropped:
            chat_messages.drop(session, chat_id, kind)  # its buttons are stale from here on
        return dropped

    dropped = await talk.act(drop)
    if not dropped:
        await talk.remark(talk.words.say("cancel.nothing"))
        return
    names = Html(", ".join(talk.words.say(f"{kind}.name") for kind in dropped))
    await talk.remark(talk.words.say("cancel.dropped", names=names))


CONVERSATION = Conversation(commands=(Command("cancel", cancel),))
