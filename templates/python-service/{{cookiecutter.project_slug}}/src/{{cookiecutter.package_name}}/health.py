"""What an orchestrator asks: is the process alive, and may it be sent requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

Check = Callable[[], Awaitable[None]]
"""Returns when what it checks is there, and raises when it is not."""


class Liveness(BaseModel):
    """The answer of `/health`."""

    status: str


class ReadinessReport(BaseModel):
    """The answer of `/ready`: the outcome of each check by its name."""

    status: str
    checks: dict[str, str]


class Readiness:
    """Whether this process may be sent requests.

    Add a check for each thing without which no request can be answered:
    `readiness.add("database", ping_database)`.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._checks: dict[str, Check] = {}
        self._is_draining = False

    def add(self, name: str, check: Check) -> None:
        """Ask `check` whenever readiness is asked for."""
        self._checks[name] = check

    def drain(self) -> None:
        """Report "not ready" from now on: the process is about to stop."""
        self._is_draining = True

    async def report(self) -> ReadinessReport:
        """Run all checks at once; one that raises or takes too long has failed."""
        if self._is_draining:
            return ReadinessReport(status="draining", checks={})
        results = await asyncio.gather(*(self._run(*item) for item in self._checks.items()))
        checks = dict(zip(self._checks, results, strict=True))
        is_ready = all(result == "ok" for result in results)
        return ReadinessReport(status="ready" if is_ready else "not ready", checks=checks)

    async def _run(self, name: str, check: Check) -> str:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await check()
        except Exception:  # whatever a check raises means that it failed
            # The reason goes to the log, not into an answer that anyone may read.
            logger.warning("Readiness check failed", extra={"check": name}, exc_info=True)
            return "failed"
        return "ok"


def get_readiness(request: Request) -> Readiness:
    """Return the readiness of the application that answers this request."""
    readiness: Readiness = request.app.state.readiness
    return readiness


@router.get("/health")
async def health() -> Liveness:
    """Liveness: the process answers. Checks nothing else, since a restart would not mend it."""
    return Liveness(status="ok")


@router.get("/ready")
async def ready(
    readiness: Annotated[Readiness, Depends(get_readiness)], response: Response
) -> ReadinessReport:
    """Readiness: 200 when every check passes, 503 when one fails or the service is stopping."""
    report = await readiness.report()
    if report.status != "ready":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return report
