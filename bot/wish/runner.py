"""Runs the wish conversation: keeps its form, hands taps and words to the step it stands in, and draws it."""

from collections.abc import Awaitable, Sequence

from pydantic import ValidationError
from telegram import Message

from bot import errors
from bot.callbacks import Callback
from bot.context import Talk
from bot.markup import Html
from bot.rights import NotTheirs, watch_of
from bot.screens import Button, Rows, Screen, paragraphs, rows
from bot.texts import Words
from bot.wish import catalogue, header
from bot.wish.buttons import Afresh, Back, Cancel, Drop, GoOn, NewWish
from bot.wish.catalogue import NoCatalog
from bot.wish.form import KIND, Form, StepName
from bot.wish.step import Step
from core.catalog import Catalog
from core.errors import BadInput
from models import chat_messages, chats, drafts
from models.database import Session

_ORDER = list(StepName)


class Runner:
    """`steps` may lack some: those are passed by."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = {one.name: one for one in steps}

    async def begin(self, talk: Talk, _: NewWish | None = None) -> None:
        """A new wish; with one half made, the question which."""
        form = await self.half_made(talk)
        if form is None:
            await self.show(talk, Form())
        else:
            other = Button(talk.words.label("wish.afresh"), Afresh())
            await self.ask(talk, form, half_made_question(form, talk.words), other)

    async def ask(self, talk: Talk, form: Form, question: Html, other: Button) -> None:
        """Whether to go on with what is half made, or to drop it for something else."""
        shown = paragraphs(question, await header.above(talk, form, list(self._steps)))
        go_on = Button(talk.words.label("wish.go_on"), GoOn())
        await talk.show(Screen(shown, rows(go_on, other)), purpose=KIND)

    async def go_on(self, talk: Talk, _: GoOn) -> None:
        await self._where_it_stands(talk)

    async def afresh(self, talk: Talk, _: Afresh) -> None:
        await self.show(talk, Form())

    async def tap(self, talk: Talk, chosen: Callback) -> None:
        """Of a step; one that the conversation has left meanwhile changes nothing."""
        form = await self._form(talk)
        taken = self._steps[form.step].taps.get(type(chosen)) if form else None
        if form is None or taken is None:
            await talk.toast(talk.words.label("wish.moved_on"))
            await self._where_it_stands(talk)
            return
        await self._follow(talk, form, taken(talk, form, chosen))

    async def typed(self, talk: Talk, message: Message) -> None:
        form = await self._form(talk)
        read = self._steps[form.step].typed if form else None
        if form is None or form.heard == talk.update.update_id:
            await self._where_it_stands(talk)
        elif read is None:
            await self._where_it_stands(talk, note=talk.words.say("errors.use_buttons"))
        else:
            form = form.changed(heard=talk.update.update_id)
            await self._follow(talk, form, read(talk, form, message))

    async def back(self, talk: Talk, tapped: Back) -> None:
        form = await self._form(talk)
        if form is None or (form.step, form.mark) != (tapped.step, tapped.view):
            await self._where_it_stands(talk)
            return
        inner = self._steps[form.step].inner
        outer = inner(form) if inner else None
        await self.show(talk, outer or await self._passing_by(talk, form.back(), since=form.step))

    async def cancel(self, talk: Talk, _: Cancel) -> None:
        """Not at the first tap: the button is easily hit."""
        words = talk.words
        buttons = rows(Button(words.label("wish.rather_not"), GoOn()), Button(words.label("wish.drop"), Drop()))
        await talk.show(Screen(words.say("wish.really_drop"), buttons), purpose=KIND)

    async def drop(self, talk: Talk, _: Drop) -> None:
        chat_id = talk.chat.id
        await talk.show(Screen(talk.words.say("wish.dropped")), purpose=KIND)

        def forget(session: Session) -> None:
            drafts.drop(session, chat_id, KIND)
            chat_messages.drop(session, chat_id, KIND)

        await talk.act(forget)

    async def show(self, talk: Talk, form: Form, *, note: str = "") -> None:
        """Keep the form and draw its step; `note` stands above everything."""
        await talk.keep(KIND, form.model_dump(mode="json"))
        try:
            step = await self._steps[form.step].draw(talk, form)
        except NoCatalog:
            step = await _waiting(talk)
        above = await header.above(talk, form, list(self._steps))
        framed = Screen(paragraphs(note, above, step.text), (*step.rows, *self._common(talk, form)))
        await talk.show(framed, purpose=KIND)

    async def _follow(self, talk: Talk, form: Form, answer: Awaitable[Form | None]) -> None:
        try:
            following = await answer
        except BadInput as refused:
            await self.show(talk, form, note=errors.words_of(refused, talk.words))
            return
        if following is None:
            return
        reached = await self._passing_by(talk, following, since=form.step)
        if reached.step is form.step and following.step is not form.step:
            await talk.toast(talk.words.label("wish.nothing_to_ask"))
        await self.show(talk, reached)

    async def _form(self, talk: Talk) -> Form | None:
        """As it was kept, for an answer to what it showed; None where that does not stand any more."""
        kept = await self._kept(talk)
        return kept if kept is not None and await self._standing(talk, kept) is kept else None

    async def _kept(self, talk: Talk) -> Form | None:
        """None when there is none, or none that this program can read."""
        kept = await talk.draft(KIND)
        try:
            return Form.model_validate(kept) if kept is not None else None
        except ValidationError:
            return None

    async def _standing(self, talk: Talk, form: Form) -> Form:
        """Back where something is to be said anew that was erased or given up. Raises NotTheirs for such a watch."""
        chat_id, person_id, watch_id = talk.chat.id, form.person_id, form.watch_id

        def still_theirs(session: Session) -> bool:
            if watch_id is not None:
                watch_of(session, chat_id, watch_id)
            return person_id is None or chats.stands_for(session, chat_id, person_id)

        if not await talk.read(still_theirs):
            return form.changed(person_id=None).at(StepName.WHO)
        if form.step not in self._steps:
            return form.at(next(iter(self._steps)))
        return _as_offered(form, await talk.parts.catalog())

    async def half_made(self, talk: Talk) -> Form | None:
        """One that anything was said in."""
        form = await self._kept(talk)
        try:
            return await self._standing(talk, form) if form is not None and form.changed(heard=None) != Form() else None
        except NotTheirs:  # erased meanwhile: there is nothing to go on with
            return None

    async def _where_it_stands(self, talk: Talk, *, note: str = "") -> None:
        form = await self._kept(talk)
        if form is not None:
            await self.show(talk, await self._standing(talk, form), note=note)
            return
        begin = rows(Button(talk.words.label("wish.new"), NewWish()))
        await talk.show(Screen(talk.words.say("wish.gone"), begin), purpose=KIND)

    async def _passing_by(self, talk: Talk, form: Form, *, since: StepName) -> Form:
        """Past steps that have nothing to ask, in the direction the person goes; where there is no more, it stays."""
        forward = _ORDER.index(form.step) >= _ORDER.index(since)
        while form.step not in self._steps or await self._is_needless(talk, form):
            following = form.onward() if forward else form.back()
            if following.step is form.step:
                return form.at(since)
            form = following
        return form

    async def _is_needless(self, talk: Talk, form: Form) -> bool:
        needless = self._steps[form.step].needless
        return needless is not None and await needless(talk, form)

    def _common(self, talk: Talk, form: Form) -> Rows:
        inner = self._steps[form.step].inner
        leads_back = form.reviewed or form.step is not _ORDER[0] or (inner is not None and inner(form) is not None)
        cancel = Button(talk.words.label("wish.cancel"), Cancel())
        if form.step is StepName.SUMMARY or not leads_back:
            return rows(cancel)
        return rows((Button(talk.words.label("wish.back"), Back(form.step, form.mark)), cancel))


def half_made_question(form: Form, words: Words) -> Html:
    return words.say("wish.half_changed" if form.watch_id is not None else "wish.half_made")


async def _waiting(talk: Talk) -> Screen:
    """The City's list is not here yet: have it brought, and say so."""
    sent = await catalogue.send_for_it(talk)
    text = talk.words.say("wish.catalog_comes" if sent else "wish.no_catalog")
    return Screen(text, rows(Button(talk.words.label("wish.once_more"), GoOn())))


def _as_offered(form: Form, catalog: Catalog | None) -> Form:
    """Without what the City has given up meanwhile; a service that is gone must be chosen anew."""
    if catalog is None:
        return form
    if any(one.service_id not in catalog.service_by_id for one in form.services):
        return form.changed(services=(), office_ids=()).at(StepName.SERVICE)
    kept = tuple(one for one in form.office_ids if one in catalog.office_by_id)
    return form if kept == form.office_ids else form.changed(office_ids=kept).at(StepName.OFFICES)
