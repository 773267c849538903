"""Values of structured documents: when two are the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from devkit.api.values import Value


def is_list(value: Value) -> TypeGuard[Sequence[Value]]:
    """Return whether a value is a list; text is not."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def is_same(left: Value, right: Value) -> bool:
    """Return whether two values are the same data: `1`, `1.0` and `true` differ, the order of keys does not count."""
    if isinstance(left, Mapping):
        return (
            isinstance(right, Mapping)
            and left.keys() == right.keys()
            and all(is_same(value, right[key]) for key, value in left.items())
        )
    if is_list(left):
        return is_list(right) and len(left) == len(right) and all(map(is_same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    return type(left) is type(right) and left == right


def plain(value: Value) -> Value:
    """Return a copy made of dicts and lists only, which shares nothing with the value."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if is_list(value) else value


class Absent(Enum):
    """The type of `ABSENT`, so that the type checker tells it from every value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
"""No value at all, which is not the value `None`."""
