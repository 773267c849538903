"""What an exception goes back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def causes_of(problem: BaseException) -> Iterator[BaseException]:
    """Return an exception with all that led to it or is wrapped in it."""
    seen: list[BaseException] = []
    queue = [problem]
    while queue:
        each = queue.pop()
        if any(each is one for one in seen):
            continue
        seen.append(each)
        inner = [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
        queue += [one for one in inner if isinstance(one, BaseException)]
    yield from seen
