"""The consumer for programs: every event as a line of JSON, written as it happens."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from devkit.errors import IO_FAILED, DevkitError, Place
from devkit.report.events import TaskOutput, TaskStarted, Ticked
from devkit.report.text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.report.events import Event, Listener


@contextmanager
def told_to(listener: Listener, path: str) -> Iterator[Listener]:
    """Yield a listener that also writes each event to the file at `path`."""
    try:
        file = open(path, "a", encoding="utf-8", buffering=1)  # noqa: SIM115 - closed below, after the events
    except OSError as problem:
        message = f"events cannot be written: {problem.strerror}"
        raise DevkitError(IO_FAILED, message, place=Place(path=path), help="name another file") from problem
    with file:

        def both(event: Event) -> None:
            listener(event)
            file.writelines(json.dumps(document, default=str) + "\n" for document in event_documents(event))

        yield both


def event_documents(event: Event) -> list[dict[str, Any]]:
    """Return an event as data: its kind, the time in seconds since the epoch, and its fields; output line by line."""
    match event:
        case Ticked():
            return []
        case TaskOutput(task=task, stream=stream, text=text):
            lines = map(readable, text.split("\n"))
            return [_document(event, {"task": task, "stream": stream, "line": line}) for line in lines]
        case TaskStarted(task=started):
            return [_document(event, {"task": started.name})]
        case _:
            return [_document(event, to_builtins(event, enc_hook=str))]


def _document(event: Event, fields: dict[str, Any]) -> dict[str, Any]:
    return {"event": type(event).__name__, "time": time.time(), **fields}
