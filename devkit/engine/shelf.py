"""Fetched templates in the user's cache: for each URL a folder, in it one folder for each commit."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.config.directories import cache_folder
from devkit.errors import IO_FAILED, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_STALE = 24 * 60 * 60
"""Seconds after which a folder that a killed run left behind is taken away."""


class Shelf:
    """What was fetched from one URL, and to which commit a branch or tag led when it was last looked at."""

    def __init__(self, url: str) -> None:
        name = hashlib.sha256(url.encode()).hexdigest()[:32]
        self.folder = Path(cache_folder(), "templates", name)
        self._refs = self.folder / "refs.json"

    def commit(self, commit: str) -> Path | None:
        """Return the folder of a commit, given in full; `None` when it is not here."""
        folder = self.folder / commit
        return folder if _COMMIT.fullmatch(commit) and folder.is_dir() else None

    def last(self, ref: str) -> str:
        """Return the commit that a branch, tag or (`""`) the default branch led to when it was fetched, or `""`."""
        if _COMMIT.fullmatch(ref):
            return ref
        found = self._read().get(ref or "HEAD", "")
        return found if isinstance(found, str) else ""

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give an empty folder beside the commits, which goes when the block ends."""
        import tempfile

        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            staging = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        except OSError as problem:
            raise self._failed(problem) from problem
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def put(self, staging: Path, commit: str, ref: str) -> Path:
        """Publish what was staged as a commit, and note that `ref` leads to it; return its folder."""
        folder = self.folder / commit
        try:
            if not folder.is_dir():
                shutil.rmtree(staging / ".git")
                self._publish(staging, folder)
            if not _COMMIT.fullmatch(ref):
                self._write({**self._read(), ref or "HEAD": commit})
        except OSError as problem:
            raise self._failed(problem) from problem
        return folder

    def _publish(self, staging: Path, folder: Path) -> None:
        try:
            staging.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another run was faster, with the same commit
                raise

    def _read(self) -> dict[str, object]:
        try:
            refs = json.loads(self._refs.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return refs if isinstance(refs, dict) else {}

    def _write(self, refs: dict[str, object]) -> None:
        draft = self._refs.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(refs, sort_keys=True), "utf-8")
        draft.replace(self._refs)

    def _sweep(self) -> None:
        for folder in self.folder.glob(".new-*"):
            if time.time() - folder.lstat().st_mtime > _STALE:
                shutil.rmtree(folder, ignore_errors=True)

    def _failed(self, problem: OSError) -> DevkitError:
        message = f"the template cannot be kept: {problem.strerror}"
        return DevkitError(IO_FAILED, message, place=Place(path=str(self.folder)))
