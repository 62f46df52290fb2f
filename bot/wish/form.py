"""A wish while it is being made: what was chosen so far, and where in the conversation it stands. Kept as a draft."""

import json
import zlib
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from core.services import ServiceCount
from core.wishes import Mode, WishRules

KIND = "wish"  # the draft's kind, and the purpose of the conversation's message


class StepName(StrEnum):
    """In the order of the conversation. The values stand in buttons: keep them short."""

    WHO = "who"
    SERVICE = "service"
    ALSO = "also"  # counts and combinable services
    OFFICES = "offices"
    DAYS = "days"
    HOURS = "hours"
    NOTICE = "notice"
    MODE = "mode"
    SUMMARY = "summary"


class Near(BaseModel):
    """What offices are sorted by, kept in the draft alone. Without a name it is the place that was sent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    latitude: float
    longitude: float
    name: str = ""


class Form(BaseModel):
    """`office_ids` in order of preference, none meaning any. `watch_id` is the watch that is being changed, if any.

    Once the summary was seen (`reviewed`), every step leads back to it. A step may keep what it shows in `view`.
    `heard` is the update that was understood last: after a kill Telegram brings it once more.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # an older program reads what a newer one kept

    step: StepName = StepName.WHO
    reviewed: bool = False
    person_id: int | None = None
    services: tuple[ServiceCount, ...] = ()
    office_ids: tuple[int, ...] = ()
    rules: WishRules = WishRules()
    mode: Mode | None = None
    watch_id: int | None = None
    near: Near | None = None
    heard: int | None = None
    view: dict[str, Any] = {}

    @property
    def mark(self) -> int:
        """Tells one view of a step from another."""
        return zlib.crc32(json.dumps(self.view, sort_keys=True).encode())

    def changed(self, **fields: Any) -> Self:
        """The same wish with other fields, in the same step."""
        return self.model_copy(update=fields)

    def at(self, step: StepName) -> Self:
        """The same wish in that step, which begins with an empty view."""
        reviewed = self.reviewed or step is StepName.SUMMARY
        return self.model_copy(update={"step": step, "reviewed": reviewed, "view": {}})

    def onward(self) -> Self:
        """To the next step; to the summary once that was seen."""
        order = list(StepName)
        following = order[min(order.index(self.step) + 1, len(order) - 1)]
        return self.at(StepName.SUMMARY if self.reviewed else following)

    def back(self) -> Self:
        order = list(StepName)
        return self.at(StepName.SUMMARY if self.reviewed else order[max(order.index(self.step) - 1, 0)])
