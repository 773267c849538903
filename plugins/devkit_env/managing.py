"""Locking and installing with the package manager that a project was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import TOOL_MISSING, DevkitError
from devkit_env.managers import MANAGERS
from devkit_env.stamps import could_not_get, digest, install_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext
    from devkit_env.managers import Manager

_STAMP = "devkit-installed"


def lock(context: TaskContext, *, manager: str) -> None:
    """Write the lock file, unless the one that is there fits the manifest."""
    chosen = _there(context, manager)
    if (context.root / chosen.lock_file).is_file():
        code = context.capture(chosen.check, env=chosen.env)[0] if chosen.check else 0
        if code == 0:
            context.up_to_date(f"{chosen.lock_file} is current")
            return
    _run(context, chosen, chosen.lock)


def install(context: TaskContext, *, manager: str) -> None:
    """Install just what is locked, unless that is installed already."""
    chosen = _there(context, manager)
    stamp, mark = f"{chosen.folder}/{_STAMP}", _mark(context, chosen)
    install_once(context, stamp, mark, lambda: _run(context, chosen, chosen.install))


def _there(context: TaskContext, name: str) -> Manager:
    manager = MANAGERS[name]
    if context.which(manager.name) is None:
        message = f"the project is locked in {manager.lock_file}, and {manager.name} is not on PATH"
        raise DevkitError(TOOL_MISSING, message, help=manager.way)
    return manager


def _run(context: TaskContext, manager: Manager, argv: Sequence[str]) -> None:
    offline = manager.offline if context.offline else ()
    if context.run([*argv, *offline], env=manager.env) != 0:
        raise could_not_get(" ".join(argv[:2]))


def _mark(context: TaskContext, manager: Manager) -> str:
    """Return what an installation is made from: the lock, and the version of the manager."""
    _, version, _ = context.capture([manager.name, "--version"], env=manager.env)
    return digest((context.root / manager.lock_file).read_text("utf-8", "replace"), version)
