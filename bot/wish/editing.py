"""Changing a watch: the wish it was made of, opened at its summary."""

from bot.context import Talk
from bot.screens import Button
from bot.wish.buttons import EditInstead
from bot.wish.form import Form, StepName
from bot.wish.runner import Runner, half_made_question
from bot.wish.steps import EVERY
from models.watch import Watch


def form_of(watch: Watch) -> Form:
    return Form(
        person_id=watch.person_id,
        services=tuple(watch.services),
        office_ids=tuple(watch.office_ids),
        rules=watch.rules,
        mode=watch.mode,
        watch_id=watch.id,
    ).at(StepName.SUMMARY)


async def open_form(talk: Talk, form: Form) -> None:
    """Show it, and hear what is typed from here on. What is half made is not lost by it: the person is asked first."""
    runner, words = Runner(EVERY), talk.words
    half_made = await runner.half_made(talk)
    if half_made is None or form.watch_id is None or _loses_nothing(half_made, form):
        await runner.show(talk, form)
    elif half_made.watch_id == form.watch_id:
        other = Button(words.label("wish.edit_anew"), EditInstead(form.watch_id))
        await runner.ask(talk, half_made, words.say("wish.half_edited"), other)
    else:
        other = Button(words.label("wish.edit_instead"), EditInstead(form.watch_id))
        await runner.ask(talk, half_made, half_made_question(half_made, words), other)


def _loses_nothing(half_made: Form, form: Form) -> bool:
    """Whether it is the same search as it is saved, with nothing half entered in a step."""
    return not half_made.view and half_made.changed(near=None, heard=None).at(form.step) == form
