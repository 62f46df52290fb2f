"""mta chats: who talks to the bot, and who may."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from sqlmodel import Session

from config import settings
from console import printing, store
from console.arguments import span
from core.errors import BadInput
from core.slots import utc_now
from models import chat_watches, chats, invitations, people
from models.chat import Chat, ChatState, Role
from models.watch import WatchState

app = typer.Typer(help="Chats with the bot: list, invite, entrust, block, unblock.", no_args_is_help=True)
Id = Annotated[int, typer.Argument(help="The chat's number, as listed. It is not Telegram's.")]
Json = Annotated[bool, typer.Option("--json", help=printing.JSON_HELP)]
MOST_USES = 1000
LONGEST = timedelta(days=366)


@app.command("list")
def list_chats(
    *,
    state: Annotated[str, typer.Option(help="Only those in this state.")] = "",
    json: Json = False,
) -> None:
    """Every chat, oldest first, by numbers: whose it is stays sealed."""
    with store.opened(settings.load()) as kept, kept.database.reading() as session:
        rows = [_summary(session, one) for one in chats.list(session, _state(state))]
    if json:
        printing.as_json(rows)
        return
    printing.table(
        ("id", "state", "role", "language", "persons", "open watches", "agreed"),
        [
            (one["id"], one["state"], one["role"], one["language"], one["persons"], one["open_watches"], one["agreed"])
            for one in rows
        ],
        empty="Nobody talks to the bot yet. Invite somebody with: mta chats invite",
    )


@app.command()
def invite(
    *,
    role: Annotated[str, typer.Option(help="person or operator.")] = "person",
    uses: Annotated[int, typer.Option(help="How many may come in with it.", min=1, max=MOST_USES)] = 1,
    valid: Annotated[str, typer.Option(help="For how long: 90m, 24h, 7d, 4w.")] = "7d",
    json: Json = False,
) -> None:
    """Make a code that lets in; it is shown once and kept nowhere. It is typed to the bot, or stands behind /start."""
    if role not in set(Role):
        raise BadInput(f"“{role}” is not a role.", field="role", hint=f"There are: {', '.join(Role)}.")
    code, until = invitations.new_code(), _until(valid)
    with store.opened(settings.load()) as kept:
        kept.database.transact(
            lambda session: invitations.make(
                session, kept.keyring, code, role=Role(role), uses=uses, until=until, now=utc_now()
            )
        )
    if json:
        printing.as_json({"code": code, "role": role, "uses": uses, "until": until})
        return
    times = "once" if uses == 1 else f"{uses} times"
    printing.say(f"{code}\nLets in as {role}, {times}, until {printing.berlin(until)} (Munich).")


@app.command()
def entrust(
    chat_id: Id,
    person_id: Annotated[int, typer.Argument(help="The person's number, as mta watch list shows it.")],
) -> None:
    """Say that a chat stands for a person who was entered here: from now on it gets their notices."""

    def write(session: Session) -> None:
        store.chat_of(session, chat_id)
        if people.find_by_id(session, person_id) is None:
            raise BadInput(f"There is no person {person_id}.", field="person", hint="See: mta watch list")
        chats.entrust(session, chat_id, person_id, now=utc_now())

    with store.opened(settings.load()) as kept:
        kept.database.transact(write)
    printing.say(f"Chat {chat_id} stands for person {person_id}.")


@app.command()
def block(chat_id: Id) -> None:
    """Take no more words from a chat and send it none; its watches are paused."""

    def bar(session: Session) -> int:
        store.chat_of(session, chat_id)
        return len(chats.bar(session, chat_id, now=utc_now()))

    with store.opened(settings.load()) as kept:
        paused = kept.database.transact(bar)
    printing.say(f"Chat {chat_id} is blocked; watches paused: {paused}.")


@app.command()
def unblock(chat_id: Id) -> None:
    """Let a blocked chat go on; what was paused for that reason alone goes on too."""

    def unbar(session: Session) -> ChatState:
        store.chat_of(session, chat_id)
        return chats.unbar(session, chat_id, now=utc_now()).state

    with store.opened(settings.load()) as kept:
        state = kept.database.transact(unbar)
    printing.say(f"Chat {chat_id} is {state}.")


def _summary(session: Session, chat: Chat) -> dict[str, Any]:
    return {
        "id": chat.id,
        "state": str(chat.state),
        "role": str(chat.role),
        "language": str(chat.language),
        "persons": [one.id for one in chats.people_of(session, chat.id)],
        "open_watches": len(chat_watches.of_chat(session, chat.id, WatchState.OPEN)),
        "agreed": chat.consent_at,
        "barred": chat.barred_at is not None,
    }


def _state(written: str) -> ChatState | None:
    if written and written not in set(ChatState):
        raise BadInput(f"“{written}” is not a state.", field="state", hint=f"There are: {', '.join(ChatState)}.")
    return ChatState(written) if written else None


def _until(written: str) -> datetime:
    length = span(written, field="valid")
    if not timedelta(0) < length <= LONGEST:
        raise BadInput("An invitation is valid for a year at most.", field="valid", hint="Such as 7d.")
    return utc_now() + length
