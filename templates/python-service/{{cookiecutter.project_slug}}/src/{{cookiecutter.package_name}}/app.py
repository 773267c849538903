"""The application: everything put together."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware import Middleware

from {{ cookiecutter.package_name }} import __version__, health, notes, telemetry
from {{ cookiecutter.package_name }}.database import Database
from {{ cookiecutter.package_name }}.health import Readiness
from {{ cookiecutter.package_name }}.notes import NoteStore
from {{ cookiecutter.package_name }}.request_id import RequestIdMiddleware
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.telemetry import TelemetryMiddleware

logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open what the service needs before its first request, and close it after its last."""
    # Open further pools and clients here, and tell `app.state.readiness` how to check them.
    database: Database = app.state.database
    app.state.readiness.add("database", database.ping)
    logger.info("Service started", extra={"version": app.version})
    yield
    database.close()
    logger.info("Service stopped")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return a new application; without settings, they are read from the environment."""
    settings = settings or Settings()
    app = FastAPI(
        title="{{ cookiecutter.project_slug }}",
        version=__version__,
        lifespan=lifespan,
        middleware=[Middleware(RequestIdMiddleware), Middleware(TelemetryMiddleware)],
    )
    app.state.readiness = Readiness(settings.ready_timeout_seconds)
    app.state.database = Database(settings.database_url.get_secret_value())
    app.state.notes = NoteStore(app.state.database)
    app.include_router(health.router)
    app.include_router(telemetry.router)
    app.include_router(notes.router)
    return app
