"""Putting the running application under load with Locust, and holding the figures to their limits."""

from __future__ import annotations

import csv
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from devkit.api import APPLICATION_SILENT, REPORT_MISSING, TESTS_FAILED, DevkitError, Place
from devkit_test.memory import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.api import TaskContext

_STATISTICS = f"{FOLDER}/load_stats.csv"
_PATIENCE = 5.0
"""Seconds to wait for the application's first answer."""


def run_locust(context: TaskContext, *, argv: Sequence[str], failures: float, p95: int) -> None:
    """Play the users; TESTS_FAILED when too many requests fail or are too slow, APPLICATION_SILENT without one."""
    _require_answer(argv[argv.index("--host") + 1])
    (context.root / FOLDER).mkdir(parents=True, exist_ok=True)
    (context.root / _STATISTICS).unlink(missing_ok=True)
    words = ["--csv", f"{FOLDER}/load", "--exit-code-on-error", "0"]
    code = context.run([*argv, *words, *context.arguments])
    if code != 0 or not (context.root / _STATISTICS).exists():
        raise DevkitError(REPORT_MISSING, f"Locust ended with exit code {code}", help="its output is above")
    _hold(context, context.root, failures, p95)


def _hold(context: TaskContext, root: Path, failures: float, p95: int) -> None:
    with (root / _STATISTICS).open(encoding="utf-8", newline="") as file:
        total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
    requests, failed = int(total["Request Count"]), int(total["Failure Count"])
    slow = float(total["95%"]) if requests else 0.0
    share = 100 * failed / requests if requests else 100.0
    for name, value in {"requests": requests, "failures": failed, "p95 ms": slow}.items():
        context.record(name, value)
    context.say(f"{requests} requests, {share:.1f} % failed, 95 of 100 within {slow:.0f} ms")
    if share > failures or slow > p95:
        message = f"{share:.1f} % of {requests} requests failed and 95 of 100 took up to {slow:.0f} ms"
        help_text = f"allowed are {failures:g} % and {p95} ms: `load-failures` and `load-p95` in [tool.devkit.test]"
        raise DevkitError(TESTS_FAILED, message, place=Place(path=_STATISTICS), help=help_text)


def _require_answer(url: str) -> None:
    """Raise when nothing answers at all; an answer that says no is an answer."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=_PATIENCE).close()
    except urllib.error.HTTPError:
        return
    except (OSError, ValueError) as problem:
        message = f"nothing answers at {url}"
        help_text = "start the application: devkit up; or set `load-url` in [tool.devkit.test]"
        raise DevkitError(APPLICATION_SILENT, message, help=help_text) from problem
