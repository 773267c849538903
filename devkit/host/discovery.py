"""Finding installed plugins by their entry points, and what tells whether that has to be done again."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from devkit.host.entries import Installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.metadata import Distribution

GROUP = "devkit.plugins"


def discover(path: Sequence[str]) -> tuple[Installed, ...]:
    """Return the plugins of the distributions on a search path; none of their modules is imported.

    Of a distribution that is there twice, the first counts, as it does for imports.
    """
    from importlib import invalidate_caches
    from importlib.metadata import distributions

    invalidate_caches()
    found: dict[str, tuple[Installed, ...]] = {}
    for distribution in distributions(path=list(path)):
        name = distribution.metadata["Name"]
        if name:  # an uninstallation that was cut short leaves folders without metadata
            found.setdefault(_normal(name), tuple(_plugins(distribution, name)))
    return tuple(plugin for plugins in found.values() for plugin in plugins)


def marks(path: Sequence[str]) -> list[str]:
    """Return the files and folders that change whenever a distribution on the search path does."""
    return [mark for entry in path for mark in (entry, *_marks_in(entry))]


def edited_files(plugins: Sequence[Installed], path: Sequence[str]) -> list[str]:
    """Return the files and folders of the packages of plugins that were installed to be edited.

    Those may change without a new installation; all others change with their distribution. The plugins have to
    be imported already.
    """
    sites = tuple(f"{entry}{os.sep}" for entry in path if os.path.basename(entry).endswith("-packages"))
    found: dict[str, None] = {}
    for plugin in plugins:
        module = sys.modules.get(plugin.module.partition(":")[0].partition(".")[0])
        file = getattr(module, "__file__", None)
        if file and not file.startswith(sites):
            found |= dict.fromkeys(_files_below(file))
    return list(found)


def _files_below(file: str) -> Iterator[str]:
    """Yield a module's file; when it is that of a package, all that lies below its folder too."""
    yield file
    if os.path.basename(file) != "__init__.py":
        return
    for folder, folders, names in os.walk(os.path.dirname(file)):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        yield from (folder, *(os.path.join(folder, name) for name in sorted(names)))


def _plugins(distribution: Distribution, name: str) -> Iterator[Installed]:
    for entry in distribution.entry_points:
        if entry.group == GROUP:
            target = entry.value.partition("[")[0].replace(" ", "")
            yield Installed(name=entry.name, distribution=name, version=distribution.version, module=target)


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _marks_in(folder: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # a zip file, whose own stamp tells all, or nothing
        return
    for name in names:
        mark = os.path.join(folder, name)
        if name.endswith(".pth"):
            yield mark
        elif name.endswith((".dist-info", ".egg-info")):
            entry_points = os.path.join(mark, "entry_points.txt")
            yield entry_points if os.path.exists(entry_points) else mark
