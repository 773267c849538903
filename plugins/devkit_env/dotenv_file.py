"""Reading and writing `.env` files: nothing is lost, and what is new can be read by its owner only."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from devkit.api import DOTENV_INVALID, NOT_A_FILE, USAGE, DevkitError, Place, blamed

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".env"
PRIVATE = 0o600
STATE = ".devkit/state"
_ENVIRONMENT = re.compile(r"\w[\w.-]*")


def file_name(environment: str) -> str:
    """Return the file of an environment: `.env.staging`, and `.env` for none; USAGE for what is no name."""
    if environment and not _ENVIRONMENT.fullmatch(environment):
        message = f"`{environment}` is not the name of an environment"
        raise DevkitError(USAGE, message, help="`--env staging` means the file `.env.staging`")
    return f"{NAME}.{environment}" if environment else NAME


def option(name: str) -> str:
    """Return what a command has to say beside its arguments to mean a file: ` --env staging`, nothing for `.env`."""
    return f" --env {name.removeprefix(f'{NAME}.')}" if name != NAME else ""


def read(root: Path, name: str) -> str | None:
    """Return the text of a file as it is, or `None` where there is none; DOTENV_INVALID when it is not UTF-8."""
    path = root / name
    _require_file(path, name)
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        place = Place(path=name, line=line)
        raise DevkitError(DOTENV_INVALID, "the file is not UTF-8", place=place, help="save it as UTF-8") from problem


def write(root: Path, name: str, text: str) -> None:
    """Replace a file at once; its mode is kept, and that of a new one is 0600."""
    _require_file(root / name, name)
    with blamed(name):
        _replace(root, root / name, text)


def _replace(root: Path, path: Path, text: str) -> None:
    import tempfile

    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else PRIVATE
    handle, passing = tempfile.mkstemp(prefix="env-", suffix=".new", dir=_unseen(root))  # made with 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(passing, mode)
        os.replace(passing, path)
    except BaseException:
        os.unlink(passing)
        raise


def _unseen(root: Path) -> Path:
    """Return a folder that git ignores, for what a killed process would leave; the project's own without such one."""
    folder = root / STATE
    is_own = folder.is_dir() and folder.resolve() == root.resolve() / STATE
    return folder if is_own else root


def _require_file(path: Path, name: str) -> None:
    """Raise for a link, a folder, a pipe or a device, which is neither followed nor waited for."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        what = "a link" if stat.S_ISLNK(mode) else "not a regular file"
        raise DevkitError(NOT_A_FILE, f"`{name}` is {what}", place=Place(path=name), help="put a file in its place")
