"""mta rehearsal serve: the practice city on a port, until it is stopped."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from pydantic import ValidationError

from core.errors import BadInput

app = typer.Typer(help="The practice city.", no_args_is_help=True)
Generation = Literal["feb", "aug"]
MOOD: Final = r"name\[=value]\[@delay]\[:place]\[#count], several times."  # the brackets would be read as markup


@app.callback()
def _group() -> None:
    """Keep `serve` a word of its own: Typer drops the name of an only command."""


@app.command()
def serve(
    *,
    dialect: Annotated[Generation, typer.Option(help="Generation of the City's API and page.")] = "aug",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    public_url: Annotated[str, typer.Option(help="What links in mails begin with, if not host and port.")] = "",
    frontend: Annotated[Path | None, typer.Option(help="A built copy of the City's own page to serve instead.")] = None,
    mood: Annotated[list[str] | None, typer.Option(help=MOOD)] = None,
    script: Annotated[Path | None, typer.Option(help="YAML or JSON: moods over time.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed is the same city.")] = 1,
    speed: Annotated[float, typer.Option(help="How much faster the City's clock runs.")] = 1.0,
    smtp: Annotated[str, typer.Option(help="host:port of a mail server; empty: an inbox of its own.")] = "",
    inbox: Annotated[Path | None, typer.Option(help="Folder that mails are also written to.")] = None,
) -> None:
    """Serve the practice city until it is stopped. One JSON line says when it is ready and where."""
    run_city(
        dialect=dialect,
        host=host,
        port=port,
        public_url=public_url or None,
        frontend=frontend,
        moods=tuple(mood or ()),
        script=script,
        seed=seed,
        speed=speed,
        smtp=smtp or None,
        inbox=inbox,
    )


def run_city(**settings: Any) -> None:
    """Block until SIGTERM or SIGINT; raises BadInput for settings no city can be made of."""
    # Imported here, so that no other command pays for the city or depends on it.
    from rehearsal.moods import BadMood  # noqa: PLC0415
    from rehearsal.serving import CannotServe, run  # noqa: PLC0415
    from rehearsal.settings import CitySettings  # noqa: PLC0415

    try:
        run(CitySettings(**settings))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise BadInput(f"--{'-'.join(map(str, first['loc']))}: {first['msg']}.") from None
    except (BadMood, CannotServe) as error:
        raise BadInput(_sentence(str(error))) from error


def check_moods(moods: tuple[str, ...]) -> None:
    """Raise BadInput for a mood no city knows."""
    from rehearsal.moods import NORMAL, BadMood, parse_mood  # noqa: PLC0415

    try:
        for written in moods:
            if written != NORMAL:
                parse_mood(written)
    except BadMood as error:
        raise BadInput(_sentence(str(error)), field="mood") from error


def check_frontend(folder: Path) -> None:
    """Raise BadInput for a folder that holds no built page."""
    from rehearsal.app import frontend_problem  # noqa: PLC0415

    if problem := frontend_problem(folder):
        raise BadInput(_sentence(problem), field="frontend")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
