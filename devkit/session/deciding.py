"""Deciding on files: what the template and the stages contribute, what is on disk, and what becomes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api.actions import Block, Render, Seed, Verdict, Write
from devkit.plan.baseline import Baseline, Entry, write_baseline
from devkit.plan.decide import decide, decide_orphan
from devkit.plan.desired import Contribution, desired_files
from devkit.plan.fileplan import FilePlan, OnDisk
from devkit.plan.lock import write_lock
from devkit.project.root import BASELINE_FILE, LOCK_FILE
from devkit.project.state import read_file
from devkit.session.planning import TEMPLATE_STAGE, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from devkit.api.actions import FileAction
    from devkit.api.values import KeyPath
    from devkit.host.host import Owned
    from devkit.render.tree import RenderedFile
    from devkit.session.planning import Ground

CORE = "devkit"
RECORDS_BLOCK = "records"
_RECORDS_NOTE = f"{BASELINE_FILE} -diff linguist-generated\n{LOCK_FILE} linguist-generated\n"


def template_files(ground: Ground) -> Iterable[Contribution]:
    """Return devkit's own contributions: what the template renders, and the note on devkit's records."""
    for file in ground.rendered:
        yield Contribution(stage=TEMPLATE_STAGE, plugin="the template", action=_action(file))
    yield Contribution(
        stage=CORE,
        plugin=CORE,
        action=Block(path=".gitattributes", name=RECORDS_BLOCK, text=_RECORDS_NOTE, stage=CORE),
    )


def _action(file: RenderedFile) -> FileAction:
    if file.is_seed or file.text is None:
        return Seed(path=file.path, text=file.content, executable=file.executable)
    return Write(path=file.path, text=file.text, executable=file.executable)


def stage_files(actions: Iterable[Owned[FileAction]], stages: Sequence[str]) -> Iterable[Contribution]:
    """Yield what the enabled stages contribute, rendered where it comes from a template in a package."""
    from devkit.render.resource import render_resource

    for owned in actions:
        stage = stage_of(owned.plugin, owned.value.stage)
        if stage not in stages:
            continue
        action = owned.value
        if isinstance(action, Render):
            text = render_resource(action)
            action = Write(path=action.path, text=text, executable=action.executable, stage=stage)
        yield Contribution(stage=stage, plugin=f"plugin {owned.plugin.name}", action=action)


def decide_all(ground: Ground, contributions: Sequence[Contribution]) -> tuple[FilePlan, ...]:
    """Return what becomes of every file that is contributed or was generated, in the order of paths."""
    desired = desired_files(contributions)
    ejected = ground.lock.ejected
    disk = read_disk(ground.root, {*desired, *ground.baseline}, ground.baseline)
    absent = ground.absent | (set(ground.lock.stages) - {owned.value.name for owned in ground.host.stages})
    files = []
    for path in sorted({*desired, *ground.baseline}):
        base = ground.baseline.get(path)
        if path in ejected:
            files.append(_left_alone(path, Verdict.EJECTED, base, disk[path], "yours"))
        elif base is not None and absent.intersection(base.owners):
            reason = f"what makes stage `{min(absent.intersection(base.owners))}` is not here"
            files.append(_left_alone(path, Verdict.IDENTICAL, base, disk[path], reason))
        elif path in desired:
            files.append(decide(desired[path], base, disk[path], _ejected_keys(ejected, path)))
        elif base is not None:
            files.append(decide_orphan(base, disk[path], _ejected_keys(ejected, path)))
    return tuple(files)


def _left_alone(path: str, verdict: Verdict, base: Entry | None, disk: OnDisk, reason: str) -> FilePlan:
    owners = base.owners if base else ()
    return FilePlan(path=path, verdict=verdict, owners=owners, before=disk, reason=reason, entry=base)


def _ejected_keys(ejected: Iterable[str], path: str) -> tuple[KeyPath, ...]:
    keys = [entry.removeprefix(f"{path}#") for entry in ejected if entry.startswith(f"{path}#")]
    return tuple(tuple(key.split(".")) for key in keys)


def read_disk(root: Path, paths: Iterable[str], baseline: Baseline) -> dict[str, OnDisk]:
    """Return what is at each path now; a path that was generated and is missing is looked up in git."""
    found = {path: _on_disk(root, path) for path in paths}
    missing = [path for path, disk in found.items() if disk.state.kind == "absent" and path in baseline]
    if missing:
        from devkit.engine.git import Git

        git = Git(root)
        ignored, sparse = git.ignored(missing), git.sparse_skipped(missing)
        for path in missing:
            absence = "ignored" if path in ignored else "sparse" if path in sparse else "deleted"
            found[path] = replace(found[path], absence=absence)
    return found


def _on_disk(root: Path, path: str) -> OnDisk:
    state, content = read_file(root, path)
    return OnDisk(state=state, content=content)


def planned_records(ground: Ground, files: Sequence[FilePlan]) -> tuple[FilePlan, ...]:
    """Return the plans of devkit's own files, the lock and the baseline."""
    entries = {file.path: file.entry for file in files if file.entry is not None}
    texts = {LOCK_FILE: write_lock(ground.lock), BASELINE_FILE: write_baseline(entries)}
    return tuple(_record(ground.root, path, text) for path, text in texts.items())


def _record(root: Path, path: str, text: str) -> FilePlan:
    disk = _on_disk(root, path)
    plan = FilePlan(path=path, verdict=Verdict.IDENTICAL, owners=(CORE,), before=disk)
    if disk.content == text.encode():
        return plan
    verdict = Verdict.CREATE if disk.content is None else Verdict.UPDATE
    return replace(plan, verdict=verdict, content=text.encode(), executable=False)
