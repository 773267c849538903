"""Moving bytes between devkit and a child process, in bounded memory."""

from __future__ import annotations

import os
import selectors
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from devkit.engine.group import Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from subprocess import Popen

OnText = Callable[[str, str], None]
"""Hears a stream's name and one or more of its lines, the last one without its end."""
IsStopped = Callable[[], bool]
"""Whether the process is to be stopped."""
LONGEST_LINE = 64 * 1024
"""Bytes. A longer line is passed on in pieces."""
_CHUNK = 64 * 1024
_KIND_OF_BYTE = 0xC0
_CONTINUATION = 0x80  # in UTF-8: a byte that another one began
_PATIENCE = 0.1
"""Seconds between looks at whether a process, whose pipes others may hold open, has ended."""


class Tail:
    """The end of a stream, of a bounded size."""

    def __init__(self, size: int) -> None:
        self.is_truncated = False
        self._size = size
        self._kept = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take in what came."""
        self._kept += chunk
        if len(self._kept) > 2 * self._size + _CHUNK:  # cut now and then, not at every chunk
            self._cut()

    @property
    def text(self) -> str:
        """The end of the stream as text; bytes that are not UTF-8 are written as escapes."""
        if len(self._kept) > self._size:
            self._cut()
        return decoded(self._kept)

    def _cut(self) -> None:
        self.is_truncated = True
        del self._kept[: len(self._kept) - self._size]


class Lines:
    """Bytes cut into texts of whole lines."""

    def __init__(self, stream: str, on_text: OnText | None) -> None:
        self._stream = stream
        self._on_text = on_text
        self._rest = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take in what came, and pass on the lines that are complete, or too long to be kept."""
        if self._on_text is None:
            return
        end = chunk.rfind(b"\n")
        if end >= 0:
            self._pass_on(self._rest + chunk[:end])
            self._rest.clear()
        self._rest += chunk[end + 1 :]
        while len(self._rest) > LONGEST_LINE:
            end = _character_end(self._rest, LONGEST_LINE)
            self._pass_on(self._rest[:end])
            del self._rest[:end]

    def end(self) -> None:
        """Pass on a last line without an end."""
        if self._rest:
            self._pass_on(self._rest)

    def _pass_on(self, lines: bytes | bytearray) -> None:
        if self._on_text is not None:
            text = lines.replace(b"\r\n", b"\n").removesuffix(b"\r")
            self._on_text(self._stream, text.decode("utf-8", "surrogateescape"))


def decoded(content: bytes | bytearray) -> str:
    """Return bytes as text; what is not UTF-8 is written as escapes."""
    return content.decode("utf-8", "backslashreplace")


def pump(
    process: Popen[bytes], stdin: bytes, tails: Mapping[str, Tail], on_text: OnText | None, is_stopped: IsStopped
) -> None:
    """Write a process's input and read its output until it has ended; raise `Stopped` when it is to be stopped.

    A child of the process may hold the pipes open for longer; it is not waited for.
    """
    if os.name == "nt":
        _exchange(process, stdin, tails, on_text)
        return
    with selectors.DefaultSelector() as selector, _watched(process, selector):
        for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ, (tails[name], Lines(name, on_text)))
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE, memoryview(stdin))
        _loop(selector, process, is_stopped)
        for key in list(selector.get_map().values()):
            if isinstance(key.data, tuple):
                key.data[1].end()


def _loop(selector: selectors.BaseSelector, process: Popen[bytes], is_stopped: IsStopped) -> None:
    while True:
        if is_stopped():
            raise Stopped
        has_ended = process.poll() is not None
        if not (has_ended or selector.get_map()):  # it has closed its pipes, and the system tells of no end
            _wait_a_little(process)
            continue
        events = selector.select(0 if has_ended else _PATIENCE)
        if has_ended and not events:
            return
        for key, _ in events:
            if key.data is None:  # the process has ended, which the next look will find
                selector.unregister(key.fileobj)
            elif isinstance(key.data, memoryview):
                _write(selector, key)
            else:
                _read(selector, key)


def _wait_a_little(process: Popen[bytes]) -> None:
    from subprocess import TimeoutExpired

    with suppress(TimeoutExpired):
        process.wait(_PATIENCE)


@contextmanager
def _watched(process: Popen[bytes], selector: selectors.BaseSelector) -> Iterator[None]:
    """Let a selector wake when the process ends, where the system can do that (pidfd_open of Linux)."""
    try:
        handle = os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        yield
        return
    try:
        selector.register(handle, selectors.EVENT_READ)
        yield
    finally:
        os.close(handle)


def _write(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    stream: IO[bytes] = key.fileobj  # type: ignore[assignment]
    try:
        written = os.write(key.fd, key.data[:_CHUNK]) if key.data else 0
    except BlockingIOError:
        return
    except BrokenPipeError:  # the program does not want to hear more, which is its right
        written = len(key.data)
    rest = key.data[written:]
    selector.unregister(stream)
    if rest:
        selector.register(stream, selectors.EVENT_WRITE, rest)
    else:
        stream.close()


def _read(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    tail, lines = key.data
    chunk = os.read(key.fd, _CHUNK)
    tail.add(chunk)
    lines.add(chunk)
    if not chunk:
        selector.unregister(key.fileobj)
        lines.end()


def _exchange(process: Popen[bytes], stdin: bytes, tails: Mapping[str, Tail], on_text: OnText | None) -> None:
    """Where pipes cannot be waited for: collect the output first, then pass it on."""
    for (name, tail), output in zip(tails.items(), process.communicate(stdin), strict=True):
        tail.add(output)
        lines = Lines(name, on_text)
        lines.add(output)
        lines.end()


def _character_end(line: bytes | bytearray, end: int) -> int:
    """Return the last position up to `end` that is not within a character."""
    start = end
    while start > end - 4 and line[start] & _KIND_OF_BYTE == _CONTINUATION:
        start -= 1
    return start
