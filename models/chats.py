"""Chats: met, let in, agreed, moved, blocked, erased; and who a chat stands for."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlmodel import Session, col

from core.contact import Contact
from core.errors import BadInput
from models import chat_watches, notices, people
from models.chat import Chat, ChatSettings, ChatState, Role
from models.chat_message import ChatMessage
from models.chat_person import ChatPerson
from models.database import AlreadyThere, put
from models.draft import Draft
from models.erasure import Erasure
from models.keyring import Keyring
from models.notice import Notice
from models.person import Language, Person

SEEN_BEFORE = 100  # updates of all chats that may come out of their order
_OF_CHATS = (ChatPerson, Draft, ChatMessage, Erasure)


class KnownElsewhere(BadInput):
    """This name and mail address already belong to somebody whom this chat does not stand for."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody of this name and mail address is looked after already, and not in this chat.",
            field="name",
            hint="Ask the operator.",
            code="known_elsewhere",
        )


def find(session: Session, keyring: Keyring, telegram_id: int) -> Chat | None:
    marks = keyring.marks(str(telegram_id))
    return session.scalars(select(Chat).where(col(Chat.mark).in_(marks))).first()


def meet(
    session: Session,
    keyring: Keyring,
    telegram_id: int,
    *,
    language: Language | str,
    now: datetime,
    role: Role = Role.PERSON,
) -> Chat:
    """The chat with this Telegram id, known before or not; a new one is `invited`."""
    known = find(session, keyring, telegram_id)
    if known is not None:
        return known
    made = Chat(
        sealed_id=keyring.seal(str(telegram_id)),
        mark=keyring.marks(str(telegram_id))[0],
        language=Language(language),
        role=role,
        created_at=now,
    )
    try:
        put(session, made)
    except AlreadyThere:  # another process met it at the same moment
        return session.scalars(select(Chat).where(col(Chat.mark) == made.mark)).one()
    return made


def get(session: Session, chat_id: int) -> Chat:
    return session.get_one(Chat, chat_id)


def find_by_id(session: Session, chat_id: int) -> Chat | None:
    """None too for one that was erased."""
    chat = session.get(Chat, chat_id)
    return chat if chat is not None and chat.sealed_id is not None else None


def locked(session: Session, chat_id: int) -> Chat:
    """As it is now and stays until the transaction ends."""
    return session.get_one(Chat, chat_id, with_for_update=True, populate_existing=True)


def names(session: Session, keyring: Keyring, chat_id: int) -> dict[int, str]:
    """The first names of those the chat stands for, by their ids, where there are several."""
    theirs = [one for one in people_of(session, chat_id) if one.sealed_contact is not None]
    if len(theirs) < 2:  # noqa: PLR2004  # then everybody knows whom it is about
        return {}
    return {one.id: people.contact(keyring, one).first_name for one in theirs}


def telegram_id(keyring: Keyring, chat: Chat) -> int:
    """Raises BadInput when the chat was erased, ConfigError when the key is not on the ring."""
    if chat.sealed_id is None:
        raise BadInput("This chat was erased.", field="chat")
    return int(keyring.open(chat.sealed_id))


def mark_anew(session: Session, keyring: Keyring) -> int:
    """Mark with the newest key whatever an older one has marked; how many that were."""
    changed = 0
    for chat in session.scalars(select(Chat).where(col(Chat.sealed_id).is_not(None)).order_by(col(Chat.id))).all():
        mark = keyring.marks(str(telegram_id(keyring, chat)))[0]
        if mark != chat.mark and session.scalars(select(Chat).where(col(Chat.mark) == mark)).first() is None:
            chat.mark = mark
            session.flush()
            changed += 1
    return changed


def agree(session: Session, chat_id: int, version: str, *, now: datetime) -> Chat:
    """The consent, by the version of the text that was shown. From here on the chat is active."""
    chat = get(session, chat_id)
    chat.consent_version, chat.consent_at = version, now
    return activate(session, chat_id, now=now)


def activate(session: Session, chat_id: int, *, now: datetime) -> Chat:
    """It takes messages (again): what was paused because it did not goes on. Not while the operator has barred it."""
    chat = get(session, chat_id)
    if chat.barred_at is not None:
        return chat
    chat.state, chat.rest_until = ChatState.ACTIVE, None
    session.flush()
    chat_watches.go_on(session, chat_id, now=now)
    return chat


def block(session: Session, chat_id: int, *, now: datetime) -> Sequence[int]:
    """It takes no messages: nobody there could answer, so its watches are paused; the ids of those that were."""
    chat = get(session, chat_id)
    chat.state, chat.lease_until, chat.leased_by = ChatState.BLOCKED, None, ""
    session.flush()
    return chat_watches.pause(session, chat_id, now=now)


def bar(session: Session, chat_id: int, *, now: datetime) -> Sequence[int]:
    """The operator wants nothing to do with it; as `block`, until `unbar`."""
    get(session, chat_id).barred_at = now
    return block(session, chat_id, now=now)


def unbar(session: Session, chat_id: int, *, now: datetime) -> Chat:
    """Back to what it was: active if it had agreed."""
    chat = get(session, chat_id)
    chat.barred_at = None
    if chat.consent_at is not None:
        return activate(session, chat_id, now=now)
    chat.state = ChatState.INVITED
    return chat


def dealt_with(session: Session, chat_id: int, update_id: int) -> None:
    chat = get(session, chat_id)
    if not is_behind(update_id, chat.last_update_id):
        chat.last_update_id = update_id


def is_behind(update_id: int, last: int | None) -> bool:
    """Whether it is no later than the last, in numbers that may begin anew after a silent week."""
    return last is not None and last - SEEN_BEFORE < update_id <= last


