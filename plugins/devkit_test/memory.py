"""What is remembered of one kind of tests: its latest summary, and who passed and failed on the same code."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping  # noqa: TC003 - the types of what is read are looked up when it runs
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, ValidationError, convert, to_builtins

from devkit_test.reports import FAILED, PASSED, SKIPPED, Case, Coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

T = TypeVar("T")

FOLDER = ".devkit/state/test"
SLOWEST = 10
_REMEMBERED = 20
"""Runs that are looked back on for tests that pass and fail on the same code."""


class Summary(Struct, frozen=True, kw_only=True):
    """One run of one kind of tests; `is_partial` when the user chose some of them."""

    kind: str
    counts: Mapping[str, int]
    seconds: float = 0.0
    failed: tuple[Case, ...] = ()
    slowest: tuple[Case, ...] = ()
    flaky: tuple[str, ...] = ()
    coverage: Coverage | None = None
    is_partial: bool = False

    @property
    def total(self) -> int:
        """The number of tests."""
        return sum(self.counts.values())


class Past(Struct, frozen=True, kw_only=True):
    """An earlier run: a mark of the code that was tested (`""`: not known), who passed and who failed."""

    code: str
    passed: frozenset[str]
    failed: frozenset[str]


def summarized(kind: str, cases: Sequence[Case], **values: Any) -> Summary:
    """Return the summary of some tests."""
    counts = {outcome: sum(case.outcome == outcome for case in cases) for outcome in (PASSED, FAILED, SKIPPED)}
    slowest = sorted((case for case in cases if case.outcome != SKIPPED), key=lambda case: -case.seconds)[:SLOWEST]
    failed = tuple(case for case in cases if case.outcome == FAILED)
    return Summary(kind=kind, counts=counts, failed=failed, slowest=tuple(slowest), **values)


def remember(root: Path, kind: str, code: str, cases: Sequence[Case]) -> list[Past]:
    """Add a run to what is remembered of its kind; return all that is, the oldest left out."""
    file = f"{kind}-past.json"
    passed, failed = (frozenset(case.name for case in cases if case.outcome == how) for how in (PASSED, FAILED))
    runs = [*(_load(root, file, list[Past]) or []), Past(code=code, passed=passed, failed=failed)][-_REMEMBERED:]
    _store(root, file, runs)
    return runs


def flaky(runs: Iterable[Past]) -> tuple[str, ...]:
    """Return the tests that passed and failed on the very same code."""
    passed, failed = dict[str, set[str]](), dict[str, set[str]]()
    for run in (run for run in runs if run.code):
        passed.setdefault(run.code, set()).update(run.passed)
        failed.setdefault(run.code, set()).update(run.failed)
    return tuple(sorted({name for code, names in failed.items() for name in names & passed[code]}))


def store_summary(root: Path, summary: Summary) -> None:
    """Write the summary of a kind."""
    _store(root, f"{summary.kind}.json", summary)


def load_summary(root: Path, kind: str) -> Summary | None:
    """Return the latest summary of a kind, or `None` where there is none that can be read."""
    return _load(root, f"{kind}.json", Summary)


def _load(root: Path, name: str, of: type[T]) -> T | None:
    """Return what a file holds; `None` where there is none, or it was written by another version, or by hand."""
    try:
        return convert(json.loads((root / FOLDER / name).read_text("utf-8")), of)
    except (OSError, ValueError, ValidationError, RecursionError):
        return None


def _store(root: Path, name: str, what: Summary | list[Past]) -> None:
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    passing = folder / f".{name}.{os.getpid()}"
    passing.write_text(json.dumps(to_builtins(what, order="deterministic")), "utf-8")
    passing.replace(folder / name)
