"""How much one person, and one operator, may ask of the City. Zero is refused: a cap is never "no limit"."""

from pydantic import BaseModel, ConfigDict, Field


class Caps(BaseModel):
    """`holds_per_day` counts a person's holds at the City in 24 hours, `swaps` their replaced appointments in 30 days.

    `watches` and `holds` are the operator's: open watches, and holds under way at the same time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    watches_per_person: int = Field(default=5, ge=1)
    holds_per_day: int = Field(default=10, ge=1)
    swaps: int = Field(default=2, ge=1)
    watches: int = Field(default=1000, ge=1)
    holds: int = Field(default=20, ge=1)
