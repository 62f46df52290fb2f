"""Changing a watch: the wish it was made of, opened at its summary."""

from bot.context import Talk
from bot.screens import Button
from bot.wish.buttons import EditInstead
from bot.wish.form import Form, StepName
from bot.wish.runner import Runner
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
    """Show it, and hear what is typed from here on. A half-made wish is not lost by it: the person is asked first."""
    runner = Runner(EVERY)
    half_made = await runner.half_made(talk)
    if half_made is None or form.watch_id is None or half_made.watch_id == form.watch_id:
        await runner.show(talk, form)
        return
    other = Button(talk.words.label("wish.edit_instead"), EditInstead(form.watch_id))
    await runner.ask(talk, half_made, other)
