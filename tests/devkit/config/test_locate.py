from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.config.locate import Lines, deepest_bracket, endless_key, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api.values import KeyPath

TEXT = '''\
# tool.devkit = 1
a.b = 1.5 # a.c = 2
[tool.devkit]
"x y" = "s # not = a key"
'q.r' = [ {k = 1}, {k.z = [2]} ,
 # c = 3
 {k = 3}]
table = { u = {v = 1.5}, w = "}", when = 1979-05-27 07:32:00 }
many = """
[no]
x = 1""\\"
"""
[[tool.devkit.item]]
name = 1
[tool.devkit.item.sub]
o=2
[[tool.devkit.item]]
name = 2
[ tool . "\\u0061bc" ]
d = \'\'\'e = 5\'\'\'\'
'''


def written(text: str) -> dict[KeyPath, tuple[tuple[int, int], str]]:
    lines = Lines(text)
    return {
        path: (lines.position(at.start), text[at.start : at.start + at.width]) for path, at in spans(text).items()
    }


def test_every_way_to_write_a_key_is_found() -> None:
    tool = ("tool", "devkit")
    assert written(TEXT) == {
        ("a",): ((2, 1), "a"),
        ("a", "b"): ((2, 3), "b"),
        ("tool",): ((3, 2), "tool"),
        tool: ((3, 7), "devkit"),
        (*tool, "x y"): ((4, 1), '"x y"'),
        (*tool, "q.r"): ((5, 1), "'q.r'"),
        (*tool, "q.r", 0, "k"): ((5, 12), "k"),
        (*tool, "q.r", 1, "k"): ((5, 21), "k"),
        (*tool, "q.r", 1, "k", "z"): ((5, 23), "z"),
        (*tool, "q.r", 2, "k"): ((7, 3), "k"),
        (*tool, "table"): ((8, 1), "table"),
        (*tool, "table", "u"): ((8, 11), "u"),
        (*tool, "table", "u", "v"): ((8, 16), "v"),
        (*tool, "table", "w"): ((8, 26), "w"),
        (*tool, "table", "when"): ((8, 35), "when"),
        (*tool, "many"): ((9, 1), "many"),
        (*tool, "item"): ((13, 15), "item"),
        (*tool, "item", 0, "name"): ((14, 1), "name"),
        (*tool, "item", 0, "sub"): ((15, 19), "sub"),
        (*tool, "item", 0, "sub", "o"): ((16, 1), "o"),
        (*tool, "item", 1, "name"): ((18, 1), "name"),
        ("tool", "abc"): ((19, 10), '"\\u0061bc"'),
        ("tool", "abc", "d"): ((20, 1), "d"),
    }


def test_the_keys_found_are_those_that_the_parser_finds() -> None:
    assert set(spans(TEXT)) == set(_keys(tomllib.loads(TEXT)))


NAMES = st.sampled_from(["a", "b-c", '"d.e"', "'f g'", '"\\t#"', "1"])
SCALARS = st.sampled_from(
    ["1", "-1.5e3", "true", '"]"', "'{'", '"""\na = "" 1"""', "'''\n[x]\n'''", "07:32:00", '"\\""']
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[ {', # ]'.join(f'{item}' + chr(10) for item in items)} ]"),
        st.lists(st.tuples(NAMES, inner), max_size=3, unique_by=lambda pair: pair[0]).map(
            lambda pairs: "{" + ", ".join(f"{name} = {value}" for name, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)
KEYS = st.lists(NAMES, min_size=1, max_size=3).map(" . ".join)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]} # x = 1"),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f" [[ {key} ]] # ["),
)


@settings(max_examples=200)
@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_in_any_document_the_keys_found_are_those_that_the_parser_finds(lines: list[str], end: str) -> None:
    text = end.join(lines)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(spans(text)) == set(_keys(data))


@given(st.text("[]{}=.,\"'\\# \na1", max_size=60))
def test_any_text_has_a_deepest_bracket_within_it(text: str) -> None:
    assert 0 <= deepest_bracket(text) <= len(text)
    assert endless_key(text) is None


@given(st.text("a\r\n", max_size=20), st.data())
def test_a_line_holds_what_stands_at_its_columns(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines(text)
    line, column = lines.position(offset)
    assert lines.text(line) == text.split("\n")[line - 1].removesuffix("\r")
    assert len("\n".join(text.split("\n")[: line - 1])) + (line > 1) + column - 1 == offset
    assert lines.text(text.count("\n") + 2) == lines.text(0) == ""


def test_a_long_chain_of_words_in_a_string_is_no_endless_key() -> None:
    words = ".".join(["a"] * 300)
    assert endless_key(f'x = "{words}"') is None
    assert endless_key(f"x = 1\n{words} = 1") is not None


def _keys(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(key, str):
            yield (*path, key)
        yield from _keys(inner, (*path, key))
