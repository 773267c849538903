"""What holds for every format: random documents with comments, edited at random."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devkit.plan.keys import merge_keys
from devkit.plan.splice import (
    DropKey,
    Format,
    SetKey,
    SpliceProblem,
    SyntaxProblem,
    locate,
    parse,
    splice,
)
from devkit.plan.values import is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = st.sampled_from(
    ["a", "b", "c", "on", "null", "3.10", "two words", "d.e", "é", "#x", "k:", '"q"', "- x", "~", "y"]
)
TEXTS = st.sampled_from(
    [
        "", "x", "NO", "yes", "3.10", "22:22", "null", "~", "1e3", "0x1F", "1_000", "2024-01-01", "+1", ".5", "1.",
        "0o7", "a: b", "a #b", "#", "- x", " lead", "trail ", "it's", 'say "hi"', "back\\slash", "tab\there", "😀",
        "line\n", "two\nlines", "a\n\nb\n", "\n", "  in\n x", "a\r\nb", "\x07", "\x7f", "\x85", "\ufeffx",
        "é\u2028", "{x}", "[x]", "*x", "&x", "!x", "%x", "@x", "`x", "| x", "> x", "? x", ": x", "x:", "...", "---",
        "--- x", "=", "<<", "-", "a,b", "'", '"', "'''", '"""',
    ]
)  # fmt: skip
SCALARS = (
    TEXTS | st.integers(-5, 300) | st.booleans() | st.sampled_from([0.5, 1e16, -2.0, 1e-7]) | st.text(max_size=5)
)
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
SEEDS = st.integers(0, 2**32)


class Writer:
    """Writes data as text in a style that a seed decides, with or without comments."""

    def __init__(self, seed: int, *, with_comments: bool) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a style, not a secret
        self.with_comments = with_comments
        self.count = 0

    def maybe(self) -> bool:
        return self.random.random() < 0.4

    def comment(self, mark: str = "#") -> str:
        self.count += 1
        return f"{mark} note {self.count}"

    def above(self, indent: str, mark: str = "#") -> Iterator[str]:
        if self.with_comments and self.maybe():
            yield indent + self.comment(mark)
        if self.random.random() < 0.1:
            yield ""

    def behind(self, mark: str = "#") -> str:
        return "  " + self.comment(mark) if self.with_comments and self.maybe() else ""


class JsonWriter(Writer):
    mark = "//"

    def document(self, data: dict[str, Any]) -> str:
        head = list(self.above("", self.mark))
        return "\n".join([*head, *self.lines("", data, "", is_last=True)])

    def lines(self, left: str, value: Any, indent: str, *, is_last: bool) -> Iterator[str]:
        comma = "" if is_last else ","
        if not isinstance(value, dict | list) or not value or (not self.with_comments and self.maybe()):
            yield indent + left + json.dumps(value, ensure_ascii=self.maybe()) + comma + self.behind(self.mark)
            return
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        yield indent + left + opening + self.behind(self.mark)
        pairs = (
            [(f"{json.dumps(key)}: ", item) for key, item in value.items()]
            if isinstance(value, dict)
            else [("", item) for item in value]
        )
        trails = self.mark == "//" and self.with_comments and self.maybe()
        for number, (inner, item) in enumerate(pairs):
            yield from self.above(indent + "  ", self.mark)
            yield from self.lines(inner, item, indent + "  ", is_last=number == len(pairs) - 1 and not trails)
        yield indent + closing + comma + self.behind(self.mark)


