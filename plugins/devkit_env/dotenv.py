"""Making `.env` from `.env.example`: missing keys are added, nothing else is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit_env.dotenv_file import NAME, read, write
from devkit_env.dotenv_text import parse
from devkit_env.variables import EXAMPLE

if TYPE_CHECKING:
    from devkit.api import TaskContext


def complete(context: TaskContext) -> None:
    """Give `.env` every key of `.env.example` that it lacks; a new file is readable by its owner only."""
    example = read(context.root, EXAMPLE) or ""
    current = read(context.root, NAME)
    if current is None:
        write(context.root, NAME, example)
        context.say("made .env from .env.example")
        return
    missing = _missing(example, current)
    if missing:
        gap = "" if current.endswith("\n") or not current else "\n"
        write(context.root, NAME, current + gap + "".join(f"{line}\n" for line in missing.values()))
    context.say(f"added {', '.join(missing)} to .env" if missing else ".env has every key")


def _missing(example: str, current: str) -> dict[str, str]:
    """Return the lines of `example`, by key, whose keys `current` does not have."""
    present = {entry.key for entry in parse(current, NAME)}
    wanted = {entry.key: example[entry.start : entry.end].strip() for entry in parse(example, EXAMPLE)}
    return {key: line for key, line in wanted.items() if key not in present}