def speak(session: Session, chat_id: int, language: Language | str) -> Chat:
    """From now on in this language, also to those it stands for."""
    chat = get(session, chat_id)
    chat.language = Language(language)
    theirs = col(Person.id).in_(select(col(ChatPerson.person_id)).where(col(ChatPerson.chat_id) == chat_id))
    session.exec(update(Person).where(theirs).values(language=chat.language))
    return chat


def choose(session: Session, chat_id: int, settings: ChatSettings, *, now: datetime) -> Chat:
    """What the quiet hours held back so far is due anew: those that are chosen now decide about it."""
    chat = locked(session, chat_id)
    chat.settings = settings
    session.flush()
    notices.let_go(session, chat_id, now=now)
    return chat


def moved(session: Session, keyring: Keyring, chat_id: int, telegram_id: int) -> None:
    """Telegram gave the group another id; whoever wrote from there meanwhile is the same chat."""
    chat, met = get(session, chat_id), find(session, keyring, telegram_id)
    if met is not None and met.id != chat_id:
        for row in (*_OF_CHATS, Notice):
            session.exec(delete(row).where(col(row.chat_id) == met.id))
        met.sealed_id, met.mark, met.state = None, None, ChatState.LEFT
        session.flush()
    chat.sealed_id, chat.mark = keyring.seal(str(telegram_id)), keyring.marks(str(telegram_id))[0]


def adopt(session: Session, keyring: Keyring, chat_id: int, contact: Contact, *, now: datetime) -> Person:
    """Whom the chat stands for from now on; the newer details count.

    Raises KnownElsewhere when such a person exists whom this chat did not bring: anybody may know a name and an
    address, and must not get their appointments by it. Raises BadInput when the chat was erased meanwhile.
    """
    if get(session, chat_id).sealed_id is None:
        raise BadInput("This chat was erased.", field="chat", code="erased")
    known = people.find(session, keyring, contact)
    if known is not None and not stands_for(session, chat_id, known.id):
        raise KnownElsewhere
    person = people.add(session, keyring, contact, get(session, chat_id).language, now=now)
    if known is None:
        put(session, ChatPerson(chat_id=chat_id, person_id=person.id, since=now))
    return person


def correct(session: Session, keyring: Keyring, chat_id: int, person_id: int, contact: Contact) -> Person:
    """Other details of somebody the chat stands for. Raises KnownElsewhere as `adopt`, BadInput as people.change."""
    namesake = people.find(session, keyring, contact)
    if namesake is not None and namesake.id != person_id:
        if stands_for(session, chat_id, namesake.id):
            raise BadInput("Somebody of this name and mail address is here already.", field="name", code="known_here")
        raise KnownElsewhere
    people.change(session, keyring, person_id, contact)
    return people.get(session, person_id)


def entrust(session: Session, chat_id: int, person_id: int, *, now: datetime) -> None:
    """The operator says that this chat stands for a person who has none; raises BadInput when they have another."""
    if stands_for(session, chat_id, person_id):
        return
    try:
        put(session, ChatPerson(chat_id=chat_id, person_id=person_id, since=now))
    except AlreadyThere:
        raise BadInput(f"Person {person_id} has another chat.", field="person") from None


def stands_for(session: Session, chat_id: int, person_id: int) -> bool:
    link = select(col(ChatPerson.id)).where(col(ChatPerson.chat_id) == chat_id, col(ChatPerson.person_id) == person_id)
    return session.scalars(link).first() is not None


def people_of(session: Session, chat_id: int) -> Sequence[Person]:
    theirs = select(Person).join(ChatPerson, col(ChatPerson.person_id) == col(Person.id))
    return session.scalars(theirs.where(col(ChatPerson.chat_id) == chat_id).order_by(col(ChatPerson.id))).all()


def of_person(session: Session, person_id: int) -> Chat | None:
    theirs = select(Chat).join(ChatPerson, col(ChatPerson.chat_id) == col(Chat.id))
    return session.scalars(theirs.where(col(ChatPerson.person_id) == person_id)).first()


def list(  # noqa: A001  # read as chats.list
    session: Session, state: ChatState | None = None, *, roles: Iterable[Role] = tuple(Role)
) -> Sequence[Chat]:
    every = select(Chat).where(col(Chat.sealed_id).is_not(None), col(Chat.role).in_(tuple(roles)))
    if state is not None:
        every = every.where(col(Chat.state) == state)
    return session.scalars(every.order_by(col(Chat.id))).all()


def forget(session: Session, chat_id: int, *, now: datetime) -> Sequence[str]:
    """Erase the chat and everybody it stands for; the files that show them, for the caller to delete.

    Raises BadInput while a hold of theirs is under way.
    """
    chat = get(session, chat_id)
    theirs = people_of(session, chat_id)
    files = [file for person in theirs for file in people.erase(session, person.id, now=now)]
    for row in (*_OF_CHATS, Notice):
        session.exec(delete(row).where(col(row.chat_id) == chat_id))
    chat.lease_until, chat.leased_by, chat.rest_until = None, "", None
    chat.sealed_id, chat.mark, chat.state = None, None, ChatState.LEFT
    chat.settings, chat.consent_version, chat.consent_at = ChatSettings(), "", None
    return files


def idle(session: Session, *, now: datetime, after: timedelta) -> Sequence[int]:
    """Chats that stand for nobody and were never used, or are no more, for that long."""
    nobody = ~exists().where(col(ChatPerson.chat_id) == col(Chat.id))
    drafting = exists().where(col(Draft.chat_id) == col(Chat.id))
    unused = col(Chat.state) != ChatState.ACTIVE
    old = (col(Chat.created_at) < now - after) & col(Chat.sealed_id).is_not(None)
    return session.scalars(select(col(Chat.id)).where(old, unused, nobody, ~drafting)).all()
