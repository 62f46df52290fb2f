"""The rules of a wish as options, for every command that takes them."""

from typing import Annotated, TypeAlias

import typer

Several: TypeAlias = list[str] | None

From = Annotated[Several, typer.Option("--from", help="First day; with --to, several times.")]
To = Annotated[Several, typer.Option(help="Last day of the range.")]
Exclude = Annotated[Several, typer.Option(help="A day that does not suit, several times.")]
Hours = Annotated[Several, typer.Option(help="Such as “mon-fri 08:00-12:00”, several times.")]
Notice = Annotated[str, typer.Option(help="Time needed before the appointment: 90m, 24h, 2d.")]
Latest = Annotated[str, typer.Option(help="The last day that still helps.")]
