"""Answers kept from the last time nothing had to be done, given again while nothing they depend on has changed.

Only a writing command keeps them, in `.devkit/state/`; a reader that finds them current calls no plugin.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from devkit.host.index import index_mark
from devkit.host.stamps import are_current, have_settled, stamped
from devkit.project.journal import pending_recovery
from devkit.project.root import ANSWERS_FILE, BASELINE_FILE, LOCK_FILE
from devkit.project.state import READ_SAFELY
from devkit.project.tree import matches
from devkit.session.keys import invocation_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from devkit.plan.fileplan import FilePlan
    from devkit.plan.plan import Plan
    from devkit.project.tree import DiskTree
    from devkit.session.session import Session

_LARGEST = 8 * 1024 * 1024
"""Bytes. What devkit keeps is smaller; a larger file is not devkit's."""
_NOT_WATCHED = frozenset({"__pycache__", ".git"})


def warm_answer(session: Session, name: str) -> Sequence[str] | None:
    """Return the lines of a kept answer, or `None` when there is none or anything may have changed."""
    options = session.options
    if options.is_json or options.events or options.verbosity > 0 or pending_recovery(session.root) is not None:
        return None
    kept = _read(session.root)
    try:
        if kept["key"] != _key(session) or not are_current(kept["stamps"]):
            return None
        if any(list(matches(session.root, pattern)) != found for pattern, found in kept["patterns"].items()):
            return None
        lines: list[str] = kept["answers"][name]
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    return lines if _is_ours(lines) else None


def keep_answers(
    session: Session,
    plan: Plan,
    tree: DiskTree,
    answers: Mapping[str, Sequence[str]],
    folders: Iterable[Path] = (),
) -> None:
    """Keep answers for as long as the plan's plugins, settings, read files and targets stay as they are.

    `folders` hold more files that the plan was made from. Where git decided on a missing file, nothing is kept:
    what it ignores is not watched.
    """
    if any(map(_hangs_on_git, plan.files)):
        return
    root = session.root
    paths = {*tree.reads.files, *(file.path for file in plan.files), LOCK_FILE, BASELINE_FILE}
    watched = [
        *ground_files(session, folders),
        *(os.path.join(root, path) for path in sorted(paths)),
    ]
    stamps = stamped(watched)
    if not index_mark() or not have_settled(stamps, since=session.began, until=time.time_ns()):
        return
    kept = {"key": _key(session), "stamps": stamps, "patterns": tree.reads.patterns, "answers": answers}
    _write(root, json.dumps(kept).encode())


def _hangs_on_git(file: FilePlan) -> bool:
    from devkit.api.actions import Verdict

    is_missing = file.before.state.kind == "absent" and file.entry is not None and not file.entry.is_seed
    return is_missing and file.verdict is not Verdict.EJECTED


def _key(session: Session) -> list[Any]:
    """Return what must be equal besides the watched files, as JSON gives it back."""
    options = session.options
    return invocation_key(str(session.root), options.plugins, no_plugins=options.no_plugins)


def ground_files(session: Session, folders: Iterable[Path] = ()) -> Iterator[str]:
    """Yield the files that a plan is made from beside those of the project: configuration, plugins, templates."""
    yield from session.configuration.files
    yield from _plugin_files(session)
    yield from (file for folder in folders for file in _files_below(str(folder)))


def _plugin_files(session: Session) -> Iterator[str]:
    """Yield the files of the plugins' packages: whoever edits one changes the plan."""
    for package in sorted({plugin.package for plugin in session.host.plugins}):
        module = sys.modules.get(package)
        for folder in getattr(module, "__path__", ()):
            yield from _files_below(folder)
        file = getattr(module, "__file__", None)
        if file:
            yield file


def _files_below(folder: str) -> Iterator[str]:
    """Yield the files below a folder, and the folders, whose stamps tell of files that come and go."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_WATCHED]
        yield here
        yield from (os.path.join(here, name) for name in names)


def _is_ours(lines: Any) -> bool:
    """Whether lines are such as devkit prints: the file may have come with a clone."""
    from devkit.report.text import clean, plain

    return isinstance(lines, list) and all(
        isinstance(line, str) and clean(plain(line)) == plain(line) for line in lines
    )


def _read(root: Path) -> Any:
    content = _content(root)
    try:
        return json.loads(content) if len(content) <= _LARGEST else {}
    except (ValueError, RecursionError):
        return {}


def _content(root: Path) -> bytes:
    """Return the beginning of the file, as long as nothing strange is in its place."""
    try:
        with open(os.open(os.path.join(root, ANSWERS_FILE), READ_SAFELY), "rb") as file:
            is_small = os.fstat(file.fileno()).st_size <= _LARGEST
            return file.read(_LARGEST + 1) if is_small else b""
    except OSError:
        return b""


def _write(root: Path, content: bytes) -> None:
    """Replace the kept answers, through no link; where the state folder cannot be written, they are not kept."""
    if _content(root) == content:
        return
    from devkit.engine.inside import Inside

    with suppress(OSError), Inside(root) as inside:
        inside.replace(ANSWERS_FILE, content)
