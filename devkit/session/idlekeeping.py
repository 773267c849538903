"""Keeping by what a run with nothing to do can be told again: see `devkit.session.idle`."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from devkit.api.tasks import RunCommand
from devkit.engine.freshness import FRESH
from devkit.engine.gitlisting import GitListing
from devkit.engine.toolmarks import is_shimmed
from devkit.project.head import head_commit
from devkit.project.marks import has_settled, mark, marked
from devkit.project.root import BASELINE_FILE, LOCK_FILE
from devkit.project.surroundings import program_folders, program_path
from devkit.session.idle import FIELD, FOLDER, ITEM, Kept, file_name, git_mark, read_kept
from devkit.session.keys import invocation_key
from devkit.session.warm import ground_files

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from devkit.api.tasks import Task
    from devkit.engine.freshness import ContentFreshness
    from devkit.plan.plan import Plan
    from devkit.project.tree import DiskTree
    from devkit.session.session import Session

_MOST_NEW = 200
"""Files that changed just now: each of them is read again whenever the answer is asked for."""
_LARGEST_NEW = 4 * 1024 * 1024
"""Bytes of such a file."""


def keep_idle(
    session: Session,
    names: Sequence[str],
    chosen: Sequence[Task],
    planned: tuple[Plan, DiskTree],
    freshness: ContentFreshness,
) -> None:
    """Keep the answer to a run of `names`, if all of its tasks are up to date and nothing is doubtful.

    `planned` is the plan with the tree that it was made from. First everything is marked, and then the tasks are
    checked once more: what changes in between is either seen by the check or no longer fits its mark.
    """
    options, (plan, tree) = session.options, planned
    if options.plugins or options.no_plugins or session.configuration.core.plugin_folders or plan.findings:
        return
    if not chosen or not all(task.inputs for task in chosen) or _has_shims(session, chosen):
        return
    key = invocation_key(str(session.root))
    paths = _watched(session, tree, freshness, chosen)
    marks = _marks(session, paths)
    listing = freshness.recheck(chosen)
    git = git_mark(*listing.mark) if listing is not None and listing.mark is not None else []
    is_doubtful = listing is None or (listing != GitListing() and not git)
    if not key[1] or marks is None or is_doubtful or not freshness.watched <= paths:
        return
    kept = _kept(session, plan, chosen, freshness)
    _write(session, names, Kept(key=key, names=list(names), git=git, marks=marks, **kept))


def _watched(session: Session, tree: DiskTree, freshness: ContentFreshness, chosen: Sequence[Task]) -> set[str]:
    from devkit.session.grounds import locked_source

    template = session.lock.template
    folders = [locked_source(session, template).folder] if template else []
    tools = (os.path.realpath(path) for task in chosen for _, _, path in _tools(session, task))
    ours = (LOCK_FILE, BASELINE_FILE, *ground_files(session, folders), *tools)
    return {*ours, *tree.reads.files, *tree.reads.seen, *freshness.watched}


def _marks(session: Session, paths: Collection[str]) -> list[str] | None:
    """Return the marks of all paths; `None` where too much is too new."""
    now, root = time.time_ns(), str(session.root)
    new = [path for path in paths if not has_settled(mark(os.path.join(root, path)), now)]
    is_light = all(_size(os.path.join(root, path)) <= _LARGEST_NEW for path in new)
    if len(new) > _MOST_NEW or not is_light:
        return None
    return marked(root, sorted(paths), now)


def _kept(session: Session, plan: Plan, chosen: Sequence[Task], freshness: ContentFreshness) -> dict[str, list[str]]:
    from devkit.report.text import clean, style

    versions = {plugin.name: plugin.version for plugin in session.host.plugins}
    plugins = {task.name: plan.tasks[task.name].plugin for task in chosen}
    variables = [
        (name, freshness.record_of(task).salt, value)
        for task in chosen
        for name, value in freshness.record_of(task).grounds.variables.items()
    ]
    tasks = [(task.name, FRESH, plugins[task.name], versions.get(plugins[task.name], "")) for task in chosen]
    tools = [(name, place, *first) for task in chosen for name, first, place in _tools(session, task)]
    return {
        "commit": [head_commit(session.root)],
        "tasks": [FIELD.join(each) for each in tasks],
        "variables": [FIELD.join(each) for each in variables],
        "tools": [FIELD.join(each) for each in tools],
        "lines": [f"{style('skipped', 'dim')} {clean(task.name)}  {style(FRESH, 'dim')}" for task in chosen],
    }


def _tools(session: Session, task: Task) -> list[tuple[str, tuple[str, ...], str]]:
    """Return name, first folders and place of each program that a task names."""
    first = task.action.path if isinstance(task.action, RunCommand) else ()
    folders = program_folders(str(session.root), first)
    return [(name, first, program_path(name, folders)) for name in task.tools]


def _has_shims(session: Session, chosen: Sequence[Task]) -> bool:
    return any(is_shimmed(path) for task in chosen for _, _, path in _tools(session, task))


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def _write(session: Session, names: Sequence[str], kept: Kept) -> None:
    """Replace the kept answer; where it cannot be written, or a name is too strange for it, nothing is kept."""
    from devkit.engine.inside import Inside

    path, text = file_name(names), kept.text()
    if (
        read_kept(text) is None
        or any("\n" in task for task in kept.tasks)
        or text.count(ITEM) != sum(len(part) - 1 for part in kept.parts() if part)
    ):
        return
    draft = f"{path}.{os.getpid()}.new"
    with suppress(OSError), Inside(session.root) as inside:
        inside.make_folder(FOLDER)
        inside.remove(draft)
        inside.write(draft, os.fsencode(text), mode=0o600)
        inside.move(draft, path)
