"""The verdict on one file: what is wanted, what was generated, and what is there, compared three ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from devkit.api.actions import Verdict
from devkit.plan.baseline import Entry
from devkit.plan.blocks import merge_block
from devkit.plan.compose import read_rules
from devkit.plan.keys import merge_keys
from devkit.plan.splice import SpliceProblem, SyntaxProblem, format_of, parse, splice
from devkit.plan.text import merge_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import KeyPath
    from devkit.plan.desired import Desired
    from devkit.project.state import FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDisk:
    """What is at a path now: its state, its content when it is a file, and why it may be missing.

    `absence` is `"ignored"` when git ignores the path (a clone never had it), `"sparse"` when a sparse
    checkout leaves it out, `"deleted"` otherwise.
    """

    state: FileState
    content: bytes | None = None
    absence: str = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """The verdict on one path.

    `content` is what the file will hold (`None`: it goes, or stays untouched when the verdict changes
    nothing); `entry` is the baseline's next line (`None`: it goes); `wanted` is what the generator would have
    in a file that conflicts.
    """

    path: str
    verdict: Verdict
    owners: tuple[str, ...]
    before: OnDisk
    reason: str = ""
    content: bytes | None = None
    executable: bool | None = None
    entry: Entry | None = None
    resolved: Entry | None = None
    wanted: bytes | None = None
    inline: bytes | None = None

    @property
    def changes_file(self) -> bool:
        """Whether applying touches the file."""
        return self.verdict is Verdict.REMOVE or self.content is not None


def decide(desired: Desired, base: Entry | None, disk: OnDisk, ejected: Sequence[KeyPath] = ()) -> FilePlan:
    """Return the verdict on a path that somebody contributes to."""
    plan = FilePlan(
        path=desired.path, verdict=Verdict.IDENTICAL, owners=desired.owners, before=disk, entry=_entry(desired)
    )
    if disk.state.kind not in {"file", "absent"}:
        return replace(plan, verdict=Verdict.CONFLICT, reason=f"a {disk.state.kind} is in the way", entry=base)
    if desired.seed is not None:
        return _seed(plan, desired.seed, desired, base)
    if disk.content is None and base is not None and disk.absence != "ignored":
        reason = "you deleted it" if disk.absence == "deleted" else "left out by the sparse checkout"
        return replace(plan, verdict=Verdict.DELETED, reason=reason, entry=base)
    if desired.text is not None:
        return _whole(plan, desired, base, desired.text)
    return _parts(plan, desired, base, ejected)


def decide_orphan(base: Entry, disk: OnDisk) -> FilePlan:
    """Return the verdict on a path that nobody contributes to any more."""
    plan = FilePlan(path=base.path, verdict=Verdict.IDENTICAL, owners=base.owners, before=disk)
    if base.is_seed or disk.content is None:
        return plan
    if base.text is not None:
        if disk.content == base.text.encode():
            return replace(plan, verdict=Verdict.REMOVE, reason="nothing generates it any more")
        return replace(plan, reason="kept: you changed it")
    return _parts(plan, None, base, ())


def _entry(desired: Desired) -> Entry:
    keys = desired.keys
    return Entry(
        path=desired.path,
        owners=desired.owners,
        text=desired.text,
        executable=desired.executable,
        keys=keys.data if keys else None,
        lists=keys.rules_text if keys else {},
        blocks={block.name: block.text for block in desired.blocks},
    )


def _seed(plan: FilePlan, content: bytes, desired: Desired, base: Entry | None) -> FilePlan:
    if plan.before.content is not None or base is not None:
        return replace(plan, reason="yours since it was made")
    return replace(plan, verdict=Verdict.CREATE, content=content, executable=desired.executable)


def _whole(plan: FilePlan, desired: Desired, base: Entry | None, text: str) -> FilePlan:
    content = plan.before.content
    ours = text.encode()
    if content is None:
        return replace(plan, verdict=Verdict.CREATE, content=ours, executable=desired.executable)
    if content == ours:
        return _with_mode(plan, desired, base)
    if base is None or base.text is None:
        return _conflict(plan, base, ours, "it exists, and devkit did not make it")
    if content == base.text.encode():
        return replace(plan, verdict=Verdict.UPDATE, content=ours, executable=_new_mode(desired, base))
    if base.text == text:
        return replace(plan, reason="kept: you changed it")
    return _three_ways(plan, base, base.text, text, content)


def _with_mode(plan: FilePlan, desired: Desired, base: Entry | None) -> FilePlan:
    """Follow a change of the executable bit that devkit makes; the user's own stays."""
    is_executable = bool(plan.before.state.mode & 0o100)
    if base is not None and base.executable != desired.executable != is_executable:
        content = plan.before.content
        return replace(plan, verdict=Verdict.UPDATE, content=content, executable=desired.executable, reason="mode")
    return plan


