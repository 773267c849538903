import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.logs import JsonFormatter, configure_logging
from {{ cookiecutter.package_name }}.request_id import current_request_id


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Put the configuration of logging back, which is one for the whole process."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def formatted(**attributes: object) -> dict[str, Any]:
    """Return what becomes of a record, parsed again."""
    record = {"name": "shop", "levelname": "INFO", "msg": "hello", "created": 0.5}
    line = JsonFormatter().format(logging.makeLogRecord(record | attributes))
    assert "\n" not in line
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def test_a_record_is_one_json_object() -> None:
    assert formatted(msg="%d items", args=(3,)) == {
        "timestamp": "1970-01-01T00:00:00.500000+00:00",
        "level": "INFO",
        "logger": "shop",
        "message": "3 items",
    }


def test_extra_values_become_fields_and_others_their_text() -> None:
    entry = formatted(order=7, due=datetime(2026, 1, 2, tzinfo=UTC))

    assert entry["order"] == 7
    assert entry["due"] == "2026-01-02 00:00:00+00:00"


def test_extra_values_cannot_pose_as_the_fields_of_the_record() -> None:
    assert formatted(level="DEBUG")["level"] == "INFO"


def test_an_exception_is_part_of_its_line() -> None:
    error = ValueError("broken")

    entry = formatted(exc_info=(type(error), error, None))

    assert entry["exception"] == "ValueError: broken"


def test_lines_of_a_request_carry_its_id() -> None:
    token = current_request_id.set("abc")
    try:
        assert formatted()["request_id"] == "abc"
    finally:
        current_request_id.reset(token)


@pytest.mark.usefixtures("restored_logging")
def test_the_logs_of_uvicorn_go_to_standard_output_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO")
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "colours"})
    logging.getLogger("uvicorn.error").debug("Below the level")

    (line,) = capsys.readouterr().out.splitlines()
    entry = json.loads(line)
    assert entry.pop("timestamp")
    assert entry == {"level": "INFO", "logger": "uvicorn.error", "message": "Started"}
