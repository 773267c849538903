"""The files of a template, rendered in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.plan.paths import check_collisions
from devkit.project.tree import matches_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource


class RenderedFile(Struct, frozen=True, kw_only=True):
    """One file as the template wants it; `path` is relative to the project, with `/` between its parts."""

    path: str
    content: bytes
    executable: bool
    is_seed: bool

    @property
    def text(self) -> str | None:
        """The content as text; `None` when it is not UTF-8."""
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return None


def render_tree(source: TemplateSource, answers: Mapping[str, Value]) -> tuple[RenderedFile, ...]:
    """Return the template's files, sorted by path, rendered as cookiecutter would but without running its code.

    Anything wrong in the template is `TEMPLATE_INVALID` with file and line; a name that leads out of the project
    is `BAD_PATH`, names that collide elsewhere are `COLLIDING_PATH`. A file whose text is another one each time
    (it tells the time, or a random word) is a seed, whatever the template says of it.
    """
    from devkit.render.rendering import Rendering

    return finished(Rendering(source.chosen(answers), answers).files())


def finished(files: Iterable[RenderedFile]) -> tuple[RenderedFile, ...]:
    """Return files sorted by path, of several with one path the last; raise when their names collide."""
    by_path = {file.path: file for file in files}
    check_collisions(by_path)
    return tuple(by_path[path] for path in sorted(by_path))


def is_seeded(path: str, patterns: Sequence[str]) -> bool:
    """Whether a file is the user's once it is made."""
    return any(_matches(path, pattern) for pattern in patterns)


def _matches(path: str, pattern: str) -> bool:
    folder = pattern.removesuffix("/**")
    if folder != pattern and not any(mark in folder for mark in "*?["):
        return path.startswith(f"{folder}/")
    return matches_pattern(path, pattern)
