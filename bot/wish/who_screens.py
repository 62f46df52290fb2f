"""What step WHO shows: whom there is to choose from, one question after the other, and what was answered."""

from collections.abc import Sequence

from bot.markup import Html
from bot.screens import Button, Rows, Screen, lines, paragraphs, rows, short
from bot.texts import Words
from bot.wish.newcomer import ASKED, OPTIONAL, Field, Newcomer
from bot.wish.who_buttons import Details, Fill, ForWhom, LeaveOut, SoBeIt, SomebodyElse

MOST_LISTED = 40  # people; a chat with more is not a family


def choosing(words: Words, known: Sequence[tuple[int, str]], *, chosen: int | None) -> Screen:
    """`known` are numbers and names; each can be taken, or looked at."""
    listed = []
    for person_id, name in known[:MOST_LISTED]:
        label = words.label("wish.who.still" if person_id == chosen else "wish.who.person", name=name)
        about = words.label("wish.who.details", name=name)
        listed.append((Button(short(label), ForWhom(person_id)), Button(short(about), Details(person_id))))
    somebody = Button(words.label("wish.who.somebody_else"), SomebodyElse())
    return Screen(words.say("wish.who.choose"), rows(*listed, somebody))


def asking(words: Words, newcomer: Newcomer, field: Field) -> Screen:
    so_far = lines(*(_line(words, newcomer, one) for one in newcomer.lines if newcomer[one] and one is not field))
    return Screen(
        paragraphs("" if newcomer.whole else so_far, _place(words, newcomer, field), _question(words, newcomer, field)),
        _without(words, newcomer, field),
    )


def checking(words: Words, newcomer: Newcomer) -> Screen:
    """All of it, each line with a button to change it, and what is agreed to with it."""
    listed = lines(*(_line(words, newcomer, one) for one in newcomer.lines))
    mandate = words.say("wish.who.mandate") if newcomer.person_id is None else ""
    agree = words.label("wish.who.agree" if newcomer.person_id is None else "wish.who.keep")
    changes = [Button(_change(words, newcomer, one), Fill(one)) for one in newcomer.lines]
    pairs = [tuple(changes[start : start + 2]) for start in range(0, len(changes), 2)]
    return Screen(
        paragraphs(words.say("wish.who.check"), listed, mandate),
        rows(Button(agree, SoBeIt()), *pairs),
    )


def _place(words: Words, newcomer: Newcomer, field: Field) -> str:
    if newcomer.whole or field not in ASKED:
        return ""
    return words.say("wish.who.question", number=ASKED.index(field) + 1, most=len(ASKED))


def _question(words: Words, newcomer: Newcomer, field: Field) -> Html:
    """An office's own word for what it demands, where it has one."""
    if field in newcomer.demanded and field is not Field.PHONE:
        return words.say(
            "wish.who.ask.demanded", name=newcomer.demanded[field] or words.label(f"wish.who.name.{field}")
        )
    if field in newcomer.demanded:
        return words.say("wish.who.ask.phone_demanded")
    return words.say(f"wish.who.ask.{field}")


def _without(words: Words, newcomer: Newcomer, field: Field) -> Rows:
    if field not in OPTIONAL or field in newcomer.demanded:
        return ()
    label = words.label("wish.who.remove" if newcomer[field] else "wish.who.skip")
    return rows(Button(label, LeaveOut(field)))


def _line(words: Words, newcomer: Newcomer, field: Field) -> Html:
    value = newcomer[field] or words.label("wish.who.none")
    return words.say("wish.who.line", name=_name(words, newcomer, field), names=value)


def _change(words: Words, newcomer: Newcomer, field: Field) -> str:
    name = _name(words, newcomer, field)
    return short(words.label("wish.who.change" if newcomer[field] else "wish.who.add", name=name))


def _name(words: Words, newcomer: Newcomer, field: Field) -> str:
    return newcomer.demanded.get(field) or words.label(f"wish.who.name.{field}")
