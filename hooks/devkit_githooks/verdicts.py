"""Remembered verdicts: a file of records, keyed by blob and kind, in git's own folder, shared by all work trees.

A record is 20 bytes of the blob's name, one of kind, two of bits. Records are appended; whatever does not look like
such a file is made anew. The head holds the digest of the last list of files in which nothing was found.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = 1
"""Changes whenever a check finds something else than before."""

_MAGIC = b"DKHYG\1\r\n"
_DIGEST = 32
_HEAD = len(_MAGIC) + _DIGEST
_KEY = 21
_RECORD = _KEY + 2
_MANY = 200
_LARGEST = 64 << 20


class Verdicts:
    """The verdicts known for one choice of checks and settings."""

    __slots__ = ("_data", "_new", "_path", "_table")

    def __init__(self, common: str, settings: str) -> None:
        folder = os.path.join(common, "devkit")
        self._path = os.path.join(
            folder, f"hygiene-{digest(f'{VERSION}.{sys.hexversion} {settings}'.encode()).hex()[:12]}"
        )
        self._data = _load(self._path)
        self._table: dict[bytes, bytes] | None = None
        self._new: list[bytes] = []

    def expect_many(self, count: int) -> None:
        """Make many look-ups fast."""
        if count > _MANY:
            data, end = self._data, len(self._data)
            starts = range(_HEAD, end, _RECORD)
            self._table = {data[at : at + _KEY]: data[at + _KEY : at + _RECORD] for at in starts}

    def find(self, blob: bytes, kind: int) -> int | None:
        """Return the bits that were found in a blob of that kind, if it was ever looked at."""
        key = _key(blob, kind)
        if self._table is not None:
            bits = self._table.get(key)
            return None if bits is None else int.from_bytes(bits, "big")
        at = self._data.find(key, _HEAD)
        while at >= 0 and (at - _HEAD) % _RECORD:
            at = self._data.find(key, at + 1)
        return int.from_bytes(self._data[at + _KEY : at + _RECORD], "big") if at >= 0 else None

    def add(self, blob: bytes, kind: int, bits: int) -> None:
        """Remember a verdict."""
        self._new.append(_key(blob, kind) + bits.to_bytes(2, "big"))

    def is_clean(self, listing: bytes) -> bool:
        """Return whether this very list of files was found clean the last time."""
        return self._data[len(_MAGIC) : _HEAD] == listing

    def save(self, listing: bytes = b"") -> None:
        """Write down what is new; a folder that can't be written is no failure."""
        if not self._new and (not listing or self.is_clean(listing)):
            return
        try:
            self._append(listing)
        except OSError:
            return

    def _append(self, listing: bytes) -> None:
        if len(self._data) <= _HEAD:
            return self._begin(listing)
        number = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(number, b"".join(self._new))
        finally:
            os.close(number)
        if listing:
            self._note(listing)
        return None

    def _note(self, listing: bytes) -> None:
        with open(self._path, "r+b", buffering=0) as file:
            file.seek(len(_MAGIC))
            file.write(listing)

    def _begin(self, listing: bytes) -> None:
        """Write a new file beside and rename it, so that nobody ever reads half of one; sweep away old ones."""
        folder = os.path.dirname(self._path)
        os.makedirs(folder, exist_ok=True)
        beside = f"{self._path}.{os.getpid()}"
        with open(beside, "wb") as file:
            file.write(_MAGIC + (listing or bytes(_DIGEST)) + b"".join(self._new))
        os.replace(beside, self._path)
        _sweep(folder, self._path)


def digest(data: bytes, more: "Iterable[bytes]" = ()) -> bytes:
    """Return the digest of a list of files."""
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    found = blake2b(data, digest_size=_DIGEST)
    for each in more:
        found.update(each)
    return found.digest()


def _key(blob: bytes, kind: int) -> bytes:
    return bytes.fromhex(blob[:40].decode()) + bytes((kind,))


def _load(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            data = file.read()
    except OSError:
        return b""
    is_sound = data.startswith(_MAGIC) and len(data) >= _HEAD and not (len(data) - _HEAD) % _RECORD
    return data if is_sound and len(data) < _LARGEST else b""


def _sweep(folder: str, kept: str) -> None:
    """Remove the verdicts of other versions and settings that nobody has used for a month."""
    from time import time

    for entry in os.scandir(folder):
        is_ours = entry.name.startswith("hygiene-") and entry.path != kept
        if is_ours and time() - entry.stat(follow_symlinks=False).st_mtime > 30 * 24 * 3600:
            os.unlink(entry.path)
