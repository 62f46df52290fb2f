"""What a child process has written into its log since we took it up."""

import json
from pathlib import Path
from typing import Any


class Journal:
    """Skips what an earlier run left in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._skip = path.stat().st_size if path.exists() else 0

    def lines(self) -> list[str]:
        try:
            with self.path.open("rb") as file:
                whole = file.read()
        except FileNotFoundError:
            return []
        fresh = whole[self._skip :] if len(whole) >= self._skip else whole  # shorter than before: it was rotated
        return fresh.decode("utf-8", errors="replace").strip().splitlines()

    def facts(self) -> list[dict[str, Any]]:
        """The lines that are JSON objects."""
        return [fact for line in self.lines() if (fact := _json(line)) is not None]

    def tells(self, event: str) -> bool:
        return any(fact.get("event") == event for fact in self.facts()) or any(event in line for line in self.lines())

    def reason(self) -> str:
        """Why the process refused to go on, in its own sentence, if it said so."""
        refusals = [fact for fact in self.facts() if fact.get("event") == "process.refused"]
        return str(refusals[-1].get("reason", "")) if refusals else ""


def _json(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        fact = json.loads(line)
    except ValueError:
        return None
    return fact if isinstance(fact, dict) else None
