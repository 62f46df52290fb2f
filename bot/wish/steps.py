"""THE TABLE of the wish's steps."""

from bot.wish import also, days, hours, mode, notice, offices, service, summary, who
from bot.wish.step import Step

EVERY: tuple[Step, ...] = (
    who.STEP,
    service.STEP,
    also.STEP,
    offices.STEP,
    days.STEP,
    hours.STEP,
    notice.STEP,
    mode.STEP,
    summary.STEP,
)
