"""Templates with hooks or extensions: trusted ones, rendered by cookiecutter itself in a child process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource
    from devkit.render.tree import RenderedFile


def render_with_code(source: TemplateSource, answers: Mapping[str, Value]) -> tuple[RenderedFile, ...]:
    """Return the files that the template and its hooks make; without trust this is `NEEDS_TRUST`.

    A hook that fails is `TEMPLATE_INVALID` with its output; nothing is left behind.
    """
    raise NotImplementedError
