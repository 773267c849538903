"""A project as it is read, without a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Files(dict[str, str]):
    """A tree of texts."""

    def read_text(self, path: str) -> str | None:
        return self.get(path)

    def exists(self, path: str) -> bool:
        return path in self

    def glob(self, pattern: str) -> Sequence[str]:
        return [path for path in self if path == pattern]
