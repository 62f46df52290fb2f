"""THE TABLE of the wish's steps."""

from bot.wish import also, offices, service, who
from bot.wish.step import Step

EVERY: tuple[Step, ...] = (
    who.STEP,
    service.STEP,
    also.STEP,
    offices.STEP,
)
