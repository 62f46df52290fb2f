"""The mta command: every subcommand in one place, and the one border where an error becomes a sentence."""

import typer

from config import logs
from console import (
    batch,
    bench,
    bookings,
    catalog,
    chats,
    demo,
    doctor,
    halting,
    keys,
    lane,
    look,
    portal,
    rehearsal,
    roles,
    stats,
    up,
    watch,
)
from console.printing import remark
from core.errors import BadInput, ConfigError, MtaError

USAGE, FAILED = 2, 1

app = typer.Typer(
    name="mta",
    help="Watches the City of Munich's appointment pages and books the first slot that pleases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("up")(up.up)
app.command("worker")(roles.worker)
app.command("scheduler")(roles.scheduler)
app.command("bot")(roles.bot)
app.command("doctor")(doctor.doctor)
app.command("look")(look.look)
app.add_typer(catalog.app, name="catalog")
app.add_typer(portal.app, name="portal")
app.add_typer(watch.app, name="watch")
app.add_typer(bookings.app, name="bookings")
app.add_typer(chats.app, name="chats")
app.add_typer(batch.app, name="batch")
app.add_typer(stats.app, name="stats")
app.add_typer(bench.app, name="bench")
app.add_typer(lane.app, name="lane")
app.command("halt")(halting.halt)
app.command("resume")(halting.resume)
app.command("halts")(halting.halts)
app.add_typer(keys.app, name="keys")
app.add_typer(stats.app, name="stats")
app.add_typer(rehearsal.app, name="rehearsal")


def main() -> int:
    """Run the command; whatever MTA raises on purpose becomes its sentence and an exit status."""
    logs.set_up(level="warning", style="console")  # the terminal is for sentences; a role has a log of its own
    try:
        app()
    except (BadInput, ConfigError) as error:
        remark(str(error))
        return USAGE
    except MtaError as error:
        remark(str(error))
        return FAILED
    except KeyboardInterrupt:
        return 130
    return 0
