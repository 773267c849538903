"""Templates that are a choice of templates, in folders below them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from devkit.errors import TEMPLATE_INVALID, DevkitError
from devkit.render.manifest import VARIABLES_FILE, key_place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DEEPEST = 4


def nested_folders(folder: Path, shown: str, variables: Mapping[str, Any], text: str, depth: int) -> dict[str, str]:
    """Return the folders of the templates to choose from, relative to `folder`, by the words they are chosen with.

    Empty for an ordinary template. Both forms of cookiecutter count: `templates`, an object with a `path` for
    each, and `template`, a list of `"words (path)"`.
    """
    key = next((key for key in ("templates", "template") if key in variables), None)
    if key is None:
        return {}
    place = key_place(f"{shown}/{VARIABLES_FILE}", text, key)
    found = _folders(variables[key])
    if not found or depth >= _DEEPEST:
        message = f"`{key}` does not say where its templates are"
        raise DevkitError(TEMPLATE_INVALID, message, place=place, help='`"words (folder)"` for each')
    for path in found.values():
        inside = os.path.realpath(folder / path)
        if os.path.isabs(path) or not inside.startswith(f"{os.path.realpath(folder)}{os.sep}"):
            raise DevkitError(TEMPLATE_INVALID, f"`{path}` is not a folder inside the template", place=place)
    return {label: os.path.normpath(path) for label, path in found.items()}


def _folders(declared: Any) -> dict[str, str]:
    """Return the paths by their words; empty when anything in them is not understood."""
    if isinstance(declared, dict):
        paths = {name: str(each.get("path", "")) for name, each in declared.items() if isinstance(each, dict)}
        return paths if len(paths) == len(declared) and all(paths.values()) else {}
    if not isinstance(declared, list):
        return {}
    found = {str(label): re.search(r"\((.+)\)", str(label)) for label in declared}
    return {label: match[1] for label, match in found.items() if match} if all(found.values()) else {}
