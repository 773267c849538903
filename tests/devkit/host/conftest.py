from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from devkit.host.entries import Installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STAGE = """
from devkit.api import Stage, hookimpl

@hookimpl
def devkit_stages():
    return [Stage(name="{stage}", summary="A stage.")]
"""


@dataclass(frozen=True)
class Site:
    """A folder of installed distributions."""

    folder: Path

    def install(self, name: str, source: str = "", *, version: str = "1.0") -> Path:
        """Install a distribution with one plugin, all of it as old as an hour; return its metadata folder."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{name}_module.py").write_text(source or STAGE.format(stage=name), "utf-8")
        info = self.folder / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[devkit.plugins]\n{name} = {name}_module\n", "utf-8")
        self.age()
        return info

    def age(self, hours: int = 1) -> None:
        """Make everything in the folder as old as some hours, so that an index of it can be kept."""
        age_tree(self.folder, hours)


def age_tree(folder: Path, hours: int = 1) -> None:
    then = folder.stat().st_ctime_ns - hours * 3_600_000_000_000
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, ns=(then, then), follow_symlinks=False)


@pytest.fixture
def site(tmp_path: Path, devkit_home: Path, monkeypatch: pytest.MonkeyPatch) -> Site:  # noqa: ARG001 - the home is used
    """Give a folder of installed distributions, the only one on the search path beside the standard library."""
    library = os.path.dirname(os.__file__)
    found = Site(tmp_path / "site")
    found.folder.mkdir()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # it would change the folder, which is to be old
    monkeypatch.setattr(sys, "path", [library, os.path.join(library, "lib-dynload"), str(found.folder)])
    for name in [name for name in sys.modules if name.endswith("_module")]:
        monkeypatch.delitem(sys.modules, name)
    return found


@pytest.fixture
def plugin_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Installed]:
    """Return a function that makes an installed plugin from its source, without any file."""

    def make(name: str, source: str, *, version: str = "1.0", distribution: str = "") -> Installed:
        module = ModuleType(f"{name}_in_memory")
        exec(source, vars(module))  # noqa: S102 - the source is the test's own
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return Installed(
            name=name, distribution=distribution or f"acme-{name}", version=version, module=module.__name__
        )

    return make
