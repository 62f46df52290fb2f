"""“Why nothing yet?”: the account of a watch, and the one change of its wish that would have helped most."""

from bot import first_look, relaxing
from bot.context import Talk
from bot.conversation import Conversation, Tap
from bot.handlers.watches import PURPOSE
from bot.watching import cards, findings, reasons, screens
from bot.watching.cards import Card
from bot.watching.taps import AskToRelax, Relax, ShowWhy
from core.catalog import Catalog
from core.coverage import Span
from core.relaxations import Relaxation
from core.replay import History
from core.wishes import Wish
from models import recorded, watches
from models.database import Session
from models.watch import Watch


async def why(talk: Talk, wanted: ShowWhy) -> None:
    await _show(talk, wanted.watch_id)


async def ask_to_relax(talk: Talk, wanted: AskToRelax) -> None:
    card, catalog = await cards.one(talk, wanted.watch_id), await talk.parts.catalog()

    def read(session: Session) -> tuple[Relaxation | None, History]:
        wish = recorded.wish_of(session, card.watch)
        history = recorded.history(session, card.watch.services, wish, Span(talk.now - findings.WEEK, talk.now))
        permits = findings.permits_of(session, talk, card.watch, catalog)
        return relaxing.marked(wish, wanted.mark, permits), history

    relaxation, history = await talk.read(read)
    if relaxation is None or not card.going_on:
        await _say_it_is_over(talk, card)
        return
    await talk.show(reasons.ask_to_relax(talk, card, relaxation, history, catalog=catalog), purpose=PURPOSE)


async def relax(talk: Talk, wanted: Relax) -> None:
    """Judged once more by the rows as they are in the moment of the change."""
    card, catalog = await cards.one(talk, wanted.watch_id), await talk.parts.catalog()

    def work(session: Session) -> Watch | None:
        watch = watches.locked(session, wanted.watch_id)
        wish = recorded.wish_of(session, watch)
        relaxation = relaxing.marked(wish, wanted.mark, findings.permits_of(session, talk, watch, catalog))
        if relaxation is None or watch.state not in cards.GOING_ON:
            return None
        wider = relaxation.apply(wish)
        captcha = _captcha(wider, watch, catalog) if wider.office_ids != wish.office_ids else None
        return watches.relax(
            session, watch.id, rules=wider.rules, office_ids=wider.office_ids, captcha=captcha, now=talk.now
        )

    changed = await talk.act(work)
    if changed is None:
        await _say_it_is_over(talk, card)
        return
    await first_look.send(talk, changed)
    await talk.toast(talk.words.label("why.done"))
    fresh = await cards.one(talk, wanted.watch_id)
    await talk.show(screens.detail(talk, fresh, catalog), purpose=PURPOSE)


def _captcha(wish: Wish, watch: Watch, catalog: Catalog | None) -> bool:
    offered = catalog.offices_for(watch.services) if catalog else ()
    return any(office.captcha for office in offered if office.id in wish.office_ids)


async def _say_it_is_over(talk: Talk, card: Card) -> None:
    await talk.toast(talk.words.label("why.over"), alert=True)
    await _show(talk, card.watch.id)


async def _show(talk: Talk, watch_id: int) -> None:
    card, catalog = await cards.one(talk, watch_id), await talk.parts.catalog()
    found = await talk.read(findings.of_watch(talk, card.watch, catalog))
    await talk.show(reasons.why(talk, card, found, catalog), purpose=PURPOSE)


CONVERSATION = Conversation(taps=(Tap(ShowWhy, why), Tap(AskToRelax, ask_to_relax), Tap(Relax, relax)))
