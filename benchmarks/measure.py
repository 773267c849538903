"""Measuring whole commands side by side: A B A B in one run, wall and processor time, minimum, median and ratio."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PAIRS = 9
SETTLING = 2.5
"""Seconds after which devkit trusts that what it read is not being changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A command to measure; `prepare` returns the folder that each run starts in, outside of the clock."""

    name: str
    argv: Sequence[str]
    prepare: Callable[[], Path] | None = None
    env: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of all runs of one contender in seconds: on the wall, and of the processor with all children."""

    wall: tuple[float, ...]
    processor: tuple[float, ...]


def measure(contenders: Sequence[Contender], pairs: int = PAIRS) -> dict[str, Times]:
    """Run the contenders in turn, `pairs` times after one round of warming up; return their times."""
    runs: dict[str, list[tuple[float, float]]] = {contender.name: [] for contender in contenders}
    for turn in range(pairs + 1):
        for contender in contenders:
            seconds = _once(contender)
            if turn > 0:
                runs[contender.name].append(seconds)
    return {
        name: Times(wall=tuple(wall for wall, _ in each), processor=tuple(cpu for _, cpu in each))
        for name, each in runs.items()
    }


def ratio(found: Mapping[str, Times], one: str, other: str) -> str:
    """Return how many times longer one contender takes than another: by median, by minimum, in processor time."""
    pair = found[one], found[other]
    median, least = (_quotient([pick(each.wall) for each in pair]) for pick in (statistics.median, min))
    processor = _quotient([statistics.median(each.processor) for each in pair])
    return f"{median:10.3f} {least:10.3f} {processor:10.3f}"


def table(title: str, found: Mapping[str, Times], unit: str) -> None:
    """Print the medians and minima of the wall time, the processor time, and their ratios to the `unit`."""
    heads = (*("median", "least", "processor"), *("ratio", "least", "processor"))
    print(f"\n{title}\n{'':40} {' '.join(f'{head:>10}' for head in heads)}")
    for name, times in found.items():
        figures = (statistics.median(times.wall), min(times.wall), statistics.median(times.processor))
        print(f"{name:<40} {' '.join(f'{each * 1000:7.1f} ms' for each in figures)} {ratio(found, name, unit)}")


def bare_python() -> Contender:
    """Return the unit of start-up: an interpreter that does nothing."""
    return Contender(name="python -I -S -c pass", argv=[sys.executable, "-I", "-S", "-c", "pass"])


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of every run: compiled code is kept, as it is for users."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | dict(extra or {})


def settled(contender: Contender) -> None:
    """Run a command twice, with a pause: what devkit keeps for later it keeps only once nothing has just changed."""
    for _ in range(2):
        time.sleep(SETTLING)
        _once(contender)


def install_peers(folder: Path, names: Sequence[str]) -> Path:
    """Install peers from the package index into an environment of their own; print their versions, return `bin`."""
    scripts = folder / "bin"
    pip = [str(scripts / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, env=environment())
    subprocess.run([*pip, "install", "--quiet", *names], check=True, env=environment())
    code = "import sys; from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in sys.argv[1:]))"
    subprocess.run([str(scripts / "python"), "-c", code, *names], check=True, env=environment())
    return scripts


def own_script() -> str:
    """Return devkit's console script in the environment of this interpreter."""
    return os.path.join(os.path.dirname(sys.executable), "devkit")


def _once(contender: Contender) -> tuple[float, float]:
    """Return the wall time and the processor time of one run, or fail with what the command said."""
    folder = contender.prepare() if contender.prepare else None
    env = environment(contender.env)
    before, started = _processor(), time.perf_counter()
    done = subprocess.run(contender.argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{contender.name} failed: {' '.join(contender.argv)}\n{done.stdout}{done.stderr}")
    return seconds, _processor() - before


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _quotient(pair: Sequence[float]) -> float:
    return pair[0] / pair[1] if pair[1] else float("nan")


def run(argv: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command that has to succeed."""
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
