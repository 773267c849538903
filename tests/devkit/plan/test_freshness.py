from __future__ import annotations

import pytest
from msgspec.structs import replace

from devkit.plan.freshness import UNREADABLE, Grounds, ToolMark, differences, in_short

BEFORE = Grounds(
    definition="d",
    version="1.0",
    code="c",
    variables={"X": "1"},
    tools={"uv": ToolMark(place="/bin/uv 1", words="uv 0.4.1")},
    needs={"env:install": "n"},
    inputs={"src/app.py": "1", "src/b.py": "2"},
    outputs={"dist/x.whl": "3"},
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"definition": "e"}, "what the task does changed"),
        ({"version": "2.0"}, "its plugin 1.0 → 2.0"),
        ({"code": "e"}, "the code of its plugin changed"),
        ({"variables": {"X": ""}}, "variable `X` changed"),
        ({"variables": {"X": "1", "Y": "2"}}, "variable `Y` changed"),
        ({"tools": {"uv": ToolMark(place="/bin/uv 2", words="uv 0.5.0 (x86)")}}, "tool `uv` 0.4.1 → 0.5.0"),
        ({"tools": {"uv": ToolMark(place="/bin/uv 2")}}, "tool `uv` is another file"),
        ({"tools": {"uv": ToolMark(place="")}}, "tool `uv` is missing"),
        ({"needs": {"env:install": "m"}}, "what `env:install` makes changed"),
        ({"inputs": {"src/app.py": "9", "src/b.py": "2"}}, "`src/app.py` changed"),
        ({"inputs": {"src/app.py": "1"}}, "`src/b.py` is gone"),
        ({"inputs": {**BEFORE.inputs, "src/c.py": "1"}}, "`src/c.py` is new"),
        ({"inputs": {**BEFORE.inputs, "src/b.py": UNREADABLE}}, "`src/b.py` changed"),
        ({"outputs": {}}, "output `dist/x.whl` is missing"),
        ({"outputs": {"dist/x.whl": "4"}}, "output `dist/x.whl` was changed"),
    ],
)
def test_a_reason_names_what_changed(changes: dict[str, object], sentence: str) -> None:
    assert differences(BEFORE, replace(BEFORE, **changes)) == [sentence]


def test_nothing_is_said_when_all_is_as_it_was() -> None:
    assert differences(BEFORE, replace(BEFORE)) == []


def test_another_file_of_the_same_version_is_the_same_tool() -> None:
    tools = {"uv": ToolMark(place="/opt/uv 7", words="uv 0.4.1")}

    assert differences(BEFORE, replace(BEFORE, tools=tools)) == []


def test_what_cannot_be_read_is_never_unchanged() -> None:
    grounds = replace(BEFORE, inputs={"a": UNREADABLE})

    assert differences(grounds, grounds) == ["`a` changed"]


def test_in_short_the_first_reason_stands_for_the_others() -> None:
    assert in_short(["`a` changed", "`b` changed", "`c` is new"]) == "`a` changed, and 2 more"
    assert in_short(["`a` changed"]) == "`a` changed"
