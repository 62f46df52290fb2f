"""The one message of a chat that stands for something, to be edited in place."""

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from models.row import Row


class ChatMessage(Row, table=True):
    """`purpose` is a word such as `booking:12` or `start`; `shows` tells what it last showed, as its writer likes."""

    __tablename__ = "chat_message"
    __table_args__ = (UniqueConstraint("chat_id", "purpose"),)

    id: int = Field(default=None, primary_key=True)
    chat_id: int = Field(foreign_key="chat.id")
    purpose: str
    message_id: int = Field(sa_type=BigInteger)
    shows: str = ""
    updated_at: datetime
