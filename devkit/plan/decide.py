"""The verdict on one path: what is wanted, what was generated, and what is there, compared three ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api.actions import Verdict
from devkit.plan.baseline import Entry
from devkit.plan.fileplan import FilePlan, OnDisk
from devkit.plan.parts import decide_parts
from devkit.plan.whole import decide_whole, is_as_generated
from devkit.project.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import KeyPath
    from devkit.plan.desired import Desired

_NOTHING = OnDisk(state=ABSENT)


def decide(desired: Desired, base: Entry | None, disk: OnDisk, ejected: Sequence[KeyPath] = ()) -> FilePlan:
    """Return the verdict on a path that somebody contributes to."""
    plan = FilePlan(
        path=desired.path, verdict=Verdict.IDENTICAL, owners=desired.owners, before=disk, entry=_entry(desired)
    )
    if desired.seed is not None and (base is not None or disk.state.kind == "file"):
        return replace(plan, reason="yours since it was made")
    if disk.state.kind not in {"file", "absent"}:
        return replace(plan, verdict=Verdict.CONFLICT, reason=_in_the_way(disk), entry=base)
    if desired.seed is not None:
        return replace(plan, verdict=Verdict.CREATE, content=desired.seed, executable=desired.executable)
    if disk.content is None and base is not None:
        return _missing(plan, desired, base, ejected)
    return _present(plan, desired, base, ejected)


def decide_orphan(base: Entry, disk: OnDisk, ejected: Sequence[KeyPath] = ()) -> FilePlan:
    """Return the verdict on a path that nobody contributes to any more."""
    plan = FilePlan(path=base.path, verdict=Verdict.IDENTICAL, owners=base.owners, before=disk)
    if disk.absence == "sparse":
        return replace(plan, reason=_SPARSE, entry=base)
    if base.is_seed or disk.content is None:
        return plan
    if base.text is None:
        return decide_parts(plan, None, base, ejected)
    if is_as_generated(disk.content, base.text):
        return replace(plan, verdict=Verdict.REMOVE, reason="nothing generates it any more")
    return replace(plan, reason="kept: you changed it")


_SPARSE = "left out by the sparse checkout"


def _in_the_way(disk: OnDisk) -> str:
    kind = disk.state.kind
    return "something that is no file is in the way" if kind == "other" else f"a {kind} is in the way"


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


def _missing(plan: FilePlan, desired: Desired, base: Entry, ejected: Sequence[KeyPath]) -> FilePlan:
    """Decide on a file that was generated and is not there: only one that git ignores may never have been."""
    match plan.before.absence:
        case "ignored":
            return _present(plan, desired, None, ejected)
        case "sparse":
            return replace(plan, reason=_SPARSE, entry=base)
        case _:
            return replace(plan, verdict=Verdict.DELETED, reason="you deleted it", entry=base)


def _present(plan: FilePlan, desired: Desired, base: Entry | None, ejected: Sequence[KeyPath]) -> FilePlan:
    content = plan.before.content
    if desired.text is not None:
        return decide_whole(plan, desired, _as_whole(base, plan.before, ejected), ejected)
    if base is not None and base.text is not None and content == base.text.encode():
        return _without_skeleton(plan, desired, ejected)
    return decide_parts(plan, desired, base, ejected)


def _as_whole(base: Entry | None, disk: OnDisk, ejected: Sequence[KeyPath]) -> Entry | None:
    """Return the baseline as a whole file: keys and blocks with nothing beside them were devkit's altogether."""
    if base is None or base.text is not None or base.is_seed or disk.content is None:
        return base
    if decide_orphan(base, disk, ejected).verdict is not Verdict.REMOVE:
        return base
    return replace(base, text=disk.content.decode(), keys=None, lists={}, blocks={})


def _without_skeleton(plan: FilePlan, desired: Desired, ejected: Sequence[KeyPath]) -> FilePlan:
    """Decide on an untouched file whose skeleton went: what is still wanted is made anew."""
    made = replace(decide_parts(replace(plan, before=_NOTHING), desired, None, ejected), before=plan.before)
    if made.content == plan.before.content:
        return replace(made, verdict=Verdict.IDENTICAL, content=None, executable=None)
    return replace(made, verdict=Verdict.UPDATE, executable=None)
