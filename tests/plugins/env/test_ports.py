from __future__ import annotations

import pytest
from devkit_env.ports import port_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("8000", 8000), ("0", 0), ("65535", 65535), ("65536", None), ("", None), ("-1", None), ("9" * 5000, None)],
)
def test_a_port_is_a_small_number(text: str, number: int | None) -> None:
    assert port_number(text) == number
