"""TOML documents as people write them."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api.actions import KeyedList, SetList
from devkit.plan.keys import merge_keys
from devkit.plan.splice import AddItem, DropKey, Format, SetKey, SpliceProblem, SyntaxProblem, locate, parse, splice

if TYPE_CHECKING:
    from devkit.plan.splice import Edit

PYPROJECT = """\
# The shop.
[build-system]
requires = ["hatchling"]

[project]
name = "shop"  # as on the index
dependencies = [
    "fastapi>=0.110",  # web
    "uvicorn[standard]",
]

[project.optional-dependencies]
dev = ["pytest"]

# Linting.
[tool.ruff]
line-length = 100

[tool.ruff.lint]
select = ["E", "F"]
# ignore = ["E501"]

[tool.ruff.lint.per-file-ignores]
"tests/*" = ["S101"]

[[tool.mypy.overrides]]
module = "x.*"

[tool.pytest.ini_options]
addopts = "-ra"
"""


def edited(text: str, *edits: Edit) -> str:
    return splice(text, edits, Format.TOML)


def test_tools_are_merged_into_a_pyproject_file_and_taken_out_again() -> None:
    ours: Any = {
        "project": {"requires-python": ">=3.11", "dependencies": ["structlog"], "scripts": {"shop": "shop:main"}},
        "tool": {
            "ruff": {"lint": {"select": ["I"], "per-file-ignores": {"docs/**": ["D"]}}},
            "mypy": {"strict": True, "overrides": [{"module": "y", "ignore_errors": True}]},
            "pytest": {"ini_options": {"testpaths": ["tests"]}},
            "coverage": {"run": {"branch": True}, "report": {"fail_under": 80}},
        },
    }
    rules: Any = {
        "project.dependencies": SetList(),
        "tool.ruff.lint.select": SetList(),
        "tool.mypy.overrides": KeyedList("module"),
    }
    merge = merge_keys(None, ours, parse(PYPROJECT, Format.TOML), rules)
    result = edited(PYPROJECT, *merge.edits)
    expected = PYPROJECT
    for old, new in [
        ('"uvicorn[standard]",\n]\n', '"uvicorn[standard]",\n    "structlog",\n]\nrequires-python = ">=3.11"\n'),
        ('dev = ["pytest"]\n', 'dev = ["pytest"]\n\n[project.scripts]\nshop = "shop:main"\n'),
        ('["E", "F"]', '["E", "F", "I"]'),
        ('["S101"]\n', '["S101"]\n"docs/**" = ["D"]\n\n[tool.mypy]\nstrict = true\n'),
        ('module = "x.*"\n', 'module = "x.*"\n\n[[tool.mypy.overrides]]\nmodule = "y"\nignore_errors = true\n'),
        ('addopts = "-ra"\n', 'addopts = "-ra"\ntestpaths = ["tests"]\n'),
    ]:
        expected = expected.replace(old, new)
    expected += "\n[tool.coverage.run]\nbranch = true\n\n[tool.coverage.report]\nfail_under = 80\n"
    assert result == expected
    back = merge_keys(merge.baseline, {}, parse(result, Format.TOML), rules)
    assert edited(result, *back.edits) == PYPROJECT.replace("\n[[tool.mypy", "\n[tool.mypy]\n\n[[tool.mypy")


@pytest.mark.parametrize(
    ("text", "edit", "result"),
    [
        ("", SetKey(("tool", "x"), {"a": 1}), "[tool.x]\na = 1\n"),
        ("# top\n", SetKey(("a",), 1), "# top\na = 1\n"),
        ("a = 1 # one\n", SetKey(("a",), 2), "a = 2 # one\n"),
        ("a='x'\n", SetKey(("a",), "y"), "a='y'\n"),
        ("a = 'x'\n", SetKey(("a",), "it's"), 'a = "it\'s"\n'),
        ("a=1\n", SetKey(("b",), 2), "a=1\nb=2\n"),
        ("[t]\n\n[u]\n", SetKey(("t", "a"), 1), "[t]\na = 1\n\n[u]\n"),
        ("[t]\n  a = 1\n# about u\n[u]\n", SetKey(("t", "b"), 1), "[t]\n  a = 1\n  b = 1\n# about u\n[u]\n"),
        ("[t]\na = 1\n# b = 2\n\n[u]\n", SetKey(("t", "c"), 3), "[t]\na = 1\n# b = 2\nc = 3\n\n[u]\n"),
        ("# about t\n[t]\na = 1\n", SetKey(("b",), 2), "b = 2\n\n# about t\n[t]\na = 1\n"),
        ("[t.u]\na = 1\n", SetKey(("t", "b"), 2), "[t]\nb = 2\n\n[t.u]\na = 1\n"),
        ("t.u = 1\n", SetKey(("t", "v"), {"w": 2}), "t.u = 1\nt.v = { w = 2 }\n"),
        ("[s]\nt.u = 1\n", SetKey(("s", "t", "v"), 2), "[s]\nt.u = 1\nt.v = 2\n"),
        ("t = {a = 1}\n", SetKey(("t", "b"), [2]), "t = {a = 1, b = [2]}\n"),
        ("t = {}\n", SetKey(("t", "b"), 2), "t = { b = 2 }\n"),
        ("t = { a = 1, b.c = 2 }\n", DropKey(("t", "a")), "t = { b.c = 2 }\n"),
        ("a = [1, 2]\n", AddItem(("a",), 3), "a = [1, 2, 3]\n"),
        ("a = []\n", AddItem(("a",), {"b": 1}), "a = [{ b = 1 }]\n"),
        ("a = [\n  1, # one\n  2 # two\n]\n", AddItem(("a",), 3), "a = [\n  1, # one\n  2, # two\n  3\n]\n"),
        ("a = [\n\t1,\n\t# more\n]\n", AddItem(("a",), 2), "a = [\n\t1,\n\t2,\n\t# more\n]\n"),
        ("a = [\n    # none yet\n]\n", AddItem(("a",), 1), "a = [\n    # none yet\n    1,\n]\n"),
        ("a = [\n  1,\n  2,\n]\n", DropKey(("a", 0)), "a = [\n  2,\n]\n"),
        ("a = [\n  1,\n  2\n]\n", DropKey(("a", 1)), "a = [\n  1\n]\n"),
        ("a = [\n  1, # one\n  2,\n]\n", DropKey(("a", 0)), "a = [\n  # one\n  2,\n]\n"),
        ("[[p]]\na = 1\n\n[p.q]\nb = 1\n\n[o]\n", AddItem(("p",), {"a": 2}),
         "[[p]]\na = 1\n\n[p.q]\nb = 1\n\n[[p]]\na = 2\n\n[o]\n"),
        ("[[p]]\na = 1\n\n[[p]]\na = 2\n", SetKey(("p", 0, "q"), {"b": 1}),
         "[[p]]\na = 1\n\n[p.q]\nb = 1\n\n[[p]]\na = 2\n"),
        ("[[p]]\na = 1\n\n[[p]]\na = 2\n", DropKey(("p", 0)), "[[p]]\na = 2\n"),
        ("[a]\nx = 1\n\n[b]\ny = 1\n\n[a.c]\nz = 1\n", DropKey(("a",)), "[b]\ny = 1\n"),
        ("[t]\na = 1", SetKey(("u",), {"b": 2}), "[t]\na = 1\n\n[u]\nb = 2"),
        ("a = 1\n\nb = 2\n\nc = 3\n", DropKey(("b",)), "a = 1\n\nc = 3\n"),
        ('a = """\nx # no comment\n"""\n', SetKey(("a",), "y\nz\n"), 'a = """\ny\nz\n"""\n'),
        ('"a b".\'c.d\' = 1\n', SetKey(("a b", "c.d"), 2), '"a b".\'c.d\' = 2\n'),
        ("a = 1\n", SetKey(("b c", ""), 2), 'a = 1\n\n["b c"]\n"" = 2\n'),
        ("[a]\nd = 1979-05-27 07:32:00Z # d\n", SetKey(("a", "e"), date(2026, 1, 2)),
         "[a]\nd = 1979-05-27 07:32:00Z # d\ne = 2026-01-02\n"),
        ("[a.b]\nx = 1\n\n[c]\n", DropKey(("a", "b")), "[c]\n\n[a]\n"),
        ("[a]\nb.c = 1\n", DropKey(("a", "b", "c")), "[a]\n\n[a.b]\n"),
        ("[[a.b]]\nx = 1\n", DropKey(("a", "b", 0)), "[a]\nb = []\n"),
        ('a = "x" # "y\nb = """#""""\n', DropKey(("b",)), 'a = "x" # "y\n'),
    ],
)  # fmt: skip
def test_an_edit_looks_as_if_made_by_hand(text: str, edit: Edit, result: str) -> None:
    assert edited(text, edit) == result


