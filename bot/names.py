"""What those are called whom a chat stands for."""

from models import chats, people
from models.database import Session
from models.keyring import Keyring


def of_chat(session: Session, keyring: Keyring, chat_id: int) -> dict[int, str]:
    """First names by the person's id, where there are several; nobody needs to be told apart from themselves."""
    theirs = [one for one in chats.people_of(session, chat_id) if one.sealed_contact is not None]
    return {one.id: people.contact(keyring, one).first_name for one in theirs} if len(theirs) > 1 else {}
