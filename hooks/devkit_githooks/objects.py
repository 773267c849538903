"""Reading blobs from git: few and fresh ones from their own files, many through one `git cat-file --batch`."""

import os

from .git import Child, Place
from .problems import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

LIMIT = 32 << 20
"""A file above this many bytes is judged by its name and size alone: memory stays bounded."""

_TYPE, _REGULAR = 0o170000, 0o100000
_FEW = 16
_WINDOW = 90
"""Names sent to git ahead of their answers: less than any pipe holds, so neither side ever waits for the other."""


def read_blobs(place: Place, blobs: "Sequence[bytes]") -> "Iterator[tuple[int, bytes | None]]":
    """Yield size and content of each blob, in order; no content of one above the limit."""
    if len(blobs) > _FEW:
        yield from _read_batch(blobs)
        return
    for blob in blobs:
        found = _read_loose(place, blob)
        yield found if found is not None else next(_read_batch([blob]))


def read_file(path: bytes) -> tuple[int, bytes | None] | None:
    """Return size and content of a file of the work tree; nothing for what is no file, and no link is followed."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with open(number, "rb", buffering=0) as file:
        facts = os.fstat(number)
        if facts.st_mode & _TYPE != _REGULAR:
            return None
        return facts.st_size, file.read() if facts.st_size <= LIMIT else None


def _read_loose(place: Place, blob: bytes) -> tuple[int, bytes | None] | None:
    from zlib import decompressobj, error

    name = blob.decode()
    try:
        with open(os.path.join(place.objects, name[:2], name[2:]), "rb", buffering=0) as file:
            stream = decompressobj()
            head = stream.decompress(file.read(LIMIT), LIMIT + 64)
            is_whole = stream.eof
    except (OSError, error):
        return None  # packed, borrowed or damaged: git knows
    kind, _, data = head.partition(b"\0")
    size = int(kind.removeprefix(b"blob ")) if kind.startswith(b"blob ") else -1
    if size > LIMIT:
        return size, None
    return (size, data) if is_whole and len(data) == size else None


def _read_batch(blobs: "Sequence[bytes]") -> "Iterator[tuple[int, bytes | None]]":
    """Yield from children that run until they meet a blob above the limit, which would come in whole."""
    position = 0
    while position < len(blobs):
        child = Child(["cat-file", "--batch"], has_input=True)
        try:
            for size, data in _answers(child, blobs[position:]):
                position += 1
                yield size, data
                if data is None:
                    break
        finally:
            child.end()


def _answers(child: Child, blobs: "Sequence[bytes]") -> "Iterator[tuple[int, bytes | None]]":
    sink, output = child.input, child.output
    if sink is None:
        raise AssertionError("a batch has an input")
    for position, blob in enumerate(blobs):
        if position % _WINDOW == 0:
            ahead = blobs[:_WINDOW] if position == 0 else ()
            ahead = (*ahead, *blobs[position + _WINDOW : position + 2 * _WINDOW])
            sink.write(b"".join(each + b"\n" for each in ahead))
        yield _answer(output, blob)


def _answer(output: "BinaryIO", blob: bytes) -> tuple[int, bytes | None]:
    words = output.readline().split()
    if len(words) != 3 or words[1] != b"blob":  # noqa: PLR2004 - name, kind and size
        raise Refusal(f"git has no blob {blob.decode()}; `git fsck` tells more")
    size = int(words[2])
    return size, output.read(size + 1)[:-1] if size <= LIMIT else None
