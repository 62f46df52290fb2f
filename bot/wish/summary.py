"""SUMMARY: the whole wish in words, each line with its way back, how it would have gone lately, and the mandate."""

from dataclasses import dataclass
from typing import Final

from bot import relaxing
from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html, escaped
from bot.screens import Button, Rows, Screen, grid, lines, paragraphs, rows
from bot.texts import Words
from bot.wish import afterwards, easing, saving, terms, wording
from bot.wish.form import KIND, Form, StepName
from bot.wish.known import Known, known
from bot.wish.step import Step
from core.catalog import Catalog
from core.errors import BadInput
from core.services import ServiceCount

EDITED: Final = tuple(one for one in StepName if one is not StepName.SUMMARY)


@dataclass(frozen=True)
class EditStep(Callback, word="sumedit"):
    step: StepName


@dataclass(frozen=True)
class EaseWish(Callback, word="sumwider"):
    """`mark` is a relaxation's, as relaxing.mark has it."""

    mark: str


@dataclass(frozen=True)
class SaveWish(Callback, word="sumsave"):
    pass


async def draw(talk: Talk, form: Form) -> Screen:
    words, about = talk.words, await known(talk, form)
    missing = missing_step(form, about)
    return Screen(
        paragraphs(
            words.say("wish_when.summary.changed" if form.watch_id is not None else "wish_when.summary.title"),
            *_told(form, about, words),
            easing.in_words(about.lately, words) if about.lately else "",
            words.say("wish_when.summary.missing") if missing else _agreed(form, about, words),
        ),
        (*_easier(about, words), *_edits(words), *(_save(form, words) if missing is None else ())),
    )


async def edit(_: Talk, form: Form, chosen: EditStep) -> Form:
    return form.at(chosen.step)


async def ease(talk: Talk, form: Form, chosen: EaseWish) -> Form:
    """The change as it is computed here: what the button says is only its name."""
    about = await known(talk, form)
    wish = about.wish(form)
    relaxation = relaxing.marked(wish, chosen.mark, about.permits)
    if relaxation is None:
        raise BadInput("That is none of the choices.", code="no_choice")
    eased = relaxation.apply(wish)
    return form.changed(rules=eased.rules, office_ids=eased.office_ids)


async def save(talk: Talk, _: Form, __: SaveWish) -> None:
    """Of the form as the rows have it. The conversation ends with it."""
    saved = await saving.save(talk)
    if saved is None:
        await talk.show(afterwards.twice(talk.words), purpose=KIND)
        return
    await talk.show(await afterwards.screen(talk, saved), purpose=KIND)


def missing_step(form: Form, about: Known) -> StepName | None:
    """Where something is still to be chosen."""
    if form.person_id is None or not about.name:
        return StepName.WHO
    if not form.services:
        return StepName.SERVICE
    return StepName.MODE if form.mode is None else None


def _told(form: Form, about: Known, words: Words) -> tuple[Html, ...]:
    said = {
        "who": escaped(about.name) if about.name else words.say("wish_when.summary.open"),
        "services": _services(form, about.catalog, words) or words.say("wish_when.summary.open"),
        "offices": _offices(form, about.catalog, words),
        "days": wording.days(form.rules, words),
        "hours": wording.hours(form.rules.hours, words),
        "notice": wording.notice(form.rules, words),
        "mode": escaped(wording.mode(form.mode, words)) if form.mode else words.say("wish_when.summary.open"),
    }
    told = [lines(words.say(f"wish_when.summary.head.{name}"), text) for name, text in said.items()]
    if about.replaces is not None:
        told.append(words.say("wish_when.summary.replaces", first=about.replaces))
    return tuple(told)


def _services(form: Form, catalog: Catalog | None, words: Words) -> Html:
    return lines(*(_service(one, catalog, words) for one in form.services))


def _service(wanted: ServiceCount, catalog: Catalog | None, words: Words) -> Html:
    service = catalog.service_by_id.get(wanted.service_id) if catalog else None
    name = service.name if service else words.label("wish_when.service", number=wanted.service_id)
    return words.say("wish_when.times", name=name, count=wanted.count)


def _offices(form: Form, catalog: Catalog | None, words: Words) -> Html:
    if not form.office_ids:
        return words.say("wish_when.any_office")
    offices = catalog.office_by_id if catalog else {}
    return lines(
        *(
            words.say(
                "wish_when.choice",
                number=place,
                name=offices[one].name if one in offices else words.label("wish_when.office", number=one),
            )
            for place, one in enumerate(form.office_ids, start=1)
        )
    )


def _agreed(form: Form, about: Known, words: Words) -> Html:
    ends = form.rules.last_day
    return paragraphs(
        words.say("wish_when.summary.ends", last=ends) if ends is not None else "",
        words.say("wish_when.summary.waits_anew") if about.waits_anew else "",
        terms.shown(form.mode, words) if form.mode else "",
    )


def _easier(about: Known, words: Words) -> Rows:
    best = about.lately.best if about.lately else None
    if best is None:
        return ()
    return rows(Button(relaxing.offer(best, about.catalog, words), EaseWish(relaxing.mark(best.relaxation))))


def _edits(words: Words) -> Rows:
    return grid(
        (Button(words.label(f"wish_when.summary.edit.{step}"), EditStep(step)) for step in EDITED),
        columns=2,
    )


def _save(form: Form, words: Words) -> Rows:
    label = words.label("wish_when.summary.save" if form.watch_id is None else "wish_when.summary.save_change")
    return rows(Button(label, SaveWish()))


STEP = Step(StepName.SUMMARY, draw, taps={EditStep: edit, EaseWish: ease, SaveWish: save})
