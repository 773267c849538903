"""Child processes: started without a shell, in a group of their own, never left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

KEPT = 8 * 1024 * 1024
"""Bytes of each stream that are kept; of more, the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that ended: its code (128 + n for signal n, whose name is in `signal`) and the end of its output."""

    code: int
    stdout: str
    stderr: str
    signal: str = ""
    is_truncated: bool = False


def run_process(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str, str], None] | None = None,
    stdin: bytes | None = None,
    keep: int = KEPT,
    keeps_git_variables: bool = False,
) -> Completed:
    """Run a program to its end; `on_line(stream, line)` hears `"stdout"` and `"stderr"` as lines come."""
    raise NotImplementedError
