"""A way in. The code itself is kept nowhere."""

from datetime import datetime

from sqlmodel import Field

from models.chat import Role
from models.columns import word
from models.row import Row


class Invitation(Row, table=True):
    """`made_by` is the operator's chat; None is the console."""

    id: int = Field(default=None, primary_key=True)
    mark: str = Field(repr=False, unique=True)
    role: Role = Field(sa_type=word(Role))
    made_by: int | None = Field(default=None, foreign_key="chat.id", index=True)
    uses_left: int
    until: datetime
    created_at: datetime
