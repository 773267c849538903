"""YAML documents: steps at the positions of ruamel.yaml's events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.plan.splice.brackets import Box, add_child, drop_child
from devkit.plan.splice.data import dotted
from devkit.plan.splice.layout import cut_lines, is_blank_line, is_first_in_line, line_end, line_start
from devkit.plan.splice.problems import SpliceProblem
from devkit.plan.splice.yaml_nodes import Child, Node, Reader, comment_end
from devkit.plan.splice.yaml_scalars import scalar_text
from devkit.plan.splice.yaml_writer import Style, style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import KeyPath, Value
    from devkit.plan.splice.brackets import Write


class YamlDocument:
    """A YAML document; `newline` ends new lines."""

    def __init__(self, text: str, *, newline: str) -> None:
        reader = Reader(text)
        self._text = text
        self._root = reader.root
        self._style = style_of(text, reader.root, newline)
        self.comments: Sequence[str] = reader.comments
        is_empty = self._root is None or self._root.start == self._root.end
        self._root = None if is_empty else self._root
        self.data: Value = {} if self._root is None else self._root.data

    def replace(self, path: KeyPath, value: Value) -> str:
        """Return the text with another value at the path."""
        holder, child = self._child(path)
        node, text = child.node, self._text
        if node.anchor:
            raise SpliceProblem(f"`{dotted(path)}` has an anchor")
        if holder.style:
            return text[: node.start] + self._style.flow(value) + text[node.end :]
        new = self._behind(child, value)
        is_scalar = node.kind == "scalar" and node.style not in {"|", ">"} and node.start < node.end
        if is_scalar and "\n" not in new and not isinstance(value, list | dict):
            new = scalar_text(value, quote=self._style.quote, old=text[node.start])
            return text[: node.start] + new + text[node.end :]
        return text[: child.behind] + new + text[node.end :]

    def insert(self, path: KeyPath, key: str, value: Value) -> str:
        """Return the text with a new key in the mapping at the path."""
        if self._root is None:
            return self._first({key: value})
        node = self._collection(path)
        if node.style:
            if not node.children and self._can_open(path):
                return self._opened(path, {key: value})
            new = f"{self._style.key(key, is_flow=True)}: {self._style.flow(value)}"
            return add_child(self._box(node), _always(new))
        column = self._column(node.children[0].start)
        style = self._style_at(node.end)
        return self._with_entry(node, " " * column + style.key(key) + ":" + style.behind_key(value, column))

    def append(self, path: KeyPath, value: Value) -> str:
        """Return the text with a new item at the end of the list at the path."""
        node = self._collection(path)
        if node.style:
            if not node.children and self._can_open(path) and not self._style.has_flow_lists:
                return self._opened(path, [value])
            return add_child(self._box(node), _always(self._style.flow(value)))
        last = node.children[-1]
        column, style = self._column(last.start), self._style_at(node.end)
        start = last.node.children[0].start if last.node.is_block else last.node.start
        item = start - last.start if "\n" not in self._text[last.start : start] else 0
        return self._with_entry(node, f"{' ' * column}-{style.behind_dash(value, column, max(item, 0))}")

    def remove(self, path: KeyPath) -> str:
        """Return the text without the key or item at the path."""
        holder, child = self._child(path)
        number = holder.children.index(child)
        if holder.style:
            return drop_child(self._box(holder), number)
        if len(holder.children) == 1:
            return self._emptied(path[:-1], holder)
        if not is_first_in_line(self._text, child.start):
            if number + 1 == len(holder.children):
                raise SpliceProblem(f"`{dotted(path)}` has no line of its own")
            return self._text[: child.start] + self._text[holder.children[number + 1].start :]
        return cut_lines(self._text, child.start, child.node.end)

    def find(self, path: KeyPath) -> int | None:
        """Return the position of a key or item, or `None` when there is none."""
        try:
            return self._child(path)[1].start if path else 0
        except SpliceProblem:
            return None

    def _child(self, path: KeyPath) -> tuple[Node, Child]:
        """Return the entry at a path and the collection that holds it."""
        if self._root is None or not path:
            raise SpliceProblem("the document itself cannot be replaced")
        holder, found = self._root, None
        for part in path:
            holder = found.node if found else self._root
            if holder.is_opaque:
                raise SpliceProblem(f"`{dotted(path)}` lies in an alias or a tagged value")
            found = next((child for child in holder.children if _has_name(child, part)), None)
            if found is None:
                raise SpliceProblem(f"there is no `{dotted(path)}`")
        if found is None:
            raise SpliceProblem(f"there is no `{dotted(path)}`")
        return holder, found

    def _collection(self, path: KeyPath) -> Node:
        node = self._child(path)[1].node if path else self._root
        if node is None or node.is_opaque or node.kind == "scalar":
            raise SpliceProblem(f"`{dotted(path)}` is an alias, a tagged value or no collection")
        return node

    def _column(self, position: int) -> int:
        return position - line_start(self._text, position)

    def _style_at(self, end: int) -> Style:
        """Return the style for lines behind a position: a literal block needs a line ending behind it."""
        is_ended = "\n" in self._text[end:]
        return self._style if is_ended else replace(self._style, has_literals=False)

    def _behind(self, child: Child, value: Value) -> str:
        style, column, end = self._style_at(child.node.end), self._column(child.start), child.node.end
        if self._text[end : line_end(self._text, end)].strip():  # a comment, which a block would swallow
            style = replace(style, has_literals=False)
        return style.behind_key(value, column) if child.key else style.behind_dash(value, column)

    def _first(self, value: Value) -> str:
        newline = self._style.newline
        head = self._text if self._text.strip() else ""
        if "\n..." in f"\n{head}":
            raise SpliceProblem("the document is ended already")
        lines = self._style.behind_key(value, -self._style.unit).lstrip("\r\n")
        gap = "" if not head or head.endswith("\n") else newline
        return f"{head}{gap}{lines}{newline}"

    def _with_entry(self, node: Node, lines: str) -> str:
        text, newline = self._text, self._style.newline
        at = line_end(text, node.end)
        blank = newline if self._is_set_apart(node) else ""
        return text[:at] + newline + blank + lines + text[at:]

    def _is_set_apart(self, node: Node) -> bool:
        """Return whether blank lines stand between the entries of a collection."""
        text, children = self._text, node.children
        return len(children) > 1 and all(
            is_blank_line(text, line_start(text, one.start) - 1) and line_start(text, one.start) > 0
            for one in children[1:]
        )

    def _can_open(self, path: KeyPath) -> bool:
        """Return whether an empty flow collection can be written in block style instead."""
        if not path:
            return self._root is not None and not self._text[: self._root.start].rpartition("\n")[2].strip()
        holder, child = self._child(path)
        return not holder.style and not child.node.anchor and "#" not in self._text[child.behind : child.node.end]

    def _opened(self, path: KeyPath, value: Value) -> str:
        text = self._text
        if path:
            child = self._child(path)[1]
            return text[: child.behind] + self._behind(child, value) + text[child.node.end :]
        node = self._collection(())
        lines = self._style.behind_key(value, -self._style.unit).lstrip("\r\n")
        return text[: node.start] + lines + text[node.end :]

    def _emptied(self, path: KeyPath, node: Node) -> str:
        text, empty = self._text, "{}" if node.kind == "mapping" else "[]"
        if node.anchor:
            raise SpliceProblem(f"`{dotted(path)}` has an anchor")
        if path:
            return f"{text[: self._child(path)[1].behind]} {empty}{text[node.end :]}"
        if node.kind == "mapping" and is_first_in_line(text, node.children[0].start):
            return cut_lines(text, node.children[0].start, node.end)
        return text[: node.children[0].start] + empty + text[node.end :]

    def _box(self, node: Node) -> Box:
        return Box(
            text=self._text,
            start=node.start,
            end=node.end,
            children=[(child.start, child.node.end) for child in node.children],
            comment_end=comment_end,
            newline=self._style.newline,
            unit=" " * self._style.unit,
            pad=self._style.pad if node.style == "{" else "",
        )


def _has_name(child: Child, part: str | int) -> bool:
    return child.name == part and isinstance(child.name, bool) == isinstance(part, bool)


def _always(new: str) -> Write:
    def write(indent: str, *, is_spread: bool) -> str:
        del indent, is_spread  # flow style, in one line in either case
        return new

    return write
