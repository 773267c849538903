"""Making `.env` from `.env.example`: missing keys are added, nothing else is touched."""

from __future__ import annotations

import os
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import TaskContext


def complete(context: TaskContext) -> None:
    """Give `.env` every key of `.env.example` that it lacks; a new file is readable by its owner only."""
    example = context.root / ".env.example"
    target = context.root / ".env"
    if not target.exists():
        _write_private(target, example.read_text("utf-8"))
        context.say("made .env from .env.example")
        return
    missing = _missing(example.read_text("utf-8"), target.read_text("utf-8"))
    if missing:
        _append(target, missing)
    context.say(f"added {', '.join(missing)} to .env" if missing else ".env has every key")


def _missing(example: str, current: str) -> dict[str, str]:
    """Return the lines of `example`, by key, whose keys `current` does not have."""
    from dotenv.parser import parse_stream

    present = {binding.key for binding in parse_stream(StringIO(current))}
    wanted = {
        binding.key: binding.original.string.strip() for binding in parse_stream(StringIO(example)) if binding.key
    }
    return {key: line for key, line in wanted.items() if key not in present}


def _append(target: Path, lines: dict[str, str]) -> None:
    text = target.read_text("utf-8")
    gap = "" if text.endswith("\n") or not text else "\n"
    with target.open("a", encoding="utf-8") as file:
        file.write(gap + "".join(f"{line}\n" for line in lines.values()))


def _write_private(target: Path, text: str) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
