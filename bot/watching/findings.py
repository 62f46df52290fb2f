"""Why nothing came of a watch yet, read from the rows: what was looked at and seen, and what would have helped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot import relaxing
from bot.context import Talk
from bot.relaxing import Permits
from core.catalog import Catalog
from core.coverage import Span
from core.ledger import Account
from core.replay import Gain, History
from core.slots import BERLIN
from models import ledger, looks, people, recorded
from models.database import Session
from models.looks import Tally
from models.watch import Watch

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Findings:
    """`tally` counts the looks of the account's span; `history` is the wish's last week, whenever it was made."""

    account: Account
    tally: Tally
    history: History
    gain: Gain | None


def of_watch(talk: Talk, watch: Watch, catalog: Catalog | None) -> Callable[[Session], Findings]:
    """For `talk.read`."""
    now = talk.now

    def read(session: Session) -> Findings:
        account = ledger.account(session, watch, longest=WEEK, now=now)
        wish = recorded.wish_of(session, watch)
        history = recorded.history(session, watch.services, wish, Span(now - WEEK, now))
        return Findings(
            account=account,
            tally=looks.tally(session, watch.target_id, since=account.span.start, until=account.span.end),
            history=history,
            gain=relaxing.best(history, permits_of(session, talk, watch, catalog)),
        )

    return read


def permits_of(session: Session, talk: Talk, watch: Watch, catalog: Catalog | None) -> Permits:
    person = people.get(session, watch.person_id)
    return Permits(
        services=watch.services,
        contact=people.contact(talk.parts.keyring, person),
        catalog=catalog,
        today=talk.now.astimezone(BERLIN).date(),
    )
