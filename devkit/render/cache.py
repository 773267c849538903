"""Compiled templates kept between runs: one pack file for each template, in the user's cache."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER, find_spec
from typing import TYPE_CHECKING, Any

from devkit.config.directories import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

_FORMAT = 2
"""Raised when the code that the sandbox generates changes."""
_DIGEST = 32


class Pack:
    """What was worked out of a template's texts: compiled code and verdicts, each under the digest of its text.

    A pack that is missing, foreign, damaged or another user's counts as empty; one that cannot be written is
    left out. `save` keeps what was used since it was opened, and writes only when something is new.
    """

    def __init__(self, purpose: str, location: str, settings: object = None) -> None:
        name = hashlib.sha256(f"{purpose}\0{location}".encode("utf-8", "surrogateescape")).hexdigest()
        self._path = os.path.join(cache_folder(), "compiled", f"{name[:40]}.pack")
        self._stamp = _stamp(settings)
        self._kept: dict[bytes, Any] = _read(self._path, self._stamp)
        self._used: dict[bytes, Any] = {}
        self._is_changed = False

    def code(self, name: str, text: str, make: Callable[[], CodeType]) -> CodeType:
        """Return the code of a template, compiled by `make` when it is not kept."""
        code: CodeType = self._get(b"code", name, text.encode("utf-8", "surrogatepass"), make)
        return code

    def verdict(self, name: str, content: bytes, make: Callable[[], bool]) -> bool:
        """Return what `make` once said of a name and a content."""
        verdict: bool = self._get(b"verdict", name, content, make)
        return verdict

    def save(self) -> None:
        """Keep what was used, when there is something new in it."""
        if self._is_changed:
            _write(self._path, self._stamp, self._used)

    def _get(self, kind: bytes, name: str, content: bytes, make: Callable[[], Any]) -> Any:
        key = hashlib.blake2b(b"%s\0%s\0%s" % (kind, name.encode(), content), digest_size=16).digest()
        value = self._used.get(key, self._kept.get(key))
        if value is None:
            value = make()
            self._is_changed = True
        self._used[key] = value
        return value


def _stamp(settings: object) -> bytes:
    """Return what a pack must have been written under for its code to fit: Python, jinja2 and the settings."""
    found = find_spec("jinja2")  # it need not be imported, and its version would cost more to find out than the rest
    compiler = os.path.join(os.path.dirname(found.origin or ""), "compiler.py") if found else ""
    status = os.stat(compiler)
    parts = (
        _FORMAT,
        MAGIC_NUMBER,
        sys.flags.optimize,
        compiler,
        status.st_mtime_ns,
        status.st_size,
        settings,
    )
    return hashlib.sha256(repr(parts).encode()).digest()


def _read(path: str, stamp: bytes) -> dict[bytes, Any]:
    """Return the entries of a pack; the digest in front of them keeps damaged bytes from `marshal`."""
    try:
        with open(path, "rb") as opened:
            if hasattr(os, "getuid") and os.fstat(opened.fileno()).st_uid != os.getuid():
                return {}
            content = opened.read()
        body = memoryview(content)[2 * _DIGEST :]
        if content[:_DIGEST] != stamp or content[_DIGEST : 2 * _DIGEST] != hashlib.sha256(body).digest():
            return {}
        entries = marshal.loads(body)  # noqa: S302 - the user's own file, and as it was written
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return entries if isinstance(entries, dict) else {}


def _write(path: str, stamp: bytes, entries: dict[bytes, Any]) -> None:
    body = marshal.dumps(entries)
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as opened:
            opened.write(stamp + hashlib.sha256(body).digest() + body)
        os.replace(temporary, path)
    except OSError:
        return  # a cache that cannot be written costs time, nothing else
