"""Making `.env` from `.env.example`: missing keys are added, and what the services need is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit_env.dotenv_file import NAME, read, write
from devkit_env.dotenv_text import line_end, parse, with_value
from devkit_env.up.services import chosen, made_values
from devkit_env.variables import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext


def complete(context: TaskContext, *, services: Sequence[str] = ()) -> None:
    """Give `.env` every key of `.env.example` that it lacks; a new file is readable by its owner only.

    Where passwords and URLs of services are empty, new ones are made.
    """
    example = read(context.root, EXAMPLE) or ""
    current = read(context.root, NAME)
    text = example if current is None else _completed(context, example, current)
    made = made_values(chosen(services), {entry.key: entry.value or "" for entry in parse(text, NAME)})
    for key, value in made.items():
        text = with_value(text, NAME, key, value)
    if text != current:
        write(context.root, NAME, text)
    if current is None:
        context.say("made .env from .env.example")
    if made:
        context.say(f"set {', '.join(made)}")


def _completed(context: TaskContext, example: str, current: str) -> str:
    missing = _missing(example, current)
    context.say(f"added {', '.join(missing)} to .env" if missing else ".env has every key")
    ending = line_end(current)
    gap = "" if current.endswith(("\n", "\r")) or not current or not missing else ending
    return current + gap + "".join(f"{line}{ending}" for line in missing.values())


def _missing(example: str, current: str) -> dict[str, str]:
    """Return the lines of `example`, by key, whose keys `current` does not have."""
    present = {entry.key for entry in parse(current, NAME)}
    wanted = {entry.key: example[entry.start : entry.end].strip() for entry in parse(example, EXAMPLE)}
    return {key: line for key, line in wanted.items() if key not in present}
