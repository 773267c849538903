"""Waiting until a whole tree is on the disk."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def sync_tree(folder: Path) -> None:
    """Wait until all below a folder is on the disk: with one call where the system has it, else file by file."""
    if os.name == "nt":
        return
    sync_file_system = _sync_file_system()
    if sync_file_system is None:
        _sync_each(folder)
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        sync_file_system(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's list of names is on the disk."""
    if os.name != "nt":
        _sync(str(folder))


def _sync_file_system() -> Callable[[int], None] | None:
    """Return syncfs(2), which Linux has and Python does not name."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        return None

    def call(handle: int) -> None:
        if library.syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return call


def _sync_each(folder: Path) -> None:
    for here, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)
            if not os.path.islink(path):
                _sync(path)
        _sync(here)


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
