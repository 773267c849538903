"""Sending the spans of a run where the environment names a collector of OpenTelemetry."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.report.events import FindingRaised

if TYPE_CHECKING:
    from devkit.report.otlp import Collector
    from devkit.report.tracing import Tracing
    from devkit.session.session import Session


class Spans:
    """The tracing of one run; without a collector, or with `--offline`, there is none."""

    def __init__(self, session: Session, command: str) -> None:
        self._session = session
        self._collector = None if session.options.is_offline else _collector()
        self.tracing = _tracing(command) if self._collector is not None else None

    def send(self) -> None:
        """Send the spans; what is wrong with that is a warning."""
        if self._collector is None or self.tracing is None:
            return
        finding = self._collector.post(self.tracing.document(os.environ))
        if finding is not None:
            self._session.tell(FindingRaised(finding))


def _collector() -> Collector | None:
    if not any(name.startswith("OTEL_EXPORTER_OTLP") for name in os.environ):
        return None
    from devkit.report.otlp import Collector

    return Collector.of(os.environ)


def _tracing(command: str) -> Tracing | None:
    from devkit.report.tracing import Tracing

    return Tracing.begin(command, os.environ)
