"""The files of a template, rendered in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """One file as the template wants it; `path` is relative to the project, with `/` between its parts."""

    path: str
    content: bytes
    executable: bool
    is_seed: bool


def render_tree(source: TemplateSource, answers: Mapping[str, Value]) -> tuple[RenderedFile, ...]:
    """Return the template's files, sorted by path, rendered as cookiecutter would but without running its code.

    Anything wrong in the template is `TEMPLATE_INVALID` with file and line; a name that leads out of the project
    is `BAD_PATH`, names that collide elsewhere are `COLLIDING_PATH`.
    """
    raise NotImplementedError