class YamlWriter(Writer):
    def document(self, data: dict[str, Any]) -> str:
        if not data:
            return "\n".join(self.above(""))
        self.step, self.dash = self.random.choice([1, 2, 4]), self.random.choice([0, 2])
        return "\n".join(self.mapping(data, ""))

    def mapping(self, data: dict[str, Any], indent: str) -> Iterator[str]:
        for key, value in data.items():
            yield from self.above(indent)
            yield from self.entry(f"{json.dumps(key)}:", value, indent, indent + " " * self.step, " " * self.dash)

    def entry(self, left: str, value: Any, indent: str, inner: str, dash: str) -> Iterator[str]:
        if not isinstance(value, dict | list) or not value or self.maybe():
            yield f"{indent}{left} {self.flow(value)}{self.behind()}"
            return
        yield indent + left + self.behind()
        yield from self.mapping(value, inner) if isinstance(value, dict) else self.sequence(value, indent + dash)

    def sequence(self, items: list[Any], indent: str) -> Iterator[str]:
        for item in items:
            yield from self.above(indent)
            if isinstance(item, dict) and item and not self.with_comments:
                lines = [line for line in self.mapping(item, indent + "  ") if line]
                yield from [f"{indent}- {lines[0].lstrip()}", *lines[1:]]
            else:
                yield from self.entry("-", item, indent, indent + "  ", "  ")

    def flow(self, value: Any) -> str:
        if (
            isinstance(value, str)
            and re.fullmatch(r"[a-z]{2,}", value)
            and value not in {"null", "yes", "no", "on", "true", "false"}
        ):
            return value
        return re.sub(
            "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]",
            lambda found: f"\\u{ord(found.group()):04x}",
            json.dumps(value, ensure_ascii=False).replace("e+16", ".0e+16"),
        )


