"""python -m tests.texts_table: writes docs/texts.md, every text of the bot's in both languages."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import texts

TABLE = Path(__file__).parents[1] / "docs/texts.md"
FILES = sorted(path.stem for path in (TABLE.parents[1] / "bot/texts/de").glob("*.toml"))
HEAD = """\
# Texts

Everything that the bot and the notices say, by key, in German and in English. Made from `bot/texts/` by
`python -m tests.texts_table`; do not edit it here. `{words in braces}` are facts that are put in, `one` and `many` are
chosen by a number.
"""


def table() -> str:
    """Conversations first, one section for each of their files; then the words of notices and of dates."""
    german, english = texts.words("de"), texts.words("en")
    rest = [name for name in german if name not in FILES]
    sections = [_section(name, german[name], english[name]) for name in (*FILES, *rest)]
    return "\n".join([HEAD, *sections])


def _section(name: str, german: Any, english: Any) -> str:
    said = dict(_leaves(name, english))
    rows = [f"| `{key}` | {_cell(text)} | {_cell(said[key])} |" for key, text in _leaves(name, german)]
    return "\n".join([f"## {name}", "", "| key | German | English |", "| --- | --- | --- |", *rows, ""])


def _leaves(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{key}.{name}", inner)
    else:
        yield key, ", ".join(value) if isinstance(value, list | tuple) else str(value)


def _cell(text: str) -> str:
    """In one line of a table; what is bold for a person is bold here too."""
    lines = text.strip().replace("|", "\\|").splitlines()
    return "<br>".join(line.strip() for line in lines)


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
    sys.stdout.write(f"{TABLE}: {table().count(chr(10) + '| `')} texts\n")
