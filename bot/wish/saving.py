"""From a form that was seen in full to an open watch: all checked again, then written in one transaction."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bot.context import Talk
from bot.rights import NotTheirs, check_person, watch_of
from bot.wish import terms
from bot.wish.form import KIND, Form, StepName
from core.catalog import Catalog
from core.contact import Contact
from core.errors import BadInput
from core.horizon import last_bookable
from core.slots import BERLIN
from core.wishes import Mode, ahead, gives_up_at, refuse_none, refuse_past
from models import drafts, people, watches, wishing
from models.database import Session
from models.watch import Watch
from models.wishing import Consent, Wanted

FARTHEST: Final = timedelta(days=800)  # days that are looked through for one that suits


@dataclass(frozen=True, slots=True)
class Saved:
    watch: Watch
    is_new: bool


async def save(talk: Talk) -> Saved | None:
    """None when there is no draft: it was saved already. Raises BadInput, after which the draft is as it was."""
    catalog = await talk.parts.catalog()
    if catalog is None:
        raise BadInput("The City's catalogue was not fetched yet.", code="catalog_missing")
    return await talk.act(lambda session: _write(session, talk, catalog))


def _write(session: Session, talk: Talk, catalog: Catalog) -> Saved | None:
    kept = drafts.load(session, talk.parts.keyring, talk.chat.id, KIND)
    if kept is None:
        return None
    form = Form.model_validate(kept)
    if form.step is not StepName.SUMMARY:
        raise NotTheirs  # a button of a message that shows something else by now
    if not drafts.drop(session, talk.chat.id, KIND):
        return None  # another process was quicker
    contact = _contact(session, talk, form)
    wanted = _wanted(form, today=talk.now.astimezone(BERLIN).date())
    wanted.check(catalog, contact)
    return Saved(_written(session, talk, form, wanted, catalog=catalog), is_new=form.watch_id is None)


def _written(session: Session, talk: Talk, form: Form, wanted: Wanted, *, catalog: Catalog) -> Watch:
    consent, now = Consent(terms.recorded(wanted.mode, talk.words)), talk.now
    if form.watch_id is None:
        person_id, caps = form.person_id or 0, talk.parts.caps
        return wishing.begin(session, person_id, wanted, consent, catalog=catalog, caps=caps, now=now)
    watch = watch_of(session, talk.chat.id, form.watch_id)
    if watch.person_id != form.person_id:
        raise BadInput("A watch stays its person's.", field="person", code="watch_person")
    wanted = replace(wanted, deadline=watches.deadline_with(watch, wanted.rules))
    return wishing.change(session, watch.id, wanted, consent, catalog=catalog, now=now)


def _contact(session: Session, talk: Talk, form: Form) -> Contact:
    """The person's, who must be the chat's still."""
    if form.person_id is None:
        raise BadInput("Nobody is named.", field="person", code="missing")
    check_person(session, talk.chat.id, form.person_id)
    return people.contact(talk.parts.keyring, people.get(session, form.person_id))


def _wanted(form: Form, *, today: date) -> Wanted:
    """Without the days that are over; raises BadInput where none is left, or something is not chosen."""
    if not form.services or form.mode is None:
        raise BadInput("Something is missing.", code="missing")
    rules = ahead(form.rules, today=today)
    refuse_past(rules, today=today)
    last = max(last_bookable(today), min(rules.last_day or today, today + FARTHEST))
    refuse_none(rules, today=today, last=last)
    return Wanted(form.services, form.office_ids, rules, Mode(form.mode), gives_up_at(rules))
