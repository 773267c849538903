"""What was built last and from what it was, by the looks of the files: the answer to `devkit build` in a moment.

A plan is not made, no file is read, and git and the engine are asked one thing each. Any doubt means no answer, and
the build finds out by content.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from devkit.api import Result
from devkit_build.content import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from devkit.api import TaskContext

_FILE = ".devkit/state/build/known.json"
_LOOKS = ".devkit/state/build/looks.json"
_IMAGE = ".devkit/state/build/image.json"
_CONFIGURATION = (
    "pyproject.toml", "package.json", "setup.cfg", "setup.py", "devkit.toml", "devkit.local.toml", ".dockerignore",
    ".devkit/lock.toml", ".git/packed-refs", ".git/refs/tags",
)  # fmt: skip
"""What decides how the image is called and built, beside what it is built from."""
_VARIABLES = ("DEVKIT_", "DOCKER_", "BUILDX_", "BUILDKIT_", "SOURCE_DATE_EPOCH", "XDG_", "HOME")
_STATUS = ("git", "-c", "core.fsmonitor=", "--no-optional-locks", "status", "--porcelain=v2", "--branch", "-z")
_SETTLED = 1_000_000_000
"""Nanoseconds after its last change in which a file may change again without looking changed."""


def image_result(image: Mapping[str, Any]) -> Result:
    """Return what `devkit build` answers: the names of the image, with its digest where it was pushed."""
    pushed = [f"{reference}@{image['digest']}" for reference in image["pushed"]]
    lines = pushed or [*image["references"], f"written to {_IMAGE}"]
    return Result(schema="devkit.build/1", data=image, lines=lines)


def find_known(context: TaskContext, environ: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the document of the image that was built last, when all looks as it did and the engine holds it."""
    root = str(context.root)
    known = _load(os.path.join(root, _FILE))
    if known is None or known.get("variables") != _variables(environ) or known.get("code") != _code():
        return None
    if _looks(root, known["files"]) != known["files"] or _status(context) != known["status"]:
        return None
    image: dict[str, Any] = known["image"]
    return image if _is_held(image, environ) else None


def look_at_configuration(root: Path, environ: Mapping[str, str]) -> dict[str, list[int]]:
    """Return what the files look like that decide how the image is called and built; before they are read."""
    return _looks(str(root), [*_CONFIGURATION, _user_file(environ)])


def look_at_context(root: Path, folder: str, looks: Mapping[str, Sequence[int]]) -> None:
    """Keep what the build context in a folder looked like when it was read."""
    paths = {os.path.normpath(os.path.join(folder, path)): list(look) for path, look in looks.items()}
    _store(os.path.join(str(root), _LOOKS), paths)


def remember_known(
    context: TaskContext, environ: Mapping[str, str], image: Mapping[str, Any], configuration: Mapping[str, list[int]]
) -> None:
    """Keep the image that was just built or found, for `find_known`; unless it may have changed unseen since."""
    root = str(context.root)
    status = _status(context)
    looks = {**(_load(os.path.join(root, _LOOKS)) or {}), **configuration}
    if image["image_id"] and _is_of(image, status) and all(_is_settled(look) for look in looks.values()):
        looks[_IMAGE] = _look(os.path.join(root, _IMAGE))
        known = {"variables": _variables(environ), "code": _code(), "files": looks, "status": status}
        _store(os.path.join(root, _FILE), {**known, "image": dict(image)})


def _is_of(image: Mapping[str, Any], status: str) -> bool:
    """Whether git still says what the image was named after."""
    lines = status.split("\0")
    is_dirty = any(line and not line.startswith("#") for line in lines)
    return f"# branch.oid {image['commit']}" in lines and is_dirty == image["is_dirty"]


def _store(path: str, document: Any) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    passing = f"{path}.{os.getpid()}"
    with open(passing, "w", encoding="utf-8") as file:
        json.dump(document, file)
    os.replace(passing, path)


def _load(path: str) -> dict[str, Any] | None:
    try:
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) else None


def _looks(root: str, paths: Iterable[str]) -> dict[str, list[int]]:
    """Return what files and folders look like; nothing for one that is not there."""
    return {path: _look(os.path.join(root, path)) for path in paths}


def _look(path: str) -> list[int]:
    try:
        found = os.lstat(path)
    except OSError:
        return []
    return list(stamp_of(found))


def _is_settled(look: Sequence[int]) -> bool:
    import time

    return all(number < time.time_ns() - _SETTLED for number in look)


def _variables(environ: Mapping[str, str]) -> list[str]:
    """Return a digest of the variables that change what is built or who is asked; they are never written down."""
    from hashlib import sha256

    pairs = sorted(f"{name}={value}" for name, value in environ.items() if name.startswith(_VARIABLES))
    return [sha256("\0".join(pairs).encode("utf-8", "surrogateescape")).hexdigest()]


def _code() -> list[int]:
    """Return what the code of this stage looks like."""
    return _look(os.path.join(os.path.dirname(__file__), "building.py"))


def _user_file(environ: Mapping[str, str]) -> str:
    base = environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(base, "devkit", "config.toml")


def _status(context: TaskContext) -> str:
    code, text, _ = context.capture(_STATUS)
    return text if code == 0 else ""


def _is_held(image: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    from devkit.api import DevkitError
    from devkit_build.engine import find_held, held_names

    try:
        held = find_held(str(image["image_id"]), environ)
    except DevkitError:
        return False
    return held_names(held).issuperset(image["references"])