def _new_mode(desired: Desired, base: Entry) -> bool | None:
    return desired.executable if desired.executable != base.executable else None


def _three_ways(plan: FilePlan, base: Entry, old: str, new: str, content: bytes) -> FilePlan:
    try:
        theirs = content.decode()
    except UnicodeDecodeError:
        return _conflict(plan, base, new.encode(), "it is no longer text")
    merged = merge_text(old, new, theirs)
    if not merged.has_conflicts:
        return _merged(plan, merged.text, theirs)
    by_key = _by_key(plan.path, old, new, theirs)
    if by_key is not None:
        return _merged(plan, by_key, theirs)
    plan = _conflict(plan, base, new.encode(), "you and the generator changed the same lines")
    return replace(plan, inline=merged.inline.encode())


def _by_key(path: str, old: str, new: str, theirs: str) -> str | None:
    """Return the merge of two structured documents by key, or `None` where that cannot be had."""
    file_format = format_of(path)
    if file_format is None:
        return None
    try:
        base, ours, user = (parse(text, file_format) for text in (old, new, theirs))
        if not isinstance(base, dict):
            return None
        merged = merge_keys(base, ours, user, {})
        return None if merged.conflicts else splice(theirs, merged.edits, file_format)
    except (SyntaxProblem, SpliceProblem):
        return None


def _merged(plan: FilePlan, text: str, theirs: str) -> FilePlan:
    if text == theirs:
        return replace(plan, reason="kept: you changed it")
    return replace(plan, verdict=Verdict.MERGE, content=text.encode(), reason="your changes are kept")


def _conflict(plan: FilePlan, base: Entry | None, wanted: bytes, reason: str) -> FilePlan:
    return replace(plan, verdict=Verdict.CONFLICT, reason=reason, entry=base, resolved=plan.entry, wanted=wanted)


def _parts(plan: FilePlan, desired: Desired | None, base: Entry | None, ejected: Sequence[KeyPath]) -> FilePlan:
    """Merge keys and blocks into a file that is otherwise the user's."""
    content = plan.before.content
    try:
        theirs = (content or b"").decode()
    except UnicodeDecodeError:
        return replace(plan, verdict=Verdict.CONFLICT, reason="it is not UTF-8 text", entry=base)
    try:
        text, entry, problems = _merge_keys(plan, desired, base, theirs, ejected)
        text, entry, clashes = _merge_blocks(desired, base, text, entry)
    except (SyntaxProblem, SpliceProblem) as problem:
        return replace(plan, verdict=Verdict.CONFLICT, reason=str(problem), entry=base)
    if problems or clashes:
        return replace(plan, verdict=Verdict.CONFLICT, reason="; ".join((*problems, *clashes)), entry=base)
    return _verdict(plan, text, theirs, content, entry if desired else None)


def _verdict(plan: FilePlan, text: str, theirs: str, content: bytes | None, entry: Entry | None) -> FilePlan:
    plan = replace(plan, entry=entry)
    if content is None:
        return replace(plan, verdict=Verdict.CREATE, content=text.encode(), executable=False) if entry else plan
    if text == theirs:
        return plan
    if not text.strip() and entry is None:
        return replace(plan, verdict=Verdict.REMOVE, reason="nothing is left in it")
    return replace(plan, verdict=Verdict.MERGE, content=text.encode())


def _merge_keys(
    plan: FilePlan, desired: Desired | None, base: Entry | None, theirs: str, ejected: Sequence[KeyPath]
) -> tuple[str, Entry | None, list[str]]:
    keys = desired.keys if desired else None
    before = base.keys if base else None
    file_format = format_of(plan.path)
    if file_format is None or (keys is None and before is None):
        return theirs, plan.entry, []
    rules = {**read_rules(base.lists if base else {}), **(keys.lists if keys else {})}
    merged = merge_keys(before, keys.data if keys else {}, parse(theirs, file_format), rules, ejected)
    problems = [f"`{'.'.join(map(str, clash.path))}` differs" for clash in merged.conflicts]
    entry = replace(plan.entry, keys=merged.baseline) if plan.entry else None
    return splice(theirs, merged.edits, file_format), entry, problems


def _merge_blocks(
    desired: Desired | None, base: Entry | None, text: str, entry: Entry | None
) -> tuple[str, Entry | None, list[str]]:
    wanted = {block.name: block for block in (desired.blocks if desired else ())}
    before = dict(base.blocks) if base else {}
    problems = []
    for name in dict.fromkeys((*before, *wanted)):
        merged = merge_block(text, name, before.get(name), wanted.get(name))
        text = merged.text
        problems += [f"the block `{name}` was changed by you and by the generator"] if merged.has_conflict else []
    return text, entry, problems
