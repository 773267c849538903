"""Putting the running application under load with Locust or k6, and holding the figures to their limits."""

from __future__ import annotations

import csv
import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING

from devkit.api import APPLICATION_SILENT, REPORT_MISSING, RUNNER_MISSING, TESTS_FAILED, DevkitError, Place
from devkit_test.memory import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.api import TaskContext

_STATISTICS = f"{FOLDER}/load_stats.csv"
_K6_SUMMARY = f"{FOLDER}/load.json"
_K6_THRESHOLD = 99
"""The exit code by which k6 says that a threshold of the script was crossed (its `errext/exitcodes`)."""
_HAS_LOCUST = "import importlib.util, sys; sys.exit(importlib.util.find_spec('locust') is None)"
_PATIENCE = 5.0
"""Seconds to wait for the application's first answer."""


def run_locust(context: TaskContext, *, argv: Sequence[str], failures: float, p95: int) -> None:
    """Play the users; TESTS_FAILED when too many requests fail or are too slow, APPLICATION_SILENT without one."""
    _require_locust(context, argv[0])
    _require_answer(argv[argv.index("--host") + 1])
    (context.root / FOLDER).mkdir(parents=True, exist_ok=True)
    (context.root / _STATISTICS).unlink(missing_ok=True)
    words = ["--csv", f"{FOLDER}/load", "--exit-code-on-error", "0"]
    code = context.run([*argv, *words, *context.arguments])
    if code != 0 or not (context.root / _STATISTICS).exists():
        raise DevkitError(REPORT_MISSING, f"Locust ended with exit code {code}", help="its output is above")
    _hold(context, context.root, failures, p95)


def _require_locust(context: TaskContext, python: str) -> None:
    """Raise when the environment lacks Locust, which is often in a dependency group of its own."""
    code, _, _ = context.capture([python, "-c", _HAS_LOCUST])
    if code != 0:
        help_text = """install its group too: devkit config set env.groups '["dev", "load"]', then: devkit run env"""
        raise DevkitError(RUNNER_MISSING, "Locust is not in the project's environment", help=help_text)


def run_k6(context: TaskContext, *, script: str, url: str) -> None:
    """Run a k6 script, which reads the address from `BASE_URL` and has its own thresholds; errors as `run_locust`."""
    program = context.which("k6")
    if program is None:
        help_text = "install k6: https://grafana.com/docs/k6/latest/set-up/install-k6/"
        raise DevkitError(RUNNER_MISSING, f"`{script}` is for k6, which is not on PATH", help=help_text)
    _require_answer(url)
    (context.root / FOLDER).mkdir(parents=True, exist_ok=True)
    (context.root / _K6_SUMMARY).unlink(missing_ok=True)
    words = ["--quiet", "--no-usage-report", "--summary-export", _K6_SUMMARY, "--env", f"BASE_URL={url}"]
    code = context.run([program, "run", *words, *context.arguments, script])
    _record_k6(context)
    if code == _K6_THRESHOLD:
        message = f"a threshold of `{script}` was crossed"
        raise DevkitError(TESTS_FAILED, message, place=Place(path=script), help="the figures are above")
    if code != 0:
        raise DevkitError(REPORT_MISSING, f"k6 ended with exit code {code}", help="its output is above")


def _record_k6(context: TaskContext) -> None:
    """Remember what k6 measured, as far as it says so (`--summary-export`)."""
    try:
        metrics = json.loads((context.root / _K6_SUMMARY).read_text("utf-8"))["metrics"]
    except (OSError, ValueError, KeyError):
        return
    figures = {"requests": ("http_reqs", "count"), "failed share": ("http_req_failed", "value")}
    figures["p95 ms"] = ("http_req_duration", "p(95)")
    for name, (metric, part) in figures.items():
        value = metrics.get(metric, {}).get(part)
        if isinstance(value, int | float):
            context.record(name, value)


def _hold(context: TaskContext, root: Path, failures: float, p95: int) -> None:
    with (root / _STATISTICS).open(encoding="utf-8", newline="") as file:
        total = next((row for row in csv.DictReader(file) if row["Name"] == "Aggregated"), None)
    if total is None:
        raise DevkitError(REPORT_MISSING, "Locust has summed nothing up", help="its output is above")
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
    except (OSError, ValueError, HTTPException) as problem:
        message = f"nothing answers at {url}"
        help_text = "start the application: devkit up; or set `load-url` in [tool.devkit.test]"
        raise DevkitError(APPLICATION_SILENT, message, help=help_text) from problem
