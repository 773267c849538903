"""A git repository of the tests' own, and the checks run in it as git would run them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devkit_githooks import hygiene

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A work tree that the process is in."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def git(self, *words: str | bytes) -> str:
        """Run git and return what it says."""
        done = subprocess.run(["git", "--literal-pathspecs", *words], cwd=self.root, check=True, capture_output=True)
        return done.stdout.decode()

    def write(self, name: str, data: bytes | str = b"text\n") -> Path:
        """Write a file and return its path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def stage(self, name: str, data: bytes | str = b"text\n") -> Path:
        """Write a file, add it to the index and return its path."""
        path = self.write(name, data)
        self.git("add", "-f", "--", name)
        return path

    def commit(self) -> str:
        """Commit what is staged, and return the name of the commit."""
        self.git("commit", "-q", "--allow-empty", "-m", "test: a state")
        return self.git("rev-parse", "HEAD").strip()

    def hygiene(self, *words: str) -> tuple[int, list[str]]:
        """Return exit code and lines of the hygiene checks."""
        return self.hook(hygiene.main, *words)

    def hook(self, main: Callable[[Sequence[str]], int], *words: str) -> tuple[int, list[str]]:
        """Return exit code and lines of a hook."""
        self.capture.readouterr()
        code = main(words)
        said = self.capture.readouterr()
        return code, (said.out + said.err).splitlines()
