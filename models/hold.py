"""What the City keeps for us, with its key sealed."""

from datetime import datetime, timedelta

from sqlmodel import Field

from models.row import Row


class Hold(Row, table=True):
    """`sealed_key` is None once the appointment is over. `status` is the City's own word, as read at `read_at`.

    `activation` is how long the City waits for the mailed link, `activation_until` when that ends.
    `link_given_at` is when the person asked us to open the link.
    """

    id: int = Field(default=None, primary_key=True)
    booking_id: int = Field(foreign_key="booking.id", unique=True)
    sealed_key: str | None = Field(default=None, repr=False)
    held_at: datetime
    expires_at: datetime
    activation: timedelta | None = None
    activation_until: datetime | None = None
    display_number: str = ""
    status: str = ""
    read_at: datetime
    link_given_at: datetime | None = None
