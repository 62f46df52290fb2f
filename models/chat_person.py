"""Who a chat stands for."""

from datetime import datetime

from sqlmodel import Field

from models.row import Row


class ChatPerson(Row, table=True):
    """A chat may stand for several persons, a person for one chat alone: whoever knows a name gets no one's news."""

    __tablename__ = "chat_person"

    id: int = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", index=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    since: datetime
