"""The baseline: what devkit last generated for each file, the common ancestor of every merge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

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


def _read_line(line: str) -> Entry | None:
    try:
        data = json.loads(line)
        entry = Entry(
            path=data["path"],
            owners=tuple(data["owners"]),
            text=data.get("text"),
            executable=data.get("mode") == "755",
            keys=data.get("keys"),
            lists=data.get("lists", {}),
            blocks=data.get("blocks", {}),
        )
        return entry if _is_sound(entry) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_sound(entry: Entry) -> bool:
    """Whether every part is what devkit writes: a clone's baseline is not trusted to be."""
    tables = (entry.lists, entry.blocks)
    texts = [entry.path, *entry.owners, *([] if entry.text is None else [entry.text])]
    texts += [text for table in tables for pair in table.items() for text in pair]
    is_text = all(isinstance(text, str) for text in texts) and problem_of(entry.path) is None
    "".join(texts).encode()  # a half of a surrogate pair is a ValueError
    return is_text and (entry.keys is None or isinstance(entry.keys, dict))


def _write_line(entry: Entry) -> str:
    data: dict[str, Any] = {"path": entry.path, "owners": list(entry.owners)}
    if entry.text is not None:
        data |= {"text": entry.text, "mode": "755" if entry.executable else "644"}
    if entry.keys is not None:
        data |= {"keys": entry.keys, "lists": dict(entry.lists)}
    if entry.blocks:
        data["blocks"] = dict(entry.blocks)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, default=str) + "\n"
