"""YAML documents as people write them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from devkit.api.actions import KeyedList, SetList
from devkit.plan.keys import merge_keys
from devkit.plan.splice import AddItem, DropKey, Format, SetKey, SpliceProblem, SyntaxProblem, parse, splice
from devkit.plan.splice.yaml_scalars import is_plain

if TYPE_CHECKING:
    from devkit.plan.splice import Edit

PRE_COMMIT = """\
# See https://pre-commit.com for more information
repos:
-   repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v4.6.0
    hooks:
    -   id: trailing-whitespace
        exclude: ^docs/  # generated
    -   id: end-of-file-fixer
# -   repo: https://github.com/psf/black
#     rev: 24.1.0

-   repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.5.0
    hooks: [{id: ruff, args: [--fix]}, {id: ruff-format}]

ci:
    autofix_prs: false
"""
COMPOSE = """\
services:
  app:
    build: .
    ports:
      - "8000:8000"
    environment:
      FOO: bar # foo

  db:
    image: postgres:16

volumes:
  data:
"""
WORKFLOW = """\
on:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4

      - name: Test
        run: |
          pip install tox
          tox
"""


def edited(text: str, *edits: Edit) -> str:
    return splice(text, edits, Format.YAML)


def test_hooks_are_merged_into_a_pre_commit_configuration() -> None:
    ours: Any = {
        "repos": [
            {
                "repo": "https://github.com/pre-commit/pre-commit-hooks",
                "rev": "v4.6.0",
                "hooks": [{"id": "check-yaml", "args": ["--unsafe"]}, {"id": "trailing-whitespace"}],
            },
            {"repo": "https://github.com/astral-sh/ruff-pre-commit", "hooks": [{"id": "ruff"}, {"id": "ruff-check"}]},
            {"repo": "local", "hooks": [{"id": "devkit", "name": "devkit: all", "pass_filenames": False}]},
        ]
    }
    rules: Any = {"repos": KeyedList("repo"), "repos.hooks": KeyedList("id")}
    merge = merge_keys(None, ours, parse(PRE_COMMIT, Format.YAML), rules)
    assert not merge.conflicts
    expected = PRE_COMMIT.replace(
        "    -   id: end-of-file-fixer\n",
        "    -   id: end-of-file-fixer\n    -   id: check-yaml\n        args: [--unsafe]\n",
    ).replace("{id: ruff-format}]\n", "{id: ruff-format}, {id: ruff-check}]\n\n-   repo: local\n    hooks:\n"
              '    -   id: devkit\n        name: "devkit: all"\n        pass_filenames: false\n')  # fmt: skip
    assert edited(PRE_COMMIT, *merge.edits) == expected
    again = merge_keys(merge.baseline, {"repos": []}, parse(expected, Format.YAML), rules)
    assert edited(expected, *again.edits) == PRE_COMMIT.replace("    -   id: trailing", "    -   id: trailing")


def test_services_are_merged_into_a_compose_file() -> None:
    ours: Any = {
        "services": {
            "app": {"environment": {"PORT": "8000"}, "depends_on": ["db"]},
            "prometheus": {"image": "prom/prometheus:v3.1.0", "ports": ["9090:9090"]},
        },
        "volumes": {"metrics": None},
    }
    merge = merge_keys(None, ours, parse(COMPOSE, Format.YAML), {})
    assert edited(COMPOSE, *merge.edits) == COMPOSE.replace(
        "bar # foo\n", 'bar # foo\n      PORT: "8000"\n    depends_on:\n      - db\n'
    ).replace(
        "postgres:16\n",
        'postgres:16\n\n  prometheus:\n    image: prom/prometheus:v3.1.0\n    ports:\n      - "9090:9090"\n',
    ).replace("  data:\n", "  data:\n  metrics:\n")


def test_steps_set_apart_by_blank_lines_stay_so() -> None:
    step = {"name": "Report", "run": "coverage report\ncoverage xml\n"}
    result = edited(WORKFLOW, AddItem(("jobs", "test", "steps"), step), SetKey(("on", "push", "tags"), ["v*"]))
    assert result == WORKFLOW.replace("[main]\n", "[main]\n    tags: [v*]\n") + (
        "\n      - name: Report\n        run: |\n          coverage report\n          coverage xml\n"
    )


@pytest.mark.parametrize(
    ("text", "edit", "result"),
    [
        ("a: 1  # one\n", SetKey(("a",), "3.10"), 'a: "3.10"  # one\n'),
        ("a: 'x'\n", SetKey(("a",), "it's"), "a: 'it''s'\n"),
        ("a:\nb: 1\n", SetKey(("a",), "x"), "a: x\nb: 1\n"),
        ("a:   # why\n", SetKey(("a",), "x"), "a: x   # why\n"),
        ("a: |\n  x\n\n# end\n", SetKey(("b",), 1), "a: |\n  x\nb: 1\n\n# end\n"),
        ("a: |+\n  x\n\n", SetKey(("b",), 1), "a: |+\n  x\n\nb: 1\n"),
        ("a: {}\n", SetKey(("a", "b"), 1), "a:\n  b: 1\n"),
        ("a: []\n", AddItem(("a",), "x"), "a:\n  - x\n"),
        ("{}\n", SetKey(("a",), 1), "a: 1\n"),
        ("a: [x, y]\n", AddItem(("a",), "z, z"), 'a: [x, y, "z, z"]\n'),
        ("a: [\n  x,\n  y  # why\n]\n", AddItem(("a",), "z"), "a: [\n  x,\n  y,  # why\n  z\n]\n"),
        ("a: { b: 1 }\n", SetKey(("a", "c"), {"d": 2}), "a: { b: 1, c: { d: 2 } }\n"),
        ("a:\n- x\n", AddItem(("a",), {"b": 1, "c": [2]}), "a:\n- x\n- b: 1\n  c:\n  - 2\n"),
        ("a:\n    b:\n        c: 1\n", SetKey(("a", "d"), {"e": {"f": 1}}),
         "a:\n    b:\n        c: 1\n    d:\n        e:\n            f: 1\n"),
        ("- a: 1\n  b: 2\n", DropKey((0, "a")), "- b: 2\n"),
        ("- x\n- y\n", DropKey((0,)), "- y\n"),
        ("a:\n  b: 1\nc: 2\n", DropKey(("a", "b")), "a: {}\nc: 2\n"),
        ("a: 1\nb: 2", DropKey(("b",)), "a: 1"),
        ("a: 1", SetKey(("b",), "x\ny\n"), 'a: 1\nb: "x\\ny\\n"'),
        ("# only\n", SetKey(("a",), 1), "# only\na: 1\n"),
        ("---\n", SetKey(("a",), 1), "---\na: 1\n"),
        ("a: 1\n...\n", SetKey(("b",), 1), "a: 1\nb: 1\n...\n"),
        ("a: 1 # keep me\nb: 2\n", DropKey(("a",)), "# keep me\nb: 2\n"),
        ("a: b  # why\n", SetKey(("a",), "x\ny\n"), 'a: "x\\ny\\n"  # why\n'),
        ("a: &x 1\nb: *x\n", SetKey(("b",), 2), "a: &x 1\nb: 2\n"),
        ("x: !Ref y\n", SetKey(("b",), 1), "x: !Ref y\nb: 1\n"),
        ("a: null\n", SetKey(("b",), None), "a: null\nb: null\n"),
    ],
)  # fmt: skip
def test_an_edit_looks_as_if_made_by_hand(text: str, edit: Edit, result: str) -> None:
    assert edited(text, edit) == result


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: &x {b: 1}\nc: *x\n", SetKey(("c", "b"), 2)),
        ("a: &x {b: 1}\nc: *x\n", SetKey(("a", "b"), 2)),
        ("a: &x\n  b: 1\nc: *x\n", SetKey(("a", "d"), 2)),
        ("a: &x 1\nb: *x\n", DropKey(("a",))),
        ("a: !Sub [x]\n", AddItem(("a", "!Sub"), "y")),
        ("? a\n: b\n", DropKey(("a",))),
        ("a: 1\n---\nb: 1\n", SetKey(("c",), 1)),
        ("a: 1\n", SetKey(("a", "b", "c"), 1)),
        ("a:\n  # mine\n  - x\n  - y\n", SetKey(("a",), ["z"])),
        ("- a\n", SetKey(("b",), 1)),
        ("a: 1\n", DropKey(("b",))),
    ],
)
def test_what_cannot_be_done_safely_is_a_problem(text: str, edit: Edit) -> None:
    with pytest.raises(SpliceProblem):
        edited(text, edit)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000,
        "[" * 3000 + "]" * 3000,
        "- " * 3000 + "x",
        "\n".join(" " * depth + "a:" for depth in range(3000)),
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "a: &a [*a]\n",
        "a: *nowhere\n",
        "a: 1\na: 2\n",
        "a: 1\n---\nb: 2\n",
        "a: [\n",
        "\x00",
        "a: " + "9" * 5000,
    ],
)
def test_what_cannot_be_read_ends_cleanly(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text, Format.YAML)


def test_a_syntax_problem_says_where() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse("a: 1\nb: [\n", Format.YAML)
    assert caught.value.line >= 2


def test_words_that_yaml_1_1_misreads_are_read_as_text() -> None:
    assert parse("a: NO\nb: 22:22\nc: 3.10\non: x\n", Format.YAML) == {"a": "NO", "b": "22:22", "c": 3.1, "on": "x"}


@pytest.mark.parametrize(
    "text", ["x", "a-b", "v1.2.3", "1.2.3", "--fix", "./a", "a: b".replace(": ", ":"), "^src/", "a b"]
)
def test_harmless_text_goes_without_quotes(text: str) -> None:
    assert is_plain(text, is_flow=False)


ODD = st.text(alphabet="0123456789.:_-+exoXO,nyNYtrufals~=<", max_size=8) | st.sampled_from(
    ["yes", "Off", "y", "N", "null", "NULL", "1:20", "0b1", "1_0.5", "---", "..."]
)
VALUES = st.recursive(
    st.text() | ODD | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | ODD, inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    value=VALUES,
    template=st.sampled_from(["", "a: 'x'\n", "a: [x]\nb: {}\n", "a:\n- x\n", "a:\n    b:\n    -   c: 1\n"]),
)
def test_every_reader_reads_a_written_value_alike(value: Any, template: str) -> None:
    text = edited(template, SetKey(("new",), value))
    assert pyyaml.safe_load(text)["new"] == value
    assert YAML(typ="safe", pure=True).load(io.StringIO(text))["new"] == value
    assert parse(text, Format.YAML)["new"] == value  # type: ignore[call-overload,index]


def test_sets_in_flow_and_block_style_are_united() -> None:
    text = "recommendations: [a, mine]\nother:\n  - b\n"
    rules: Any = {"recommendations": SetList(), "other": SetList()}
    merge = merge_keys(
        {"recommendations": ["a"]}, {"recommendations": ["c"], "other": ["d"]}, parse(text, Format.YAML), rules
    )
    assert edited(text, *merge.edits) == "recommendations: [mine, c]\nother:\n  - b\n  - d\n"
