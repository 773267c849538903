"""Measuring whole commands side by side: A B A B in one run, medians and ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A command to measure; `prepare` returns the folder that each run starts in, outside of the clock."""

    name: str
    argv: Sequence[str]
    prepare: Callable[[], Path] | None = None
    env: Mapping[str, str] | None = None


def measure(contenders: Sequence[Contender], pairs: int = 9) -> dict[str, float]:
    """Return the median wall time of each contender in seconds, after one warm-up run each."""
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(pairs + 1):
        for contender in contenders:
            seconds = _once(contender)
            if turn > 0:
                times[contender.name].append(seconds)
    return {name: statistics.median(values) for name, values in times.items()}


def table(title: str, medians: Mapping[str, float], unit: str) -> None:
    """Print medians and their ratios to the contender named `unit`."""
    print(f"\n{title}\n{'':44} {'median':>10} {'ratio':>8}")
    for name, seconds in medians.items():
        print(f"{name:<44} {seconds * 1000:>7.1f} ms {seconds / medians[unit]:>8.2f}")


def bare_python() -> Contender:
    """Return the unit of start-up: an interpreter that does nothing."""
    return Contender(name="python -I -S -c pass", argv=[sys.executable, "-I", "-S", "-c", "pass"])


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of every run: compiled code is kept, as it is for users."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | dict(extra or {})


def _once(contender: Contender) -> float:
    folder = contender.prepare() if contender.prepare else None
    env = environment(contender.env)
    started = time.perf_counter()
    subprocess.run(
        contender.argv, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started