def test_a_long_list_is_spread_over_lines() -> None:
    items = [f"item-number-{number}" for number in range(8)]
    assert edited("", SetKey(("a",), items)) == "a = [\n" + "".join(f'    "{item}",\n' for item in items) + "]\n"


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a = 1\n", SetKey(("b",), None)),
        ("a = 1\n", SetKey(("a", "b"), 2)),
        ("[[p]]\n", AddItem(("p",), 1)),
        ("[t]\n# mine\n\na = 1\n", DropKey(("t",))),
        ("a = [ # mine\n  1, 2\n]\n", SetKey(("a",), ["x", "y", "z"])),
        ("a = 1\n", AddItem(("a",), 1)),
        ("a = [1]\n", DropKey(("a", 5))),
        ("a = [1]\n", SetKey(("a", 1), 5)),
    ],
)
def test_what_cannot_be_done_safely_is_a_problem(text: str, edit: Edit) -> None:
    with pytest.raises(SpliceProblem):
        edited(text, edit)


@pytest.mark.parametrize(
    "text",
    ["a = 1\na = 2\n", "a = \n", "[", "a = " + "[" * 3000, "a = " + "[" * 3000 + "]" * 3000,
     ".".join("a" * 3000) + " = 1",
     "a = " + "9" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_ends_cleanly(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text, Format.TOML)


def test_a_syntax_problem_says_where() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse("a = 1\nb = ?\n", Format.TOML)
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_headers_pairs_and_items_are_located() -> None:
    assert locate(PYPROJECT, ("tool", "ruff", "lint", "select", 1), Format.TOML) == (20, 16)
    assert locate(PYPROJECT, ("tool", "mypy", "overrides", 0), Format.TOML) == (26, 1)
    assert locate(PYPROJECT, ("tool", "absent"), Format.TOML) is None


VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.text(alphabet="\"'\\\n\r\t\x00\x7f x", max_size=8)
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.sampled_from([None, UTC])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(value=VALUES, template=st.sampled_from(["", "a = 'x'\r\n", "[t]\na = 1\n\n[u]\n", "x = {}\n"]))
def test_every_reader_reads_a_written_value_alike(value: Any, template: str) -> None:
    text = edited(template, SetKey(("new",), value)) if not isinstance(value, datetime) else ""
    if text:
        assert tomllib.loads(text)["new"] == value
        assert tomlkit.parse(text).unwrap()["new"] == value
