"""What of a template is code that would run: its hooks, and the extensions it names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from devkit.errors import Place
from devkit.render.manifest import HARMLESS, VARIABLES_FILE
from devkit.render.scan import read_folder, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_HOOKS = {"pre_prompt", "pre_gen_project", "post_gen_project"}


def code_of(folder: Path, shown: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files that would run, relative to the template; an extension from elsewhere by who names it."""
    return tuple(sorted({*_hooks(folder, shown), *_extensions(folder, shown, variables)}))


def foreign_extensions(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the extensions that a template names and that are neither jinja2's own nor there anyway."""
    return tuple(name for name in variables.get("_extensions", ()) if name not in HARMLESS)


def harmless_extensions(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the extensions of jinja2 itself that a template names."""
    return tuple(HARMLESS[name] for name in variables.get("_extensions", ()) if HARMLESS.get(name))


def _hooks(folder: Path, shown: str) -> Iterator[str]:
    hooks = folder / "hooks"
    if hooks.is_symlink():
        raise refused("a symbolic link", Place(path=f"{shown}/hooks"))
    if not hooks.is_dir():
        return
    for name in os.listdir(hooks):
        if os.path.splitext(name)[0] in _HOOKS and not name.endswith("~"):
            yield f"hooks/{name}"


def _extensions(folder: Path, shown: str, variables: Mapping[str, Any]) -> Iterator[str]:
    for extension in foreign_extensions(variables):
        module = extension.partition(".")[0]
        if (folder / f"{module}.py").exists():
            yield f"{module}.py"
        elif module and (folder / module).is_dir():
            files = read_folder(os.fspath(folder / module), f"{shown}/{module}")
            yield from (f"{module}/{file.path}" for file in files if file.path.endswith(".py"))
        else:
            yield f"{VARIABLES_FILE} ({extension})"
