"""The nodes of a YAML text with the positions of all their parts, built from the events of ruamel.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from devkit.plan.splice.layout import DEEPEST, check_depth, line_and_column, line_end
from devkit.plan.splice.problems import SeveralDocuments, SyntaxProblem
from devkit.plan.splice.yaml_scalars import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api.values import Value

_LARGEST_EXPANSION = 100_000
_GAP = re.compile(r"(?:\s|(?<!\S)#[^\n]*)*")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s*)*")
_COMMENT = re.compile(r"(?<!\S)#[^\n]*")
_TOO_DEEP = re.compile(rf"(?:[\[{{]\s*){{{DEEPEST + 1}}}")
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = {f"{_CORE}{name}" for name in ("null", "bool", "int", "float", "timestamp")}


class Node(Struct):
    """A value with its span, blank lines behind it left out.

    `style` is the quote of a scalar, `|` or `>`, `{` or `[` for flow collections, `*` for an alias, else
    empty. `content` is the dict or list of a collection; `data` wraps it where it has a tag of its own.
    """

    kind: str
    start: int
    end: int
    data: Any
    style: str = ""
    anchor: str = ""
    content: Any = None
    size: int = 1
    children: list[Child] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it is a mapping or sequence in block style."""
        return self.kind != "scalar" and not self.style

    @property
    def is_opaque(self) -> bool:
        """Whether nothing in it can be edited: an alias, or a value with a tag of its own."""
        return self.style == "*" or (self.content is not None and self.content is not self.data)


class Child(Struct):
    """An entry: where it begins (its key or its dash), what follows `:` or `-`, its key and its value."""

    start: int
    behind: int
    key: Node | None
    name: Value
    node: Node


def comment_end(text: str, at: int) -> int | None:
    """Return where the comment that begins at a position ends, or `None` when none begins there."""
    is_comment = text.startswith("#", at) and (at == 0 or text[at - 1] in " \t\r\n")
    return line_end(text, at) if is_comment else None


