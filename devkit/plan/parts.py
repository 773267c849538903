"""The verdict on a file of the user's that stages contribute keys and blocks to."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.actions import Verdict
from devkit.plan.blocks import merge_block, put_block, read_block
from devkit.plan.compose import read_rules
from devkit.plan.fileplan import Dispute
from devkit.plan.keys import merge_keys
from devkit.plan.splice import SetKey, SpliceProblem, SyntaxProblem, format_of, parse, splice
from devkit.plan.splice.data import dotted
from devkit.plan.splice.layout import BOM
from devkit.plan.structure import parses
from devkit.plan.values import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.values import KeyPath, Value
    from devkit.plan.baseline import Entry
    from devkit.plan.desired import Desired
    from devkit.plan.fileplan import FilePlan
    from devkit.plan.keys import KeyMerge
    from devkit.plan.splice import Edit


class _Blocks(Struct, frozen=True, kw_only=True):
    """A text with its blocks merged, what conflicts in it, and the blocks that need no change of the text."""

    text: str
    problems: tuple[str, ...]
    held: Mapping[str, str]


class _Sides(Struct, frozen=True, kw_only=True):
    """The three sides of one merge: the user's text, what is wanted in it, and what was given before."""

    plan: FilePlan
    theirs: str
    desired: Desired | None
    base: Entry | None

    @property
    def given(self) -> Mapping[str, Value] | None:
        """The keys that were given before."""
        return self.base.keys if self.base else None


def decide_parts(
    plan: FilePlan, desired: Desired | None, base: Entry | None, ejected: Sequence[KeyPath] = ()
) -> FilePlan:
    """Return the verdict on a file with keys and blocks of devkit's in it; `desired` is `None` when none remain."""
    try:
        theirs = (plan.before.content or b"").decode()
        sides = _Sides(plan=plan, theirs=theirs, desired=desired, base=_as_parts(desired, base))
        return _decide(sides, ejected)
    except UnicodeDecodeError:
        return replace(plan, verdict=Verdict.CONFLICT, reason="it is not UTF-8 text", entry=base)
    except (SyntaxProblem, SpliceProblem) as problem:
        return replace(plan, verdict=Verdict.CONFLICT, reason=str(problem), entry=base)


def _decide(sides: _Sides, ejected: Sequence[KeyPath]) -> FilePlan:
    plan = sides.plan
    keys = _merged_keys(sides, ejected)
    blocks = _merged_blocks(sides, _spliced(plan.path, sides.theirs, keys.edits))
    _refuse_broken(plan.path, blocks.text, sides.theirs)
    if keys.conflicts or blocks.problems:
        return _conflict(sides, keys, blocks)
    has_keys = sides.desired is not None and sides.desired.keys is not None
    entry = plan.entry and replace(plan.entry, keys=keys.baseline if has_keys else None)
    return _verdict(plan, blocks.text, entry)


def _verdict(plan: FilePlan, text: str, entry: Entry | None) -> FilePlan:
    content = plan.before.content
    says_nothing = is_empty(text) and not (entry and (entry.keys or entry.blocks))
    if text.encode() == content:
        return replace(plan, entry=entry)
    if says_nothing and content is None:
        return replace(plan, entry=None)
    if says_nothing:
        return replace(plan, verdict=Verdict.REMOVE, reason="nothing is left in it", entry=None)
    verdict = Verdict.CREATE if content is None else Verdict.MERGE
    return replace(plan, verdict=verdict, content=text.encode(), entry=entry)


def is_empty(text: str) -> bool:
    """Whether a text says nothing: it is blank, or a document without keys."""
    return text.removeprefix(BOM).strip() in {"", "{}", "---"}


def _as_parts(desired: Desired | None, base: Entry | None) -> Entry | None:
    """Return the baseline as keys and blocks; of a whole file, those that are still wanted of it."""
    if desired is None or base is None or base.text is None:
        return base
    file_format = format_of(base.path)
    keys = desired.keys and file_format and _shared(parse(base.text, file_format), desired.keys.data)
    found = {block.name: read_block(base.text, block.name) for block in desired.blocks}
    blocks = {name: text for name, text in found.items() if text is not None}
    return replace(base, text=None, keys=keys if isinstance(keys, dict) else None, blocks=blocks)


def _shared(whole: Value, wanted: Value) -> Value:
    """Return those keys of a document that are wanted."""
    if isinstance(whole, dict) and isinstance(wanted, dict):
        return {key: _shared(whole[key], value) for key, value in wanted.items() if key in whole}
    return whole


