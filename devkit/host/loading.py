"""Importing one plugin, and whether it fits this version of devkit."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from devkit.errors import PLUGIN_INVALID, DevkitError
from devkit.host.guard import guarded
from devkit.host.plugin import Plugin

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.host.entries import Installed

_COMPARISONS = {
    ">=": lambda version, bound: version >= bound,
    "<=": lambda version, bound: version <= bound,
    "==": lambda version, bound: version == bound,
    "!=": lambda version, bound: version != bound,
    ">": lambda version, bound: version > bound,
    "<": lambda version, bound: version < bound,
}


def load_installed(installed: Installed) -> Plugin:
    """Import an installed plugin; PLUGIN_FAILED when its import fails, PLUGIN_INVALID when it does not fit."""
    module, _, attribute = installed.module.partition(":")
    with guarded(installed, "import"):
        found: Any = importlib.import_module(module)
        for part in filter(None, attribute.split(".")):
            found = getattr(found, part)
        declared = getattr(found, "devkit_api", None)
    _check_api(installed, declared)
    return Plugin(
        name=installed.name,
        distribution=installed.distribution,
        version=installed.version,
        object=found,
        package=module.partition(".")[0],
    )


def load_folder(folder: Path) -> Plugin:
    """Load a plugin from a folder that was found to be trusted."""
    from devkit.host.local import import_folder

    with guarded(f"plugin {folder.name}", "import"):
        found = import_folder(folder)
        version = str(getattr(found, "__version__", "0"))
        declared = getattr(found, "devkit_api", None)
    _check_api(f"plugin {folder.name}", declared)
    package = found.__name__.partition(".")[0]
    return Plugin(name=folder.name, distribution=f"./{folder.name}", version=version, object=found, package=package)


def _check_api(plugin: object, declared: object) -> None:
    from devkit.api import API_VERSION

    if declared is None or _includes(plugin, declared, API_VERSION):
        return
    message = f"{plugin} takes version {declared} of devkit's plugin interface, and this devkit has {API_VERSION}"
    raise DevkitError(PLUGIN_INVALID, message)


def _includes(plugin: object, declared: object, version: int) -> bool:
    if isinstance(declared, int):
        return declared == version
    if isinstance(declared, str):
        return all(_holds(plugin, part.strip(), version) for part in declared.split(","))
    raise DevkitError(
        PLUGIN_INVALID, f"{plugin} declares `devkit_api` as {declared!r}; a number or a range is expected"
    )


def _holds(plugin: object, comparison: str, version: int) -> bool:
    operator = next((each for each in _COMPARISONS if comparison.startswith(each)), "")
    bound = comparison[len(operator) :].strip() if operator else ""
    if not bound.isdecimal():
        message = f"{plugin} declares `devkit_api` with `{comparison}`; a range such as `>=1,<2` is expected"
        raise DevkitError(PLUGIN_INVALID, message)
    return bool(_COMPARISONS[operator](version, int(bound)))
