"""The database: PostgreSQL, MySQL or SQLite, as `DATABASE_URL` says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import URL, Connection, MetaData, create_engine, make_url, text

metadata = MetaData()
"""Every table of the service: each is declared in the module of its feature."""

# URLs name a database; SQLAlchemy wants to know the driver as well.
_DRIVERS = {
    "mysql": "mysql+pymysql",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


class Database:
    """A pool of connections, which is opened when it is first used.

    Tables that are missing are made then. Once there are data worth keeping, leave that to
    migrations: `devkit up` runs `alembic upgrade head` where Alembic is set up.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(_with_driver(url), pool_pre_ping=True)
        self._lock = Lock()
        self._has_tables = False

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection; what it did is kept when the block ends well, and undone otherwise."""
        self._make_tables()
        with self._engine.begin() as connection:
            yield connection

    async def ping(self) -> None:
        """Return when the database answers, and raise when it does not."""
        await asyncio.to_thread(self._ask)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _ask(self) -> None:
        with self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def _make_tables(self) -> None:
        with self._lock:
            if not self._has_tables:
                metadata.create_all(self._engine)
                self._has_tables = True


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
