"""JSON and JSONC documents as people and tools write them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from devkit.api.actions import SetList
from devkit.plan.keys import merge_keys
from devkit.plan.splice import (
    AddItem,
    DropKey,
    Format,
    SetKey,
    SpliceProblem,
    SyntaxProblem,
    format_of,
    parse,
    splice,
)

if TYPE_CHECKING:
    from devkit.plan.splice import Edit

SETTINGS = """\
{
    // Editor
    "editor.formatOnSave": true,
    "files.exclude": {
        "**/__pycache__": true, // noise
    },
    "pytestArgs": [
        "tests",
    ],
    /* Python */
    "[python]": { "editor.tabSize": 4 }, // four
}
"""


def test_settings_with_comments_and_trailing_commas_are_merged() -> None:
    ours: Any = {
        "[python]": {"editor.defaultFormatter": "charliermarsh.ruff"},
        "files.exclude": {"**/.venv": True},
        "pytestArgs": ["tests", "-q"],
        "x": {"y": ["a"], "z": {}},
    }
    rules: Any = {"pytestArgs": SetList()}
    merge = merge_keys(None, ours, parse(SETTINGS, Format.JSONC), rules)
    expected = SETTINGS
    for old, new in [
        ("true, // noise\n", 'true, // noise\n        "**/.venv": true,\n'),
        ('"tests",\n', '"tests",\n        "-q",\n'),
        ('"editor.tabSize": 4 }', '"editor.tabSize": 4, "editor.defaultFormatter": "charliermarsh.ruff" }'),
        ("// four\n", '// four\n    "x": {\n        "y": [\n            "a"\n        ],\n        "z": {}\n    },\n'),
    ]:
        expected = expected.replace(old, new)
    result = splice(SETTINGS, merge.edits, Format.JSONC)
    assert result == expected
    before: Any = {"files.exclude": {"**/.venv": True}, "pytestArgs": ["-q"], "x": ours["x"]}
    back = merge_keys(before, {}, parse(result, Format.JSONC), rules)
    undone = splice(result, back.edits, Format.JSONC)
    assert undone == SETTINGS.replace("4 }", '4, "editor.defaultFormatter": "charliermarsh.ruff" }')


@pytest.mark.parametrize(
    ("text", "edit", "result"),
    [
        ("", SetKey(("a",), 1), '{\n  "a": 1\n}\n'),
        ("{}", SetKey(("a",), {"b": []}), '{\n  "a": {\n    "b": []\n  }\n}'),
        ('{"a":1}', SetKey(("b",), [1, {"c": 2}]), '{"a":1,"b":[1,{"c":2}]}'),
        ('{"a": 1}\n', SetKey(("b",), [1, 2]), '{"a": 1, "b": [1, 2]}\n'),
        ('{\n\t"a": 1\n}\n', SetKey(("b",), {"c": 1}), '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 1\n\t}\n}\n'),
        ('{\r\n  "a": 1\r\n}\r\n', SetKey(("b",), 2), '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'),
        ('{\n  "files": ["a"]\n}', SetKey(("more",), ["b", "c"]), '{\n  "files": ["a"],\n  "more": ["b", "c"]\n}'),
        ('{\n  "a": []\n}', AddItem(("a",), "x"), '{\n  "a": [\n    "x"\n  ]\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', DropKey(("b",)), '{\n  "a": 1\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}', DropKey(("a",)), '{\n  "b": 2\n}'),
        ('{\n  "a": 1\n}', DropKey(("a",)), "{}"),
        ('{"a": [1, 2, 3]}', DropKey(("a", 1)), '{"a": [1, 3]}'),
        ('{"a": [1, 2, 3]}', DropKey(("a", 2)), '{"a": [1, 2]}'),
        ('{"a": 1}', SetKey(("a",), "é\n\u2028"), '{"a": "é\\n\u2028"}'),
    ],
)
def test_an_edit_looks_as_if_made_by_hand(text: str, edit: Edit, result: str) -> None:
    assert splice(text, [edit], Format.JSON) == result
    assert json.loads(result) is not None


@pytest.mark.parametrize(
    ("text", "edit", "result"),
    [
        ("// none\n", SetKey(("a",), 1), '// none\n{\n  "a": 1\n}\n'),
        ("{\n  // none\n}\n", SetKey(("a",), 1), '{\n  // none\n  "a": 1\n}\n'),
        ('{\n  "a": 1 // one\n}\n', SetKey(("b",), 2), '{\n  "a": 1, // one\n  "b": 2\n}\n'),
        ('{\n  "a": 1, // one\n  "b": 2 // two\n}\n', DropKey(("b",)), '{\n  "a": 1 // one\n  // two\n}\n'),
        ('{"a": [1, 2,]}\n', AddItem(("a",), 3), '{"a": [1, 2, 3,]}\n'),
        ('{"a": /* one */ 1}\n', SetKey(("a",), 2), '{"a": /* one */ 2}\n'),
        ('{\n  "a": 1,\n  /* about\n     b */\n  "b": 2,\n}\n', DropKey(("b",)),
         '{\n  "a": 1,\n  /* about\n     b */\n}\n'),
    ],
)  # fmt: skip
def test_comments_stay_where_they_are(text: str, edit: Edit, result: str) -> None:
    assert splice(text, [edit], Format.JSONC) == result


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ('{"a": [1 /* one */, 2]}', SetKey(("a",), ["x"])),
        ('{"a": 1}', SetKey(("a", "b"), 2)),
        ('{"a": 1}', SetKey(("b",), float("inf"))),
        ('{"a": 1}', SetKey(("b",), date(2026, 1, 1))),
        ("[1]", SetKey(("b",), 1)),
    ],
)
def test_what_cannot_be_done_safely_is_a_problem(text: str, edit: Edit) -> None:
    with pytest.raises(SpliceProblem):
        splice(text, [edit], Format.JSONC)


@pytest.mark.parametrize(
    "text",
    ["[" * 3000,
     "{", '{"a"}', '{"a": 1,}', "// c\n{}", '{"a": 1, "a": 2}', "01", "[1 2]", '"\n"', "{} {}", "nul", "NaN",
     "'a'", "9" * 5000, '"\\x"', '{"a": 1', "\ufeff\ufeff{}"],
)  # fmt: skip
def test_what_is_not_json_is_a_syntax_problem(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text, Format.JSON)


def test_a_syntax_problem_says_where() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse('{\n  "a": 1\n  "b": 2\n}', Format.JSON)
    assert (caught.value.line, caught.value.column) == (3, 3)


@pytest.mark.parametrize(
    ("path", "file_format"),
    [
        ("pyproject.toml", Format.TOML),
        ("a/b.yml", Format.YAML),
        (".github/workflows/ci.yaml", Format.YAML),
        ("package.json", Format.JSON),
        ("x.jsonc", Format.JSONC),
        (".vscode/settings.json", Format.JSONC),
        ("web/.vscode/launch.json", Format.JSONC),
        ("web/tsconfig.build.json", Format.JSONC),
        ("tsconfig.json", Format.JSONC),
        (".devcontainer/devcontainer.json", Format.JSONC),
        ("Makefile", None),
        ("toml", None),
        (".gitignore", None),
    ],
)
def test_the_format_follows_the_name(path: str, file_format: Format | None) -> None:
    assert format_of(path) is file_format
