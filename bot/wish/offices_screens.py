"""What step OFFICES shows: the offices, the districts, and what an office wants that is not there."""

from collections.abc import Mapping, Sequence

from bot.markup import Html, escaped
from bot.screens import Button, Screen, grid, lines, paragraphs, rows, short
from bot.texts import Words
from bot.wish import places
from bot.wish.form import Form, Near
from bot.wish.offices_buttons import (
    AnyOffice,
    DistrictList,
    FarOffice,
    GiveDetails,
    InDistrict,
    LeaveOffice,
    OfficeList,
    OfficePage,
    OfficesDone,
    TakeOffice,
    WithoutThem,
)
from bot.wish.paging import page_of
from bot.wish.places import Place
from core.wanted import Demand, demands

_FAR = 10  # kilometres; from there on nobody asks for hundreds of metres


def choosing(words: Words, every: Sequence[Place], form: Form) -> Screen:
    """The chosen ones are named in their order; each office can be taken, or left again."""
    chosen = _in_order(every, form.office_ids)
    here, number, pages = page_of(every, int(form.view.get("page", 0)))
    return Screen(
        paragraphs(
            words.say("wish.offices.only_one") if len(every) == 1 else words.say("wish.offices.ask"),
            lines(*(_described(words, place, form.near, mixed=_is_mixed(every)) for place in here)),
            _captcha(words, every),
            _chosen(words, chosen),
            _near(words, form.near) if len(every) > 1 else "",
            words.say("wish.page", number=number + 1, most=pages) if pages > 1 else "",
        ),
        rows(*_onward(words, chosen, every), *_taking(words, here, chosen, every), *_turning(words, number, pages))
        + rows(*_sorting(words, form.near, every)),
    )


def districts(words: Words) -> Screen:
    buttons = [Button(short(one.name), InDistrict(one.number)) for one in places.districts()]
    back = rows(Button(words.label("wish.offices.list"), OfficeList()))
    return Screen(words.say("wish.offices.which_district"), grid(buttons, columns=2) + back)


def lacking(words: Words, missing: Mapping[Demand, Sequence[str]], *, others: bool) -> Screen:
    """`others`: whether some of the accepted offices want nothing more."""
    said = lines(*(_wanted(words, demand, names) for demand, names in missing.items()))
    without = [Button(words.label("wish.offices.without_them"), WithoutThem())] if others else []
    give = Button(words.label("wish.offices.give"), GiveDetails())
    return Screen(paragraphs(words.say("wish.offices.lacking"), said), rows(give, *without))


def _in_order(every: Sequence[Place], office_ids: Sequence[int]) -> list[Place]:
    found = (next((place for place in every if one in place.ids), None) for one in office_ids)
    return list(dict.fromkeys(place for place in found if place is not None))


def _described(words: Words, place: Place, near: Near | None, *, mixed: bool) -> Html:
    """`mixed`: whether the check box tells this office from others."""
    parts = [Html(f"• {escaped(place.name)}"), *([escaped(place.address)] if place.address else [])]
    far = place.kilometres(near) if near else None
    if far is not None:
        parts.append(_kilometres(words, far))
    if any(demand.field == "phone" for office in place.offices for demand in demands(office)):
        parts.append(words.say("wish.offices.wants_phone"))
    if place.captcha and mixed:
        parts.append(words.say("wish.offices.captcha"))
    return Html(", ".join(parts))


def _is_mixed(every: Sequence[Place]) -> bool:
    return len({place.captcha for place in every}) > 1


def _captcha(words: Words, every: Sequence[Place]) -> Html:
    if not any(place.captcha for place in every):
        return Html("")
    return words.say("wish.offices.captcha_some" if _is_mixed(every) else "wish.offices.captcha_all")


def _chosen(words: Words, chosen: Sequence[Place]) -> Html:
    named = [words.say("wish.offices.choice", number=place + 1, name=one.name) for place, one in enumerate(chosen)]
    return lines(words.say("wish.offices.chosen"), *named) if named else Html("")


def _near(words: Words, near: Near | None) -> Html:
    if near is None:
        return words.say("wish.offices.where_are_you")
    return words.say("wish.offices.near", name=near.name) if near.name else words.say("wish.offices.near_place")


def _onward(words: Words, chosen: Sequence[Place], every: Sequence[Place]) -> list[Button]:
    if len(every) == 1:
        return [Button(words.label("wish.offices.this_one"), AnyOffice())]
    anywhere = Button(words.label("wish.offices.anywhere"), AnyOffice())
    if not chosen:
        return [anywhere]
    return [Button(words.label("wish.offices.done", count=len(chosen)), OfficesDone()), anywhere]


def _taking(words: Words, here: Sequence[Place], chosen: Sequence[Place], every: Sequence[Place]) -> list[Button]:
    return [_toggle(words, place, chosen) for place in here] if len(every) > 1 else []


def _toggle(words: Words, place: Place, chosen: Sequence[Place]) -> Button:
    if place not in chosen:
        label = words.label("wish.offices.take", number=len(chosen) + 1, name=place.name)
        return Button(short(label), TakeOffice(place.ids[0]))
    label = words.label("wish.offices.leave", number=chosen.index(place) + 1, name=place.name)
    return Button(short(label), LeaveOffice(place.ids[0]))


def _turning(words: Words, number: int, pages: int) -> list[list[Button]]:
    turning = []
    if number > 0:
        turning.append(Button(words.label("wish.page_before"), OfficePage(number - 1)))
    if number + 1 < pages:
        turning.append(Button(words.label("wish.page_after"), OfficePage(number + 1)))
    return [turning] if turning else []


def _sorting(words: Words, near: Near | None, every: Sequence[Place]) -> list[Button]:
    if len(every) == 1:
        return []
    district = Button(words.label("wish.offices.district"), DistrictList())
    return [district] if near is None else [district, Button(words.label("wish.offices.far"), FarOffice())]


def _wanted(words: Words, demand: Demand, names: Sequence[str]) -> Html:
    what = demand.label or words.label(f"wish.who.name.{demand.field}")
    return words.say("wish.offices.wanted", name=what, names=", ".join(dict.fromkeys(names)))


def _kilometres(words: Words, far: float) -> Html:
    number = f"{far:.1f}" if far < _FAR else f"{far:.0f}"
    return words.say("wish.offices.kilometres", name=number.replace(".", words.label("wish.offices.decimal")))
