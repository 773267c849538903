"""TOML documents: steps at the positions of a scanner, over data that tomllib has read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.plan.splice.brackets import Box, add_child, drop_child
from devkit.plan.splice.data import has_path, insertion
from devkit.plan.splice.layout import (
    cut_lines,
    indent_at,
    is_first_in_line,
    line_end,
    line_start,
)
from devkit.plan.splice.problems import SpliceProblem
from devkit.plan.splice.toml_scanner import Node, Pair, Scanner, Section, comment_end, read_data
from devkit.plan.splice.toml_writer import (
    Style,
    inline_text,
    is_table,
    item_tables,
    key_text,
    pair_text,
    tables,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from devkit.api.values import KeyPath, Value


class TomlDocument:
    """A TOML document; `newline` ends new lines."""

    def __init__(self, text: str, *, newline: str) -> None:
        self.data: Value = read_data(text)
        scanner = Scanner(text)
        self._text = text
        self._sections = scanner.sections
        self._style = Style(unit=_unit(text, scanner.sections), newline=newline)
        self.comments: Sequence[str] = scanner.comments

    def replace(self, path: KeyPath, value: Value) -> str:
        """Return the text with another value at the path."""
        pair = self._pair(path)
        if pair is None:
            return self._replaced_table(path, value)
        node, text = pair.node, self._text
        column = node.start - line_start(text, node.start)
        old = text[node.start : node.end]
        new = value_text(value, self._style, indent=indent_at(text, node.start), old=old, column=column)
        return text[: node.start] + new + text[node.end :]

    def _replaced_table(self, path: KeyPath, value: Value) -> str:
        """Return the text without a table, and the value where a new key would be put."""
        if not path or not isinstance(path[-1], str):
            raise SpliceProblem("an array of tables holds tables only")
        rest = TomlDocument(self._removed(path), newline=self._style.newline)
        step = insertion(rest.data, path, value)
        return rest.insert(step.path, step.key, step.value)

    def insert(self, path: KeyPath, key: str, value: Value) -> str:
        """Return the text with a new key in the table at the path."""
        holder = self._pair(path)
        if holder is not None:
            return self._with_child(holder.node, f"{key_text([key])} = {inline_text(value)}")
        dotted = self._dotted(path)
        if dotted:
            section, pair = dotted[-1]
            keys = (*_names(path[len(section.path) :]), key)
            return self._with_pair(pair.node.end, pair, keys, value)
        if is_table(value):
            return self._with_tables(path, tables((*_names(path), key), value, self._style))
        return self._with_value(path, key, value)

    def append(self, path: KeyPath, value: Value) -> str:
        """Return the text with a new item at the end of the array at the path."""
        pair = self._pair(path)
        if pair is None:
            return self._with_tables(path, item_tables(_names(path), value, self._style))
        return self._with_child(pair.node, inline_text(value))

    def remove(self, path: KeyPath) -> str:
        """Return the text without the key, table or item at the path.

        A table without a header of its own, which the last key would take with it, gets one.
        """
        text = self._removed(path)
        rest = TomlDocument(text, newline=self._style.newline)
        if len(path) < 2 or has_path(rest.data, path[:-1]):  # noqa: PLR2004 - the root is always there
            return text
        empty: Value = {} if isinstance(path[-1], str) else []
        step = insertion(rest.data, path[:-1], empty)
        return rest.insert(step.path, step.key, step.value)

    def _removed(self, path: KeyPath) -> str:
        for section, pair in self._pairs():
            full = (*section.path, *pair.keys)
            if full == path:
                return self._without([(pair.start, pair.node.end)])
            if path[: len(full)] == full:
                return self._without_child(pair.node, path[len(full) :])
        spans = [(pair.start, pair.node.end) for _, pair in self._dotted(path)]
        spans += [(one.start, one.last) for one in self._sections if one.start >= 0 and _is_below(one.path, path)]
        return self._without(spans)

    def find(self, path: KeyPath) -> int | None:
        """Return the position of a key, header or item, or `None` when there is none."""
        pair = self._pair(path)
        if pair is not None:
            return pair.start
        found = [pair.start for _, pair in self._dotted(path)]
        found += [one.start for one in self._sections if one.start >= 0 and _is_below(one.path, path)]
        return min(found, default=None) if path else 0

    def _pairs(self) -> Iterator[tuple[Section, Pair]]:
        for section in self._sections:
            for pair in section.pairs:
                yield section, pair

    def _pair(self, path: KeyPath) -> Pair | None:
        """Return the pair or item whose value is at the path, or `None` when that is a table with headers."""
        for section, pair in self._pairs():
            full = (*section.path, *pair.keys)
            if path[: len(full)] == full:
                return _descend(pair, path[len(full) :])
        return None

    def _dotted(self, path: KeyPath) -> list[tuple[Section, Pair]]:
        """Return the pairs whose dotted keys make the table at the path."""
        return [
            (section, pair)
            for section, pair in self._pairs()
            if len(section.path) < len(path) and _is_below((*section.path, *pair.keys), path)
        ]

    def _box(self, node: Node) -> Box:
        text = self._text
        children = [(child.start, child.node.end) for child in node.children]
        is_table_box = text[node.start] == "{"
        is_padded = is_table_box and (not children or text[node.start + 1] == " ")
        return Box(
            text=text,
            start=node.start,
            end=node.end,
            children=children,
            comment_end=comment_end,
            newline=self._style.newline,
            unit=self._style.unit,
            pad=" " if is_padded else "",
            opens="\n" in text[node.start : node.end],
            trails=True,
        )

    def _with_child(self, node: Node, new: str) -> str:
        def write(indent: str, *, is_spread: bool) -> str:
            del indent, is_spread  # one line in either case
            return new

        return add_child(self._box(node), write)

    def _with_pair(self, end: int, like: Pair, keys: Sequence[str], value: Value) -> str:
        """Return the text with a pair on the line behind that of a position, laid out like another pair."""
        text, at = self._text, line_end(self._text, end)
        indent = indent_at(text, like.start)
        equals = " = " if text[: like.node.start].endswith((" ", "\t")) else "="
        new = pair_text(keys, value, self._style, indent=indent, equals=equals)
        return text[:at] + self._style.newline + indent + new + text[at:]

    def _with_value(self, path: KeyPath, key: str, value: Value) -> str:
        home = next((one for one in self._sections if one.path == path), None)
        if home is None:
            header = next(tables(_names(path), {key: value}, self._style))
            first = next(one for one in self._sections if _is_below(one.path, path))
            return self._before(first, header)
        if home.pairs:
            return self._with_pair(self._end(home), home.pairs[-1], [key], value)
        new = pair_text([key], value, self._style)
        if home.start >= 0:
            at = line_end(self._text, home.end)
            return self._text[:at] + self._style.newline + new + self._text[at:]
        if len(self._sections) > 1:
            return self._before(self._sections[1], new)
        return self._at_end(new, gap=1)

    def _with_tables(self, path: KeyPath, new: Iterable[str]) -> str:
        newline = self._style.newline
        body = (newline * 2).join(new)
        last = [one for one in self._sections if _is_below(one.path, path)][-1]
        if last is self._sections[-1]:
            return self._at_end(body, gap=2)
        at = line_end(self._text, self._end(last))
        return self._text[:at] + newline * 2 + body + self._text[at:]

    def _at_end(self, new: str, gap: int) -> str:
        head = self._text.rstrip()
        tail = self._text[len(head) :]
        if not head:
            return new + self._style.newline
        return head + self._style.newline * gap + new + tail

    def _before(self, section: Section, new: str) -> str:
        """Return the text with lines put before a header and the comments that are attached to it."""
        text, at = self._text, line_start(self._text, section.start)
        while at > 0 and text[line_start(text, at - 1) : at].lstrip().startswith("#"):
            at = line_start(text, at - 1)
        return text[:at] + new + self._style.newline * 2 + text[at:]

    def _end(self, section: Section) -> int:
        """Return where a section ends: with its last statement, or the comments right below that.

        Comments that touch the next header belong to it.
        """
        text, last = self._text, section.last
        end = line_end(text, last)
        while (below := text.find("\n", end)) >= 0 and text[
            below + 1 : line_end(text, below + 1)
        ].lstrip().startswith("#"):
            end = line_end(text, below + 1)
        after = text[end:].lstrip("\r\n \t")
        gap = text[end : len(text) - len(after)]
        return last if after.startswith("[") and gap.count("\n") == 1 else end

    def _without_child(self, node: Node, path: KeyPath) -> str:
        for number, child in enumerate(node.children):
            name = child.keys or (number,)
            if path == name:
                return drop_child(self._box(node), number)
            if path[: len(name)] == name:
                return self._without_child(child.node, path[len(name) :])
        raise SpliceProblem("a dotted key in an inline table cannot be taken out")

    def _without(self, spans: Sequence[tuple[int, int]]) -> str:
        text = self._text
        for start, end in sorted(spans, reverse=True):
            text = cut_lines(text, start, end, with_blanks_before=text[start] == "[")
        return text


def _unit(text: str, sections: Sequence[Section]) -> str:
    """Return the indentation of the first array that is spread over lines."""
    for section in sections:
        for pair in section.pairs:
            for child in pair.node.children[:1]:
                if is_first_in_line(text, child.start):
                    return indent_at(text, child.start).removeprefix(indent_at(text, pair.start)) or "    "
    return "    "


def _descend(pair: Pair, path: KeyPath) -> Pair | None:
    while path:
        for number, child in enumerate(pair.node.children):
            name = child.keys or (number,)
            if path[: len(name)] == name:
                pair, path = child, path[len(name) :]
                break
        else:
            return None
    return pair


def _is_below(path: KeyPath, above: KeyPath) -> bool:
    return path[: len(above)] == above


def _names(path: KeyPath) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))
