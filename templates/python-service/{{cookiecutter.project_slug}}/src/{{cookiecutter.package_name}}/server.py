"""The process: settings, logs, and a server that stops without losing a request."""

import asyncio
import contextlib
import socket
import sys

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.app import create_app
from {{ cookiecutter.package_name }}.health import Readiness
from {{ cookiecutter.package_name }}.logs import configure_logging
from {{ cookiecutter.package_name }}.settings import Settings


class Server(uvicorn.Server):
    """A uvicorn server that drains before it stops.

    On SIGTERM or SIGINT: `/ready` answers 503, while everything else is still answered for
    `drain_seconds`, so that load balancers can look elsewhere; then no connection is accepted any
    more, and requests in flight get `shutdown_timeout_seconds` to finish.
    """

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
            log_config=None,  # its logs go where ours go
            access_log=False,  # telemetry.py writes a better one
            server_header=False,
        )
        super().__init__(config)
        self._readiness: Readiness = app.state.readiness
        self._drain_seconds = settings.drain_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then stop."""
        self._readiness.drain()
        await asyncio.sleep(self._drain_seconds)
        await super().shutdown(sockets)


def main() -> None:
    """Run the service until it is told to stop."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.exit(f"Invalid settings: {error}")
    configure_logging(settings.log_level)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once all is closed
        Server(create_app(settings), settings).run()
