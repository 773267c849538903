"""What tasks rested on when they last succeeded, one small file for each below `.devkit/state/tasks/`.

A file is replaced as a whole, so runs side by side never see half of one; what cannot be read counts as no record.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace

from devkit.engine.inside import Inside
from devkit.engine.statefolder import make_state_folder
from devkit.plan.freshness import Grounds
from devkit.project.root import STATE_FOLDER
from devkit.project.state import READ_SAFELY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TASKS = f"{STATE_FOLDER}/tasks"
_DIGESTS = f"{TASKS}/digests.json"
_SCHEMA = 1
_LARGEST = 256 * 1024 * 1024
"""Bytes. What devkit keeps is smaller."""
_MOST_DIGESTS = 200_000
_UNFIT = re.compile(r"[^a-z0-9.-]+")


class Record(Struct, frozen=True, kw_only=True):
    """A task's grounds; `salt` went into what stands for the values of its variables."""

    salt: str
    grounds: Grounds


class TaskRecords:
    """The records of a project's tasks. Writing never fails a run: where it cannot be done, tasks run again."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, task: str) -> Record | None:
        """Return what a task rested on, `None` where that is not known."""
        head, _, files = _content(self._root, _path(task)).partition(b"\n")
        try:
            return _record(json.loads(head), files) if head else None
        except (ValueError, TypeError, KeyError, ValidationError, RecursionError):
            return None

    def has_begun(self, task: str) -> bool:
        """Whether a task was begun and has not ended well since."""
        return os.path.lexists(self._root / _mark(task))

    def begin(self, task: str) -> None:
        """Note that a task begins: until it ends well, its record says nothing."""
        with suppress(OSError), Inside(self._root) as inside:
            _make_folder(inside)
            with suppress(FileExistsError):
                inside.write(_mark(task), b"")

    def write(self, task: str, record: Record) -> None:
        """Keep what a task rested on, now that it has ended well."""
        grounds = to_builtins(record.grounds)
        files = _joined(grounds.pop("inputs"))
        head = {"schema": _SCHEMA, "salt": record.salt, "files": _digest(files), **grounds}
        with suppress(OSError), Inside(self._root) as inside:
            _make_folder(inside)
            inside.replace(_path(task), json.dumps(head).encode() + b"\n" + files)
            with suppress(FileNotFoundError):
                inside.remove(_mark(task))

    def read_digests(self) -> dict[str, tuple[str, str]]:
        """Return what is remembered of files that were read."""
        try:
            return convert(json.loads(_content(self._root, _DIGESTS) or b"{}"), dict[str, tuple[str, str]])
        except (ValueError, ValidationError, RecursionError):
            return {}

    def write_digests(self, digests: Mapping[str, tuple[str, str]]) -> None:
        """Remember what was read of files."""
        newest = dict(list(digests.items())[-_MOST_DIGESTS:])  # those of files that are gone are never asked for
        with suppress(OSError), Inside(self._root) as inside:
            _make_folder(inside)
            inside.replace(_DIGESTS, json.dumps(newest).encode())


def _record(head: Any, files: bytes) -> Record | None:
    if head["schema"] != _SCHEMA or head["files"] != _digest(files):
        return None
    return Record(salt=str(head["salt"]), grounds=replace(convert(head, Grounds), inputs=_parted(files)))


def _joined(files: Mapping[str, str]) -> bytes:
    return b"\0".join(os.fsencode(f"{content}\t{path}") for path, content in files.items())


def _parted(files: bytes) -> dict[str, str]:
    lines = (os.fsdecode(line).partition("\t") for line in files.split(b"\0") if line)
    return {path: content for content, _, path in lines}


def _digest(files: bytes) -> str:
    return hashlib.sha256(files).hexdigest()


def _path(task: str) -> str:
    """Return where the record of a task is; names that differ in case only differ here too."""
    digest = hashlib.sha256(task.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{TASKS}/{_UNFIT.sub('-', task.lower())[:60]}-{digest}"


def _mark(task: str) -> str:
    return f"{_path(task)}.begun"


def _make_folder(inside: Inside) -> None:
    make_state_folder(inside)
    inside.make_folder(TASKS)


def _content(root: Path, path: str) -> bytes:
    try:
        with open(os.open(root / path, READ_SAFELY), "rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return b""
