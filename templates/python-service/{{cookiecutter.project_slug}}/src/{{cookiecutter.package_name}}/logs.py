"""Logs: one JSON object per line on standard output."""

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from {{ cookiecutter.package_name }}.request_id import current_request_id

# Attributes that every record has, and one of uvicorn's; any other was passed as `extra`.
_IGNORED_ATTRIBUTES = frozenset(
    {*vars(logging.makeLogRecord({})), "asctime", "color_message", "message", "taskName"}
)


class JsonFormatter(logging.Formatter):
    """Formats a record, its `extra` values and the current request ID as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        entry: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current_request_id.get():
            entry["request_id"] = request_id
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        for name, value in vars(record).items():
            if name not in _IGNORED_ATTRIBUTES:
                entry.setdefault(name, value)
        return json.dumps(entry, default=str)


def configure_logging(level: str) -> None:
    """Send all logs, uvicorn's and Python's warnings included, to standard output as JSON."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "json",
                },
            },
            "root": {"level": level, "handlers": ["stdout"]},
        }
    )
    logging.captureWarnings(capture=True)