def _merged_keys(sides: _Sides, ejected: Sequence[KeyPath]) -> KeyMerge:
    wanted = sides.desired.keys if sides.desired else None
    file_format = format_of(sides.plan.path)
    has_keys = wanted is not None or sides.given is not None
    document = parse(sides.theirs, file_format) if file_format and has_keys else {}
    data = wanted.data if wanted else {}
    before = read_rules(sides.base.lists if sides.base else {})
    rules = {path: rule for path, rule in before.items() if not _gives(data, path.split("."))}
    return merge_keys(sides.given, data, document, rules | dict(wanted.lists if wanted else {}), ejected)


def _gives(data: Value, path: Sequence[str]) -> bool:
    """Whether a contribution holds a list, whose rule it then says itself: none means that it is one value."""
    if not path:
        return True
    if isinstance(data, list):
        return any(_gives(item, path) for item in data)
    return isinstance(data, dict) and path[0] in data and _gives(data[path[0]], path[1:])


def _spliced(path: str, text: str, edits: Sequence[Edit]) -> str:
    file_format = format_of(path)
    return splice(text, edits, file_format) if file_format else text


def _merged_blocks(sides: _Sides, text: str, *, forces: bool = False) -> _Blocks:
    """Merge the blocks into a text; with `forces`, devkit's side is taken of those that conflict."""
    wanted = {block.name: block for block in sides.desired.blocks} if sides.desired else {}
    before = dict(sides.base.blocks) if sides.base else {}
    problems = []
    held = dict(before)
    for name in dict.fromkeys((*before, *wanted)):
        merged = merge_block(text, name, before.get(name), wanted.get(name))
        if merged.has_conflict:
            problems.append(merged.reason)
        elif merged.text == text:
            held |= {name: wanted[name].text} if name in wanted else {}
        text = put_block(text, wanted[name]) if merged.has_conflict and forces else merged.text
    return _Blocks(text=text, problems=tuple(problems), held=held)


def _refuse_broken(path: str, text: str, theirs: str) -> None:
    """Raise `SpliceProblem` when blocks have made of a document what is none; what was none before is let be."""
    file_format = format_of(path)
    if file_format and text != theirs and parses(theirs, file_format) and not parses(text, file_format):
        raise SpliceProblem("a block of devkit's does not fit into it")


def _conflict(sides: _Sides, keys: KeyMerge, blocks: _Blocks) -> FilePlan:
    """Leave the file alone; the baseline moves on only for what needs no change of it."""
    reasons = (*(f"`{dotted(conflict.path)}` differs" for conflict in keys.conflicts), *blocks.problems)
    held = _held_back(keys, sides.given or {}) or sides.given
    entry = sides.plan.entry and replace(sides.plan.entry, keys=held, blocks=blocks.held)
    if entry is None or entry.is_seed:  # nothing of devkit's is in it yet
        entry = sides.base
    dispute = _dispute(sides, keys, blocks)
    return replace(sides.plan, verdict=Verdict.CONFLICT, reason="; ".join(reasons), entry=entry, dispute=dispute)


def _dispute(sides: _Sides, keys: KeyMerge, blocks: _Blocks) -> Dispute | None:
    forced = [SetKey(conflict.path, conflict.ours) for conflict in keys.conflicts]
    try:
        text = _spliced(sides.plan.path, sides.theirs, [*keys.edits, *forced])
        wanted = _merged_blocks(sides, text, forces=True).text
    except SpliceProblem:
        return None
    return Dispute(settled=blocks.text.encode(), wanted=wanted.encode(), entry=sides.plan.entry)


def _held_back(keys: KeyMerge, before: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the next baseline with all that waits for an edit as it was; of lists, the whole of it."""
    held: Any = plain(keys.baseline)
    for edit in keys.edits:
        _put_back(held, before, list(takewhile(lambda part: isinstance(part, str), edit.path)))
    return dict(held)


def _put_back(into: dict[Any, Any], before: Mapping[Any, Any], path: Sequence[str | int]) -> None:
    """Make a path in one document as it is in another."""
    for number, part in enumerate(path):
        if part not in before:
            into.pop(part, None)
        elif number == len(path) - 1 or not isinstance(before[part], dict):
            into[part] = plain(before[part])
        else:
            into, before = into.setdefault(part, {}), before[part]
            continue
        return
