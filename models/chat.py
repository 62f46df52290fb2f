"""A conversation on Telegram. Which one it is, is personal data: sealed, and found again by its mark."""

from datetime import datetime, time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger
from sqlmodel import Field

from models.columns import model, word
from models.person import Language
from models.row import Row


class Role(StrEnum):
    PERSON = "person"
    OPERATOR = "operator"


class ChatState(StrEnum):
    """Invited: let in, not yet agreed. Left: of their own will. Blocked: Telegram, or the operator, says so."""

    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"
    BLOCKED = "blocked"


class ChatSettings(BaseModel):
    """What a chat may choose. Quiet hours are Munich's and may span midnight; without both ends there are none.

    `digest` puts news of several watches that came meanwhile into one message.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # an older program reads what a newer one wrote

    quiet_from: time | None = None
    quiet_to: time | None = None
    digest: bool = True


class Chat(Row, table=True):
    """`sealed_id` and `mark` are None once it was erased.

    `consent_version` names the text that was agreed to. `barred_at` is set while the operator wants nothing to do with
    it. `last_update_id` is what Telegram last brought from there and was dealt with. Until `rest_until` Telegram takes
    nothing for it; `leased_by` is who delivers to it now.
    """

    id: int = Field(default=None, primary_key=True)
    sealed_id: str | None = Field(default=None, repr=False)
    mark: str | None = Field(default=None, repr=False, unique=True)
    language: Language = Field(default=Language.DE, sa_type=word(Language))
    role: Role = Field(default=Role.PERSON, sa_type=word(Role))
    state: ChatState = Field(default=ChatState.INVITED, sa_type=word(ChatState))
    settings: ChatSettings = Field(default_factory=ChatSettings, sa_type=model(ChatSettings))
    consent_version: str = ""
    consent_at: datetime | None = None
    created_at: datetime
    barred_at: datetime | None = None
    last_update_id: int | None = Field(default=None, sa_type=BigInteger)
    rest_until: datetime | None = None
    lease_until: datetime | None = None
    leased_by: str = ""
