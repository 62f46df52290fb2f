"""mta stats: what MTA has seen and what it costs the City."""

import typer

from console import footprint, release_stats

app = typer.Typer(help="What MTA has seen and what it costs the City.", no_args_is_help=True)
app.command("releases")(release_stats.releases)
app.command("footprint")(footprint.footprint)
