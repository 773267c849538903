from __future__ import annotations

import json
import sys

import pytest
from devkit_githooks.content import IS_JSON, IS_JSONC, IS_TOML, IS_YAML
from devkit_githooks.jsonc import without_comments
from devkit_githooks.syntax import problem
from hypothesis import given
from hypothesis import strategies as st

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"a: 1\nb: [1, 2]\n", IS_YAML),
        (b"a: 1\n---\na: 2\n", IS_YAML),
        (b"- &x {a: 1}\n- *x\n", IS_YAML),
        (b"a: {<<: {b: 1}, b: 2}\n", IS_YAML),
        (b"a: !Ref b\n", IS_YAML),
        (b"{{- if .Values.a }}\na: {{ .Values.a }}\n{{- end }}\n", IS_YAML),
        (b"a: ${{ matrix.a }}\n", IS_YAML),
        (b"# nothing\n", IS_YAML),
        (b"[a]\nb = 1\n", IS_TOML),
        (b'{"a": [1, 2.5, null]}\n', IS_JSON),
        (b"1" * 5000, IS_JSON),
        (b'// one\n{"a": 1, /* two */ "b": "// no comment",}\n', IS_JSONC),
    ],
)
def test_sound_files_have_no_problem(data: bytes, kind: int) -> None:
    assert problem(data, kind) is None


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b"a: 1\nb: [1\n", IS_YAML, 3),
        (b"a: 1\nb:\n\t- c\n", IS_YAML, 3),
        (b"a: 1\na: 2\n", IS_YAML, 2),
        (b"a: *nothing\n", IS_YAML, 1),
        (b"a: {{ name }}\nb: [\n", IS_YAML, 3),
        (b"a = 1\nb =\n", IS_TOML, 2),
        (b"a = 1\na = 2\n", IS_TOML, 2),
        (b"a = [", IS_TOML, 1),
        (b"a = [\n1,\n", IS_TOML, 2),
        (b"a.b = " + b"1" * 5000, IS_TOML, 1),
        (b'{\n"a": 1,\n}\n', IS_JSON, 3),
        (b'{\n"a": 1,\n"a": 2\n}\n', IS_JSON, 3),
        (b"// a comment\n{}\n", IS_JSON, 1),
        (b'// one\n{\n"a" 1}\n', IS_JSONC, 3),
        (b'"a"\n"\xff"\n', IS_JSON, 2),
        (b"[" * 100_000, IS_JSON, 1),
        (b"a = " + b"[" * 3000, IS_TOML, 1),
    ],
)
def test_a_problem_has_its_line(data: bytes, kind: int, line: int) -> None:
    found = problem(data, kind)
    assert found is not None
    assert found[0] == line


def test_an_anchor_that_is_given_again_is_nothing_to_speak_of(recwarn: pytest.WarningsRecorder) -> None:
    assert problem(b"a: &x 1\nb: &x 2\nc: [\n", IS_YAML) is not None
    assert not recwarn.list


def test_yaml_is_judged_without_the_fast_parser_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert problem(b"a: [1, 2]\n", IS_YAML) is None
    assert problem(b"a: 1\na: 2\n", IS_YAML) is not None
    assert problem(b"? {a: {b: c}}\n: d\n", IS_YAML) is None


@given(DOCUMENTS, st.sampled_from([None, 2]))
def test_json_without_comments_is_the_same_document(document: object, indent: int | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    assert without_comments(text) == text


def test_blanks_for_comments_keep_every_line_in_place() -> None:
    text = '{ // one\n  /* two\n  three */ "a": "/* \\" */",\n}'
    blank = without_comments(text)
    assert json.loads(blank) == {"a": '/* " */'}
    assert [len(line) for line in blank.split("\n")] == [len(line) for line in text.split("\n")]
