"""The screens of “why nothing yet?”: the account of what was seen, and the question before a wish is made wider."""

from collections import Counter
from datetime import timedelta

from bot import relaxing, texts
from bot.context import Talk
from bot.markup import Html, escaped
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows
from bot.texts import Words
from bot.watching import rules, telling
from bot.watching.cards import Card
from bot.watching.findings import WEEK, Findings
from bot.watching.taps import AskToRelax, Relax, ShowWatch, ShowWhy
from core.catalog import Catalog
from core.ledger import Account, Fate
from core.relaxations import Relaxation
from core.replay import History
from models.looks import Tally

_UNTRIED = "too-short"  # core.ledger's reason where there is no other
_TRIED = 3  # reasons of tries in vain that are named


def why(talk: Talk, card: Card, found: Findings, catalog: Catalog | None) -> Screen:
    words = talk.words
    return Screen(
        paragraphs(
            words.say("why.title"),
            Html(f"<b>{escaped(telling.title(card, catalog, words))}</b>"),
            lines(_span(found.account, words), _looks(found.tally, words), telling.outlook(card, talk)),
            *(_seen(found, words) if _could_see(found.tally) else ()),
            _advice(found, catalog, words),
        ),
        _choices(card, found, catalog, words),
    )


def ask_to_relax(
    talk: Talk, card: Card, relaxation: Relaxation, history: History, *, catalog: Catalog | None
) -> Screen:
    """What will be another one afterwards, and that nothing else will."""
    words, rule, wish = talk.words, relaxation.rule, history.wish
    before, after = (rules.value(one, rule, catalog, words) for one in (wish, relaxation.apply(wish)))
    more = next((gain.more for gain in history.had.gains if gain.relaxation == relaxation), 0)
    return Screen(
        paragraphs(
            words.say("why.ask", name=telling.title(card, catalog, words)),
            Html(f"<b>{escaped(relaxing.label(relaxation, catalog, words))}</b>"),
            lines(
                Html(f"<i>{escaped(rules.name(rule, words))}</i>"),
                words.say("why.until_now", what=escaped(before, longest=rules.LONGEST)),
                words.say("why.from_now", what=escaped(after, longest=rules.LONGEST)),
            ),
            words.say("why.would_have", count=more) if more else "",
            words.say("why.stays"),
        ),
        rows(
            Button(words.label("why.yes"), Relax(card.watch.id, relaxing.mark(relaxation))),
            Button(words.label("why.no"), ShowWhy(card.watch.id)),
        ),
    )


def _span(account: Account, words: Words) -> Html:
    if account.span.lasts >= WEEK:
        return words.say("why.week")
    return words.say("why.since", when=account.span.start)


def _looks(tally: Tally, words: Words) -> Html:
    if not tally.made:
        return words.say("why.no_looks")
    if not _could_see(tally):
        return words.say("why.all_blind", count=tally.made)
    looked = words.say("why.looks", count=tally.made)
    return Html(
        f"{looked} {words.say('why.blind', count=tally.blind) if tally.blind else words.say('why.never_blind')}"
    )


def _could_see(tally: Tally) -> bool:
    return tally.made > tally.blind


def _seen(found: Findings, words: Words) -> list[Html]:
    account = found.account
    if not account.seen:
        return [words.say("why.seen_none")]
    refused = [Html(f"• {words.say(f'why.rule.{rule}')}: {number}") for rule, number in account.refused.items()]
    return [
        words.say("why.seen", count=account.seen),
        lines(words.say("why.unfit", count=account.unfit), *refused) if account.unfit else Html(""),
        lines(words.say("why.fitted", count=len(account.lines)), *_fates(account, words))
        if account.lines
        else words.say("why.fitted_none"),
    ]


def _fates(account: Account, words: Words) -> list[Html]:
    """Each fate with its number, the most frequent first; of what was tried in vain also why."""
    told: Counter[str] = Counter()
    vain: Counter[str] = Counter()
    for (fate, reason), number in account.fates.items():
        told[_key(fate, reason)] += number
        if fate is Fate.TRIED and reason:
            vain[reason] += number
    whys = " ".join(escaped(texts.reason(code, words.language)) for code, _ in vain.most_common(_TRIED))
    said = {key: _fate(key, number, words) for key, number in told.most_common()}
    if Fate.TRIED in said:
        said[Fate.TRIED] = Html(f"{said[Fate.TRIED]} {whys}".strip())
    return list(said.values())


def _fate(key: str, number: int, words: Words) -> Html:
    return Html(f"• {words.say(f'why.fate.{key}', count=number)}")


def _key(fate: Fate, reason: str) -> str:
    """What a slot's fate is called in the texts; a reason nobody foresaw is told by the fate alone."""
    if fate in (Fate.BOOKED, Fate.UNDER_WAY, Fate.TRIED):
        return str(fate)
    if fate is Fate.FREE and reason == _UNTRIED:
        return str(fate)
    return reason if Words("de").has(f"why.fate.{reason}") else str(fate)


def _advice(found: Findings, catalog: Catalog | None, words: Words) -> Html:
    """What one change of a rule would have won; without records nothing is said of it."""
    history = found.history
    in_sight = max(history.concerned, default=timedelta(0))
    if not in_sight and not history.had.offered:
        return words.say("why.no_records")
    if found.gain is None:
        return words.say("why.no_gain")
    change = relaxing.label(found.gain.relaxation, catalog, words)
    return lines(
        words.say("why.gain", name=change, count=found.gain.more),
        words.say("why.counted"),
    )


def _choices(card: Card, found: Findings, catalog: Catalog | None, words: Words) -> Rows:
    number = card.watch.id
    back = Button(words.label("why.back"), ShowWatch(number))
    if found.gain is None or not card.going_on:
        return rows(back)
    label = relaxing.offer(found.gain, catalog, words)
    return rows(Button(label, AskToRelax(number, relaxing.mark(found.gain.relaxation))), back)
