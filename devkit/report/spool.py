"""What a task printed, kept until it is known how the task ends: a little in memory, more in a nameless file."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = 256 * 1024
"""Bytes that are kept in memory; what is larger goes into the folder for temporary files."""
_CHUNK = 64 * 1024


class Spool:
    """Text that grows, in bounded memory. When the disk is full, the end of it is missing, and the text says so."""

    def __init__(self) -> None:
        self.last = ""
        self._kept = bytearray()
        self._file: IO[bytes] | None = None
        self._lost = 0

    def add(self, text: str) -> None:
        """Take in whole lines; what was not UTF-8 stands in them as lone surrogates."""
        self.last = text
        self._kept += text.encode("utf-8", "surrogateescape") + b"\n"
        if len(self._kept) > IN_MEMORY:
            self._spill()

    def last_line(self) -> str:
        """Return the last line that is not empty, of what came last."""
        return self.last.rstrip().rpartition("\n")[2]

    def texts(self) -> Iterator[str]:
        """Give all the text in pieces of whole lines, each piece without its last end of a line."""
        if self._file is not None:
            self._file.seek(0)
            yield from _pieces(self._file)
        if self._kept:
            yield _text(self._kept)
        if self._lost:
            yield f"(the disk is full: {self._lost} bytes of the output are missing here)"

    def close(self) -> None:
        """Forget everything."""
        if self._file is not None:
            self._file.close()

    def _spill(self) -> None:
        try:
            if self._file is None:
                from tempfile import TemporaryFile

                self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed with the spool
            written = self._file.write(self._kept)
        except OSError:
            written = 0
        self._lost += len(self._kept) - written
        self._kept.clear()


def _pieces(file: IO[bytes]) -> Iterator[str]:
    rest = b""
    while chunk := file.read(_CHUNK):
        whole, end, rest = (rest + chunk).rpartition(b"\n")
        if end:
            yield _text(whole)
    if rest:
        yield _text(rest)


def _text(lines: bytes | bytearray) -> str:
    return lines.removesuffix(b"\n").decode("utf-8", "surrogateescape")
