"""Two processes for many files: one half of the work is done by a fork, which answers with two bytes a file."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .entries import Entry

    Work = list[tuple[Entry, int]]


def in_halves(work: "Work", judge: "Callable[[Work], list[int]]") -> list[int]:
    """Return what `judge` finds in each part of the work, in order."""
    if not hasattr(os, "fork") or "threading" in sys.modules or (os.cpu_count() or 1) < 2:  # noqa: PLR2004 - two
        return judge(work)
    middle = len(work) // 2
    answer, end = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(end, work[middle:], judge)
    os.close(end)
    first = judge(work[:middle])
    with open(answer, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    rest = [int.from_bytes(said[at : at + 2], "big") for at in range(0, len(said), 2)]
    return first + rest if len(rest) == len(work) - middle else first + judge(work[middle:])


def _answer(end: int, work: "Work", judge: "Callable[[Work], list[int]]") -> None:
    """Judge in the fork and leave it, whatever happens; half an answer is none, and the parent does it again."""
    code = 1
    try:
        said = b"".join(bits.to_bytes(2, "big") for bits in judge(work))
        with open(end, "wb") as file:
            file.write(said)
        code = 0
    finally:
        os._exit(code)
