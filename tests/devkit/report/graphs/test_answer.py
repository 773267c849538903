from __future__ import annotations

import pytest

from devkit.errors import DevkitError
from devkit.report.graphs.answer import Format, format_of


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.svg", Format.SVG),
        ("a.GV", Format.DOT),
        ("a.mmd", Format.MERMAID),
        ("a.txt", Format.TEXT),
        ("", Format.TEXT),
        ("out/graph", Format.TEXT),
    ],
)
def test_the_name_of_a_file_says_the_format(name: str, form: Format) -> None:
    assert format_of(name) is form


def test_a_name_that_asks_for_another_format_is_refused() -> None:
    with pytest.raises(DevkitError, match=r"a graph is not written as `\.png`"):
        format_of("a.PNG")
