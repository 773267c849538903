"""The baseline: what devkit last generated for each file, the common ancestor of every merge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError, Struct, field
from msgspec.json import decode
from msgspec.structs import asdict

from devkit.plan.paths import problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value


class Entry(Struct, frozen=True, kw_only=True):
    """What was generated for one path.

    `text` is a whole managed file (with everything merged into it); `keys` are the keys contributed to a
    file of the user's, `lists` their rules, `blocks` the marked blocks in it; a seed has none of them.
    `owners` are the stages.
    """

    path: str
    owners: tuple[str, ...]
    text: str | None = None
    executable: bool = False
    keys: Mapping[str, Value] | None = None
    lists: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_seed(self) -> bool:
        """Whether the file was made once and is the user's since."""
        return self.text is None and self.keys is None and not self.blocks


Baseline = dict[str, Entry]


def read_baseline(text: str) -> Baseline:
    """Return the entries by path; a line that cannot be read, such as a conflict marker, counts as none.

    After a git merge that left both sides of a line, the first one counts.
    """
    entries: Baseline = {}
    for line in text.split("\n"):
        entry = _read_line(line)
        if entry is not None:
            entries.setdefault(entry.path, entry)
    return entries


def write_baseline(entries: Baseline) -> str:
    """Return the text: one line a path, sorted."""
    return "".join(_write_line(entries[path]) for path in sorted(entries))


class _Line(Struct):
    """An entry as it stands in a line."""

    path: str
    owners: tuple[str, ...]
    text: str | None = None
    mode: str = ""
    keys: dict[str, Any] | None = None
    lists: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)


def _read_line(text: str) -> Entry | None:
    """Return what a line says if it is what devkit writes: a clone's baseline is not trusted to be."""
    try:
        parts = asdict(decode(text, type=_Line))
    except (DecodeError, UnicodeError, RecursionError):
        return None
    entry = Entry(executable=parts.pop("mode") == "755", **parts)
    return entry if problem_of(entry.path) is None else None


def _write_line(entry: Entry) -> str:
    data: dict[str, Any] = {"path": entry.path, "owners": list(entry.owners)}
    if entry.text is not None:
        data |= {"text": entry.text, "mode": "755" if entry.executable else "644"}
    if entry.keys is not None:
        data |= {"keys": entry.keys, "lists": dict(entry.lists)}
    if entry.blocks:
        data["blocks"] = dict(entry.blocks)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, default=str) + "\n"