class TomlWriter(Writer):
    def document(self, data: dict[str, Any]) -> str:
        return "\n".join(self.table((), data, ""))

    def table(self, keys: tuple[str, ...], data: dict[str, Any], header: str) -> Iterator[str]:
        below = {key: value for key, value in data.items() if isinstance(value, dict) and self.maybe()}
        if header:
            yield from ["", *self.above(""), header + self.behind()]
        for key, value in data.items():
            if key not in below:
                yield from [*self.above(""), f"{self.key(key)} = {self.value(value)}{self.behind()}"]
        for key, value in below.items():
            yield from self.table((*keys, key), value, f"[{'.'.join(map(self.key, (*keys, key)))}]")

    def key(self, key: str) -> str:
        return json.dumps(key)

    def value(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.key(key)} = {self.value(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list) and value and self.maybe():
            items = [
                line for item in value for line in (*self.above("    "), f"    {self.value(item)},{self.behind()}")
            ]
            return "\n".join(["[", *items, "]"])
        if isinstance(value, list):
            return "[" + ", ".join(map(self.value, value)) + "]"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


WRITERS: dict[Format, type[Any]] = {
    Format.TOML: TomlWriter,
    Format.YAML: YamlWriter,
    Format.JSON: JsonWriter,
    Format.JSONC: JsonWriter,
}
FORMATS = pytest.mark.parametrize("file_format", list(Format))


def written(data: Any, seed: int, file_format: Format, *, with_comments: bool) -> str:
    writer = WRITERS[file_format](seed, with_comments=with_comments and file_format is not Format.JSON)
    text: str = writer.document(data)
    if not writer.maybe():
        text += "\n"
    if writer.maybe():
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if writer.maybe() else text


def holds(data: Any, unsuitable: Callable[[Any], bool]) -> bool:
    if isinstance(data, dict):
        return any(holds(item, unsuitable) for pair in data.items() for item in pair)
    return any(holds(item, unsuitable) for item in data) if isinstance(data, list) else unsuitable(data)


@FORMATS
@settings(deadline=None, max_examples=60)
@given(data=DOCUMENTS, seed=SEEDS)
def test_a_document_is_read_as_it_was_meant(data: Any, seed: int, file_format: Format) -> None:
    text = written(data, seed, file_format, with_comments=True)
    assert is_same(parse(text, file_format), data)


@FORMATS
@settings(deadline=None, max_examples=60)
@given(data=DOCUMENTS, seed=SEEDS)
def test_equal_data_gives_equal_bytes(data: Any, seed: int, file_format: Format) -> None:
    text = written(data, seed, file_format, with_comments=True)
    merged = merge_keys(None, data, parse(text, file_format), {})
    assert splice(text, merged.edits, file_format) == text


@FORMATS
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(before=DOCUMENTS, after=DOCUMENTS, seed=SEEDS)
def test_without_comments_every_change_can_be_spliced(
    before: Any, after: Any, seed: int, file_format: Format
) -> None:
    text = written(before, seed, file_format, with_comments=False)
    edits = merge_keys(before, after, before, {}).edits
    result = splice(text, edits, file_format)
    assert is_same(parse(result, file_format), after)
    assert_same_endings(text, result)


@FORMATS
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(before=DOCUMENTS, after=DOCUMENTS, seed=SEEDS)
def test_no_comment_is_lost_without_a_problem(before: Any, after: Any, seed: int, file_format: Format) -> None:
    text = written(before, seed, file_format, with_comments=True)
    edits = merge_keys(before, after, before, {}).edits
    try:
        result = splice(text, edits, file_format)
    except SpliceProblem:
        return
    notes = re.compile(r"(?:#|//) note \d+")
    assert Counter(notes.findall(result)) == Counter(notes.findall(text))
    assert_same_endings(text, result)


@FORMATS
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(data=DOCUMENTS, value=DOCUMENTS | SCALARS, seed=SEEDS)
def test_a_key_that_comes_and_goes_leaves_the_text_as_it_was(
    data: Any, value: Any, seed: int, file_format: Format
) -> None:
    text = written(data, seed, file_format, with_comments=True)
    if not text.removeprefix("\ufeff").strip() or not data:
        return  # an empty document gets a first line of its own
    there = splice(text, [SetKey(("new",), value)], file_format)
    assert splice(there, [DropKey(("new",))], file_format) == text


@FORMATS
@settings(deadline=None, max_examples=60)
@given(data=DOCUMENTS, seed=SEEDS)
def test_a_new_value_touches_its_own_line_only(data: Any, seed: int, file_format: Format) -> None:
    text = written(data, seed, file_format, with_comments=True)
    before = text.split("\n")
    for key, value in data.items():
        if not isinstance(value, dict | list):
            after = splice(text, [SetKey((key,), 7007)], file_format).split("\n")
            assert len(after) == len(before)
            assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


@FORMATS
@settings(deadline=None, max_examples=60)
@given(data=DOCUMENTS, seed=SEEDS)
def test_a_key_is_located_where_it_stands(data: Any, seed: int, file_format: Format) -> None:
    text = written(data, seed, file_format, with_comments=True)
    lines = text.removeprefix("\ufeff").split("\n")
    for key in data:
        place = locate(text, (key,), file_format)
        assert place is not None
        assert lines[place[0] - 1][place[1] - 1 :].startswith(
            (json.dumps(key), "[", key, json.dumps(key, ensure_ascii=False))
        )
    assert locate(text, ("absent", 3), file_format) is None


def assert_same_endings(before: str, after: str) -> None:
    assert before.startswith("\ufeff") == after.startswith("\ufeff")
    if "\n" in before.strip("\n"):
        assert ("\r\n" in before) == ("\r\n" in after) or "\n" not in after
        assert not re.search(r"(?<!\r)\n", after) if "\r\n" in before else True


@FORMATS
@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet="{}[]\"'#:-,=./\\\n\r\t ab01&*!|>?<%@~\ufeffé", max_size=40))
@example(text="a:\n  - b\n - c\n")
@example(text="? a\n: b\n")
@example(text="\x00")
def test_any_text_parses_or_is_a_syntax_problem(text: str, file_format: Format) -> None:
    try:
        data = parse(text, file_format)
    except SyntaxProblem:
        return
    assert splice(text, [], file_format) == text
    if isinstance(data, dict) and "new" not in data:
        try:
            result = splice(text, [SetKey(("new", "key"), ["x"])], file_format)
        except SpliceProblem:
            return
        assert parse(result, file_format) == {**data, "new": {"key": ["x"]}}
