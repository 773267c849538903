"""Locking and installing a Node project's dependencies, with npm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api import TOOL_MISSING, DevkitError, json_object
from devkit_env.managers import NODE_LOCKS
from devkit_env.stamps import could_not_get, digest, install_once

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import TaskContext

MANIFEST = "package.json"
MODULES = "node_modules"
_STAMP = f"{MODULES}/.devkit-installed"
_REQUIREMENTS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_UNSEEN = ("overrides", "workspaces")
"""What a lock depends on without repeating it: npm itself has to look."""
_QUIET = ("--no-audit", "--no-fund", "--no-update-notifier")


def lock(context: TaskContext) -> None:
    """Write the lock file, unless the one that is there was made for the requirements as they are."""
    npm = _npm(context)
    path = _lock_path(context.root)
    if path is not None and _is_current(_read(context.root / MANIFEST), _read(path)):
        context.up_to_date(f"{path.name} is current")
        return
    _run(context, [npm, "install", "--package-lock-only", "--ignore-scripts"])


def install(context: TaskContext) -> None:
    """Make `node_modules` hold exactly what is locked; where nothing is locked, what npm chooses."""
    npm = _npm(context)
    argv = [npm, "ci" if _lock_path(context.root) else "install"]
    install_once(context, _STAMP, _mark(context), lambda: _run(context, argv))


def _npm(context: TaskContext) -> str:
    npm = context.which("npm")
    if npm is None:
        help_text = "install Node.js, which brings npm: https://nodejs.org/en/download"
        raise DevkitError(TOOL_MISSING, "`npm` is not on PATH", help=help_text)
    return npm


def _run(context: TaskContext, argv: list[str]) -> None:
    offline = ["--offline"] if context.offline else []
    if context.run([*argv, *_QUIET, *offline]) != 0:
        raise could_not_get(f"npm {argv[1]}")


def _lock_path(root: Path) -> Path | None:
    return next((root / name for name in NODE_LOCKS if (root / name).is_file()), None)


def _is_current(manifest: dict[str, Any], locked: dict[str, Any]) -> bool:
    """Whether a lock repeats the requirements of a manifest: what `npm ci` asks for as well."""
    packages = locked.get("packages")
    root = packages.get("") if isinstance(packages, dict) else None
    if not isinstance(root, dict) or any(manifest.get(name) for name in _UNSEEN):
        return False
    return all((manifest.get(name) or {}) == (root.get(name) or {}) for name in _REQUIREMENTS)


def _mark(context: TaskContext) -> str:
    """Return what an installation was made from: the lock, and Node's version; nothing where nothing is locked."""
    path = _lock_path(context.root)
    if path is None:
        return ""
    _, version, _ = context.capture(["node", "--version"])
    return digest(path.read_text("utf-8", "replace"), version)


def _read(path: Path) -> dict[str, Any]:
    """Return a JSON object; one that cannot be read counts as empty, since npm says best what is wrong with it."""
    try:
        return json_object(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
