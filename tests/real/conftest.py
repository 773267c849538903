from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every component must be there, a skip is a failure that shows its reason."""
    report = yield
    if report.skipped and os.environ.get("DEVKIT_REQUIRE_REAL"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though every component is required: {report.longreprtext}"
    return report
