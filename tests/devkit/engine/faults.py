"""Changes of every kind, and an os module that fails when it is told to."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from devkit.engine.transaction import Change, commit_changes
from devkit.errors import DevkitError
from devkit.project.state import read_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def change(root: Path, path: str, content: bytes | None, *, executable: bool | None = None) -> Change:
    return Change(path=path, before=read_state(root, path), content=content, executable=executable)


def all_kinds(root: Path) -> list[Change]:
    """A file that changes, one that is made executable, one that goes, and new ones in new folders."""
    return [
        change(root, "README.md", b"one\r\nthree"),
        change(root, "bin/run", b"#!/bin/sh\n", executable=False),
        change(root, "old/only.txt", None),
        change(root, "new/deep/a.txt", b"a"),
        change(root, "new/b.sh", b"b", executable=True),
    ]


def refusal(root: Path, changes: Sequence[Change]) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        commit_changes(root, changes, command="apply")
    return caught.value


class Faulty:
    """The os module, in which the n-th call of what writes fails: once, or from then on."""

    CALLS = frozenset({"open", "replace", "link", "unlink", "mkdir", "rmdir", "fsync", "fchmod", "fchown"})

    def __init__(self, fails_at: int, problem: BaseException, *, persists: bool) -> None:
        self.calls = 0
        self.has_failed = False
        self._fails_at = fails_at
        self._problem = problem
        self._persists = persists

    def __getattr__(self, name: str) -> Any:
        function = getattr(os, name)
        return self._counted(function) if name in self.CALLS else function

    def _counted(self, function: Any) -> Any:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self.calls += 1
            if self.calls == self._fails_at or (self._persists and self.calls > self._fails_at):
                self.has_failed = True
                raise self._problem
            return function(*arguments, **keywords)

        return call


class CrossDevice(Faulty):
    """The same, where devkit's state is on another file system than the files."""

    def __getattr__(self, name: str) -> Any:
        function = super().__getattr__(name)
        return self._apart(function) if name in {"link", "replace"} else function

    @staticmethod
    def _apart(function: Any) -> Any:
        def call(source: str, target: str, **keywords: Any) -> Any:
            if {source[-4:], target[-4:]} & {".new", ".old"}:
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            return function(source, target, **keywords)

        return call


def outcome(root: Path, changes: Sequence[Change]) -> DevkitError | None:
    try:
        commit_changes(root, changes, command="apply")
    except DevkitError as error:
        return error
    return None
