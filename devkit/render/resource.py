"""Templates that plugins carry in their own packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.api.actions import Render


def render_resource(action: Render) -> str:
    """Return the text of a `Render` action; what is wrong in its template is `PLUGIN_INVALID` with file and line."""
    raise NotImplementedError
