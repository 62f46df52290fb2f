"""mta stats: what MTA has seen and what it costs the City."""

import typer

from console import footprint

app = typer.Typer(help="What MTA has seen and what it costs the City.", no_args_is_help=True)
app.command("footprint")(footprint.footprint)


@app.callback()
def _group() -> None:
    """Keep `footprint` a word of its own: Typer drops the name of an only command."""
