"""The verdict on a file that devkit gives as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api.actions import Verdict
from devkit.plan.fileplan import Dispute
from devkit.plan.keys import merge_keys
from devkit.plan.splice import DropKey, SetKey, SpliceProblem, SyntaxProblem, format_of, parse, splice
from devkit.plan.splice.data import after, value_at
from devkit.plan.structure import parses, path_named
from devkit.plan.text import merge_text
from devkit.plan.values import is_same

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.values import KeyPath, Value
    from devkit.plan.baseline import Entry
    from devkit.plan.desired import Desired
    from devkit.plan.fileplan import FilePlan
    from devkit.plan.keys import KeyMerge
    from devkit.plan.splice import Edit, Format
    from devkit.plan.text import TextMerge

_KEPT = "kept: you changed it"


def is_as_generated(content: bytes, text: str) -> bool:
    """Whether a file holds a generated text; git may have given it other line ends when it was checked out."""
    return content == text.encode() or content.replace(b"\r\n", b"\n") == text.encode()


def decide_whole(plan: FilePlan, desired: Desired, base: Entry | None, ejected: Sequence[KeyPath] = ()) -> FilePlan:
    """Return the verdict on a file with a skeleton, whose text is `desired.text`."""
    content = plan.before.content
    text = desired.text or ""
    if content is None:
        return replace(plan, verdict=Verdict.CREATE, content=text.encode(), executable=desired.executable)
    text = _with_ejected(plan.path, text, content, ejected)
    if is_as_generated(content, text):
        return _with_mode(plan, desired, base, "")
    if base is None or base.text is None:
        return _conflict(plan, base, _dispute(plan, text), "it exists, and devkit did not make it")
    old = _with_ejected(plan.path, base.text, content, ejected)
    if old == text:
        return _with_mode(plan, desired, base, _KEPT)
    plan = replace(plan, executable=_new_mode(desired, base))
    if content == old.encode():
        return replace(plan, verdict=Verdict.UPDATE, content=text.encode())
    return _three_ways(plan, base, old, text)


def _with_mode(plan: FilePlan, desired: Desired, base: Entry | None, reason: str) -> FilePlan:
    """Follow a change of the executable bit that devkit makes, the content as it is; the user's own stays."""
    is_executable = bool(plan.before.state.mode & 0o100)
    if base is None or base.text is None or _new_mode(desired, base) in {None, is_executable}:
        return replace(plan, reason=reason)
    word = "made executable" if desired.executable else "no longer executable"
    return replace(
        plan, verdict=Verdict.UPDATE, content=plan.before.content, executable=desired.executable, reason=word
    )


def _new_mode(desired: Desired, base: Entry) -> bool | None:
    return desired.executable if desired.executable != base.executable else None


def _three_ways(plan: FilePlan, base: Entry, old: str, new: str) -> FilePlan:
    try:
        theirs = (plan.before.content or b"").decode()
    except UnicodeDecodeError:
        return _conflict(plan, base, _dispute(plan, new), "it is no longer text")
    merged = merge_text(old, new, theirs)
    file_format = format_of(plan.path)
    found = _merge(old, new, theirs, merged, file_format)
    if found is not None:
        return _merged(plan, found, theirs)
    if file_format is not None and not (merged.has_conflicts and parses(merged.text, file_format)):
        return _conflict(plan, base, _dispute(plan, new), "your changes and the generator's do not fit together")
    dispute = Dispute(
        settled=merged.text.encode(), wanted=merged.wanted.encode(), inline=merged.inline.encode(), entry=plan.entry
    )
    return _conflict(plan, base, dispute, "you and the generator changed the same lines")


def _merge(old: str, new: str, theirs: str, merged: TextMerge, file_format: Format | None) -> str | None:
    """Return the merged text, or `None`; lines that merge well do not yet make a document with the right data."""
    documents = _documents((old, new, theirs), file_format) if file_format else None
    if file_format is None or documents is None:
        return None if merged.has_conflicts else merged.text
    keys = merge_keys(documents[0], documents[1], documents[2], {})
    if not merged.has_conflicts and _holds(merged.text, keys, documents[2], file_format):
        return merged.text
    try:
        return None if keys.conflicts else splice(theirs, keys.edits, file_format)
    except SpliceProblem:
        return None


def _documents(texts: Sequence[str], file_format: Format) -> list[Mapping[str, Value]] | None:
    """Return the documents as mappings, or `None` when one of them is none."""
    try:
        documents = [parse(text, file_format) for text in texts]
    except SyntaxProblem:
        return None
    mappings: list[Mapping[str, Value]] = [document for document in documents if isinstance(document, dict)]
    return mappings if len(mappings) == len(documents) else None


def _holds(text: str, keys: KeyMerge, theirs: Value, file_format: Format) -> bool:
    """Whether a text holds the data that the merge by key comes to; where that knows none, any will do."""
    try:
        document = parse(text, file_format)
        open_ones: list[Edit] = [
            SetKey(conflict.path, value_at(document, conflict.path)) for conflict in keys.conflicts
        ]
        return is_same(document, after(theirs, [*keys.edits, *open_ones]))
    except (SyntaxProblem, SpliceProblem):
        return False


def _with_ejected(path: str, text: str, content: bytes, ejected: Sequence[KeyPath]) -> str:
    """Return a generated text with the ejected keys as the user has them, so that no side changes them."""
    file_format = format_of(path)
    if not ejected or file_format is None:
        return text
    try:
        theirs, ours = parse(content.decode(), file_format), parse(text, file_format)
        names = {".".join(map(str, key)) for key in ejected}
        edits = [edit for name in sorted(names) if (edit := _as_theirs(name, theirs, ours))]
        return splice(text, edits, file_format)
    except (UnicodeDecodeError, SyntaxProblem, SpliceProblem):
        return text


def _as_theirs(name: str, theirs: Value, ours: Value) -> Edit | None:
    """Return the edit that makes a key of one document what it is in another."""
    there, here = path_named(theirs, name), path_named(ours, name)
    if there is not None:
        return SetKey(there, value_at(theirs, there))
    return DropKey(here) if here is not None else None


def _merged(plan: FilePlan, text: str, theirs: str) -> FilePlan:
    if text == theirs and plan.executable is None:
        return replace(plan, reason=_KEPT)
    return replace(plan, verdict=Verdict.MERGE, content=text.encode(), reason="your changes are kept")


def _dispute(plan: FilePlan, wanted: str) -> Dispute:
    return Dispute(settled=plan.before.content or b"", wanted=wanted.encode(), entry=plan.entry)


def _conflict(plan: FilePlan, base: Entry | None, dispute: Dispute, reason: str) -> FilePlan:
    return replace(plan, verdict=Verdict.CONFLICT, reason=reason, entry=base, dispute=dispute)
