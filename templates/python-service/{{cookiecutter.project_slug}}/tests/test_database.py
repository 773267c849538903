import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from {{ cookiecutter.package_name }}.database import Database


def test_what_a_failed_transaction_did_is_undone(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as connection:
            connection.execute(text("INSERT INTO notes (text) VALUES ('lost')"))
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail_half_way()

    with database.transaction() as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar_one() == 0


def test_a_database_that_is_not_there_does_not_answer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/missing/file")

    with pytest.raises(OperationalError):
        asyncio.run(database.ping())
