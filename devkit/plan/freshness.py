"""Whether a task's result still holds: what it rested on when it last succeeded, compared with what is there now."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the types of what is read are looked up when it runs
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER = "there is no record of an earlier run"
UNFINISHED = "it did not end well last time"
UNREADABLE = "?"
"""The content of a file that cannot be read: equal to nothing, not even to itself."""
_NAMED = 1
"""Files that a reason names; the number of the others follows."""


class ToolMark(Struct, frozen=True, kw_only=True):
    """A program: where it is with its stat data, and the first line of what it says of its version, if that is known.

    `place` is empty where there is no such program.
    """

    place: str
    words: str = ""


class Grounds(Struct, frozen=True, kw_only=True):
    """What a task's result rests on. Files are named by path, each with its mode and content as one text.

    `definition` stands for what the task is, `code` for the plugin's code where the task is a call, `needs` for the
    outputs of what the task needs, `variables` for their values, which it does not show.
    """

    definition: str
    version: str = ""
    code: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, ToolMark] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


def differences(before: Grounds, now: Grounds) -> list[str]:
    """Return a sentence for everything that is not as it was, what the task is first and its files last."""
    return [
        *([] if before.definition == now.definition else ["what the task does changed"]),
        *_version(before, now),
        *_changed(before.variables, now.variables, "variable `{}` changed"),
        *_tools(before.tools, now.tools),
        *_changed(before.needs, now.needs, "what `{}` makes changed"),
        *_outputs(before.outputs, now.outputs),
        *_inputs(before.inputs, now.inputs),
    ]


def in_short(sentences: Sequence[str]) -> str:
    """Return the first of some reasons, and how many there are beside it."""
    if not sentences:
        return ""
    more = len(sentences) - _NAMED
    return sentences[0] + (f", and {more} more" if more > 0 else "")


def same_tool(before: ToolMark, now: ToolMark) -> bool:
    """Whether a program is the one it was: the same file, or another one of the same version."""
    return before.place == now.place or bool(before.words and before.words == now.words)


def _version(before: Grounds, now: Grounds) -> list[str]:
    if before.version != now.version:
        return [f"its plugin {before.version or '?'} → {now.version or '?'}"]
    return [] if before.code == now.code else ["the code of its plugin changed"]


def _changed(before: Mapping[str, str], now: Mapping[str, str], sentence: str) -> list[str]:
    return [sentence.format(name) for name in _names(before, now) if before.get(name) != now.get(name)]


def _tools(before: Mapping[str, ToolMark], now: Mapping[str, ToolMark]) -> list[str]:
    absent = ToolMark(place="")
    found = []
    for name in _names(before, now):
        former, present = before.get(name, absent), now.get(name, absent)
        if not same_tool(former, present):
            found.append(_tool(name, former, present))
    return found


def _tool(name: str, before: ToolMark, now: ToolMark) -> str:
    if not now.place:
        return f"tool `{name}` is missing"
    if not before.place:
        return f"tool `{name}` is new"
    if before.words and now.words:
        return f"tool `{name}` {_number(before.words)} → {_number(now.words)}"
    return f"tool `{name}` is another file"


def _number(words: str) -> str:
    """Return the version in what a program says of it."""
    numbers = [word.strip("(),") for word in words.split() if any(sign.isdigit() for sign in word) and "." in word]
    return numbers[0] if numbers else words


def _outputs(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return _files(before, now, "output `{}` is missing", "output `{}` was changed", "output `{}` came since")


def _inputs(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return _files(before, now, "`{}` is gone", "`{}` changed", "`{}` is new")


def _files(before: Mapping[str, str], now: Mapping[str, str], gone: str, changed: str, new: str) -> list[str]:
    if before == now and UNREADABLE not in now.values():
        return []
    found = {changed: [], gone: [], new: []}  # type: dict[str, list[str]]
    for path in _names(before, now):
        former, present = before.get(path), now.get(path)
        if former != present or present == UNREADABLE:
            found[gone if present is None else new if former is None else changed].append(path)
    return [sentence.format(path) for sentence, paths in found.items() for path in paths]


def _names(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    return sorted({*before, *now})
