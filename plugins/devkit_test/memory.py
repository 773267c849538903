"""What is remembered of one kind of tests: its latest summary, and who passed and failed on the same code."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field, to_builtins

from devkit_test.reports import FAILED, PASSED, SKIPPED, Case, Coverage, coverage_document, coverage_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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
    """Outcomes of earlier runs: for each a mark of the code that was tested, who passed and who failed."""

    runs: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def flaky(self) -> tuple[str, ...]:
        """Return the tests that passed and failed on the very same code."""
        passed: dict[str, set[str]] = {}
        failed: dict[str, set[str]] = {}
        for run in self.runs:
            passed.setdefault(run["code"], set()).update(run[PASSED])
            failed.setdefault(run["code"], set()).update(run[FAILED])
        return tuple(sorted({name for code, names in failed.items() for name in names & passed[code]}))


def summarized(kind: str, cases: Sequence[Case], **values: Any) -> Summary:
    """Return the summary of some tests."""
    counts = {outcome: sum(case.outcome == outcome for case in cases) for outcome in (PASSED, FAILED, SKIPPED)}
    slowest = sorted((case for case in cases if case.outcome != SKIPPED), key=lambda case: -case.seconds)[:SLOWEST]
    failed = tuple(case for case in cases if case.outcome == FAILED)
    return Summary(kind=kind, counts=counts, failed=failed, slowest=tuple(slowest), **values)


def remember(root: Path, kind: str, code: str, cases: Sequence[Case]) -> Past:
    """Add a run to what is remembered of its kind; return all that is, the oldest left out."""
    file = f"{kind}-past.json"
    runs = _load(root, file, [])
    names = {outcome: sorted(case.name for case in cases if case.outcome == outcome) for outcome in (PASSED, FAILED)}
    kept = [*(runs if isinstance(runs, list) else []), {"code": code, **names}][-_REMEMBERED:]
    _store(root, file, kept)
    return Past(runs=kept)


def store_summary(root: Path, summary: Summary) -> None:
    """Write the summary of a kind."""
    document = to_builtins(summary)
    document["coverage"] = None if summary.coverage is None else coverage_document(summary.coverage)
    _store(root, f"{summary.kind}.json", document)


def load_summary(root: Path, kind: str) -> Summary | None:
    """Return the latest summary of a kind, or `None` where there is none that can be read."""
    document = _load(root, f"{kind}.json", None)
    try:
        return _summary(document) if document else None
    except (KeyError, TypeError, ValueError, AttributeError):  # written by another version, or by hand
        return None


def _summary(document: Mapping[str, Any]) -> Summary:
    values: dict[str, Any] = dict(document)
    for name in ("failed", "slowest"):
        values[name] = tuple(Case(**case) for case in document[name])
    values["flaky"] = tuple(document["flaky"])
    values["coverage"] = None if document["coverage"] is None else coverage_from(document["coverage"])
    return Summary(**values)


def _load(root: Path, name: str, otherwise: Any) -> Any:
    try:
        return json.loads((root / FOLDER / name).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return otherwise


def _store(root: Path, name: str, document: Any) -> None:
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    passing = folder / f".{name}.{os.getpid()}"
    passing.write_text(json.dumps(document, indent=1), "utf-8")
    passing.replace(folder / name)
