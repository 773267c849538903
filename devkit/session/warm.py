"""Answers kept from the last time nothing had to be done, given again while nothing they depend on has changed.

Only a writing command keeps them, in `.devkit/state/`; a reader that finds them current calls no plugin.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from devkit import __version__
from devkit.host.index import index_mark
from devkit.host.stamps import are_current, have_settled, stamped
from devkit.project.journal import pending_recovery
from devkit.project.root import BASELINE_FILE, LOCK_FILE, STATE_FOLDER
from devkit.project.tree import matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from devkit.plan.plan import Plan
    from devkit.project.tree import DiskTree
    from devkit.session.session import Session

_FILE = f"{STATE_FOLDER}/answers.json"


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
    except (KeyError, TypeError, AttributeError):
        return None
    return lines


def keep_answers(session: Session, plan: Plan, tree: DiskTree, answers: Mapping[str, Sequence[str]]) -> None:
    """Keep answers for as long as the plan's plugins, settings, read files and targets stay as they are."""
    since = time.time_ns()
    root = session.root
    paths = {*tree.reads.files, *(file.path for file in plan.files), LOCK_FILE, BASELINE_FILE}
    watched = [
        *session.configuration.files,
        *_plugin_files(session),
        *(os.path.join(root, path) for path in sorted(paths)),
    ]
    stamps = stamped(watched)
    if not index_mark() or not have_settled(stamps, since=since, until=time.time_ns()):
        return
    kept = {"key": _key(session), "stamps": stamps, "patterns": tree.reads.patterns, "answers": answers}
    _write(root, json.dumps(kept))


def _key(session: Session) -> list[Any]:
    chosen = [list(session.options.plugins), session.options.no_plugins]
    variables = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("DEVKIT_"))
    return [__version__, index_mark(), str(session.root), chosen, variables]


def _plugin_files(session: Session) -> list[str]:
    """Return the files of the plugins' packages that were imported: whoever edits one changes the plan."""
    packages = {plugin.package for plugin in session.host.plugins}
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] in packages]
    return sorted({file for module in modules if (file := getattr(module, "__file__", None))})


def _read(root: Path) -> Any:
    try:
        with open(os.path.join(root, _FILE), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}


def _write(root: Path, text: str) -> None:
    """Replace the kept answers; where the state folder cannot be written, they are not kept."""
    target = os.path.join(root, _FILE)
    if _read_text(target) == text:
        return
    try:
        with open(f"{target}.{os.getpid()}", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(f"{target}.{os.getpid()}", target)
    except OSError:
        return


def _read_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""
