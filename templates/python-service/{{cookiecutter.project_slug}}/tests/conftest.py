"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from {{ cookiecutter.package_name }}.app import create_app
from {{ cookiecutter.package_name }}.database import Database
from {{ cookiecutter.package_name }}.settings import Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the defaults, whatever this machine's `.env` says, and a new database."""
    return Settings(_env_file=None, database_url=SecretStr(f"sqlite:///{tmp_path}/test.sqlite3"))


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """Return a new application, so that tests share no state."""
    return create_app(settings)


@pytest.fixture
def database(app: FastAPI) -> Iterator[Database]:
    """Return the database of the application."""
    database: Database = app.state.database
    yield database
    database.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Return a client of the application, which has been started."""
    with TestClient(app) as client:
        yield client
