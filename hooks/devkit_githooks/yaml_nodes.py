"""Parsed YAML with lines: libyaml reads where it is there, and the reader of YAML 1.2 elsewhere."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Node:
    """A text, a list of members, or items by key with the lines of their keys."""

    __slots__ = ("items", "line", "lines", "members", "text")

    def __init__(self, line: int) -> None:
        self.line = line
        self.text: str | None = None
        self.members: list[Node] | None = None
        self.items: dict[str, Node] | None = None
        self.lines: dict[str, int] = {}

    def get(self, *keys: str) -> "Node | None":
        """Return what stands below the keys."""
        node: Node | None = self
        for key in keys:
            node = node.items.get(key) if node is not None and node.items is not None else None
        return node

    def text_of(self, *keys: str) -> str:
        """Return the text below the keys, or an empty one."""
        node = self.get(*keys)
        return node.text or "" if node is not None else ""

    def list_of(self, *keys: str) -> "list[Node]":
        """Return the members below the keys, or none."""
        node = self.get(*keys)
        return node.members or [] if node is not None else []

    def pairs(self) -> "Iterator[tuple[str, int, Node]]":
        """Yield key, line and value of each item."""
        for key, value in (self.items or {}).items():
            yield key, self.lines[key], value


def documents(data: bytes) -> list[Node]:
    """Return the documents of a file; nothing of one that can't be read, which is another check's finding."""
    try:
        return [_node(each, {}) for each in _composed(data) if each is not None]
    except RecursionError:
        return []


def _composed(data: bytes) -> "list[Any]":
    try:
        from yaml import CSafeLoader, YAMLError, compose_all
    except ImportError:
        return _slowly(data)
    try:
        return list(compose_all(data, Loader=CSafeLoader))
    except (YAMLError, ValueError):
        return []


def _slowly(data: bytes) -> "list[Any]":
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return list(YAML(typ="safe", pure=True).compose_all(data))
    except (YAMLError, ValueError):
        return []


def _node(found: "Any", known: "dict[int, Node]") -> Node:
    if id(found) in known:  # an alias, which may lead back to itself
        return known[id(found)]
    node = known[id(found)] = Node(found.start_mark.line + 1)
    if found.id == "scalar":
        node.text = found.value
    elif found.id == "sequence":
        node.members = []
        node.members += [_node(each, known) for each in found.value]
    else:
        _fill(node, found, known)
    return node


def _fill(node: Node, found: "Any", known: "dict[int, Node]") -> None:
    node.items = {}
    merged: dict[str, Node] = {}
    for key, value in found.value:
        child = _node(value, known)
        if key.value == "<<":
            for each in child.members or [child]:
                merged = {**(each.items or {}), **merged}
        elif isinstance(key.value, str):
            node.items[key.value] = child
            node.lines[key.value] = key.start_mark.line + 1
    for name, child in merged.items():
        if name not in node.items:
            node.items[name] = child
            node.lines[name] = child.line