class Reader:
    """Reads one document; afterwards `root` (`None` when empty) and `comments` hold what is in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Node | None = None
        self.scalars: list[tuple[int, int]] = []
        self._stack: list[Node] = []
        self._pending: list[Node | None] = []
        self._anchors: dict[str, Node | None] = {}
        self._expanded = 0
        self._documents = 0
        if _TOO_DEEP.search(text):  # the scanner would look ahead over all of them, in quadratic time
            raise SyntaxProblem("nested too deeply")
        for event in _events(text):
            self._take(event)
        if self.root is not None:
            check_depth(self.root.data)
        self.comments = list(self._comments())

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        at, end = event.start_mark.index, event.end_mark.index
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise SeveralDocuments("the file holds several documents", line=event.start_mark.line + 1)
        elif kind == "ScalarEvent":
            self._scalar(event, at, end)
        elif kind == "AliasEvent":
            self._alias(event.anchor, at, end)
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._open(event, "mapping" if kind == "MappingStartEvent" else "sequence", at)
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._close(end)

    def _scalar(self, event: Any, at: int, end: int) -> None:
        style = event.style or ""
        if style in {"|", ">"}:
            end = _block_end(self.text, at, end)
        node = Node("scalar", at, end, _scalar_data(event), style, event.anchor or "")
        if end > at:
            self.scalars.append((at, end))
        if node.anchor:
            self._anchors[node.anchor] = node
        self._add(node)

    def _alias(self, anchor: str, at: int, end: int) -> None:
        target = self._anchors.get(anchor)
        if target is None:
            line, column = line_and_column(self.text, at)
            raise SyntaxProblem(f"the alias `*{anchor}` leads nowhere", line=line, column=column)
        self._expanded += target.size
        if self._expanded > _LARGEST_EXPANSION:
            raise SyntaxProblem("the aliases expand to too much")
        self._add(Node("scalar", at, end, target.data, "*", size=target.size))

    def _open(self, event: Any, kind: str, at: int) -> None:
        if len(self._stack) >= DEEPEST:
            line, column = line_and_column(self.text, at)
            raise SyntaxProblem("nested too deeply", line=line, column=column)
        style = ("{" if kind == "mapping" else "[") if event.flow_style else ""
        content: Any = {} if kind == "mapping" else []
        is_tagged = event.tag and event.tag not in {f"{_CORE}map", f"{_CORE}seq"}
        data = {str(event.tag): content} if is_tagged else content
        node = Node(kind, at, at, data, style, event.anchor or "", content)
        if node.anchor:
            self._anchors[node.anchor] = None
        self._stack.append(node)
        self._pending.append(None)

    def _close(self, end: int) -> None:
        node = self._stack.pop()
        self._pending.pop()
        node.end = end if node.style else max(child.node.end for child in node.children)
        node.size += sum(child.node.size for child in node.children)
        if node.anchor:
            self._anchors[node.anchor] = node
        self._add(node)

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent, key = self._stack[-1], self._pending[-1]
        if parent.kind == "sequence":
            self._add_item(parent, node)
        elif key is None:
            self._pending[-1] = node
        else:
            self._pending[-1] = None
            self._add_pair(parent, key, node)

    def _add_item(self, parent: Node, node: Node) -> None:
        start = behind = node.start
        if parent.is_block:
            after = parent.children[-1].node.end if parent.children else _skip_properties(self.text, parent.start)
            start = _skip(self.text, after)
            behind = start + 1
            _settle(node, behind)
        parent.children.append(Child(start, behind, None, len(parent.children), node))
        parent.content.append(node.data)

    def _add_pair(self, parent: Node, key: Node, node: Node) -> None:
        colon = _skip(self.text, key.end)
        behind = colon + 1 if self.text.startswith(":", colon) else key.end
        _settle(node, behind)
        name = key.data if not isinstance(key.data, dict | list) else repr(key.data)
        if name in parent.content:
            line, column = line_and_column(self.text, key.start)
            raise SyntaxProblem(f"the key `{name}` stands twice", line=line, column=column)
        parent.children.append(Child(key.start, behind, key, name, node))
        parent.content[name] = node.data

    def _comments(self) -> Iterator[str]:
        at = 0
        for start, end in [*self.scalars, (len(self.text), len(self.text))]:
            for found in _COMMENT.finditer(self.text, at, start):
                yield found.group().rstrip("\r")
            at = max(at, end)


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SyntaxProblem(str(problem.problem or problem.context), line=line, column=column) from problem
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise SyntaxProblem(str(problem).partition("\n")[0]) from problem


def _scalar_data(event: Any) -> Any:
    tag = str(event.tag or "")
    if not event.tag or tag in _PLAIN_TAGS:
        is_plain = not event.style and (event.implicit[0] or tag)
        return _resolved(event.value) if is_plain or tag in _PLAIN_TAGS else event.value
    return event.value if tag in {"!", f"{_CORE}str"} else {tag: event.value}


def _resolved(text: str) -> Any:
    try:
        return resolved(text)
    except ValueError as problem:
        raise SyntaxProblem("a number has too many digits") from problem


def _settle(node: Node, behind: int) -> None:
    """Put an empty value where one would be written: ruamel.yaml gives it the position of what follows."""
    if node.kind == "scalar" and node.start == node.end:
        node.start = node.end = behind


def _skip(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _skip_properties(text: str, at: int) -> int:
    found = _PROPERTIES.match(text, at)
    return found.end() if found else at


def _block_end(text: str, start: int, end: int) -> int:
    """Return where the last line of a literal or folded block ends; blank lines count when they are kept."""
    header = text[start : line_end(text, start)].partition("#")[0]
    if "+" in header:
        return len(text[start:end].removesuffix("\n").removesuffix("\r")) + start
    return line_end(text, start + len(text[start:end].rstrip()))
