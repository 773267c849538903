"""Plugins in folders of the project: loaded by file path, and only once they are trusted."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import FileFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from devkit.errors import BAD_PATH, PLUGIN_MISSING, DevkitError, Place
from devkit.host.fingerprint import has_links
from devkit.host.trust import Code, TrustStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType

PREFIX = "devkit_local_"
"""What the names of packages from plugin folders begin with."""


def trusted_folders(root: Path, folders: Sequence[str], store: TrustStore | None = None) -> tuple[Path, ...]:
    """Return the plugin folders of a project, given relative to its root; NEEDS_TRUST for one that is not trusted.

    PLUGIN_MISSING for a folder that is not there, BAD_PATH for one outside the project or with links in it.
    """
    found = plugin_code(root, folders)
    for code in found:
        (store or TrustStore()).require(code)
    return tuple(code.folder for code in found)


def sorted_by_trust(
    root: Path, folders: Sequence[str], store: TrustStore | None = None
) -> tuple[tuple[Path, ...], tuple[Code, ...]]:
    """Return the trusted plugin folders of a project, and the code in the others, for `Host.load` to set aside.

    Reading commands go on without what is not trusted; whoever needs it calls `TrustStore.require`.
    """
    found = [(code, (store or TrustStore()).is_trusted(code)) for code in plugin_code(root, folders)]
    trusted = tuple(code.folder for code, is_trusted in found if is_trusted)
    return trusted, tuple(code for code, is_trusted in found if not is_trusted)


def plugin_code(root: Path, folders: Sequence[str]) -> tuple[Code, ...]:
    """Return the code in the plugin folders of a project, trusted or not, for `devkit trust` to show and grant."""
    return tuple(_code(root, folder) for folder in folders)


def import_folder(folder: Path) -> ModuleType:
    """Import the plugin in a trusted folder: its `plugin.py`, or else its `__init__.py`."""
    package = PREFIX + "".join(each if each.isalnum() else "_" for each in folder.name)
    for name in [each for each in sys.modules if each == package or each.startswith(f"{package}.")]:
        del sys.modules[name]
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    sys.modules[package] = module = _package(package, folder)
    if module.__spec__ is not None and module.__spec__.loader is not None:
        module.__spec__.loader.exec_module(module)
    return importlib.import_module(f"{package}.plugin") if (folder / "plugin.py").is_file() else module


class SourceOnlyLoader(SourceFileLoader):
    """Compiles what the user has trusted: compiled files that came with the project are never read, nor written."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the source file itself."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


class LocalFinder(MetaPathFinder):
    """Finds the modules below a plugin folder's package, in that folder alone."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002 - the protocol's signature
    ) -> ModuleSpec | None:
        """Return where a module of a plugin folder is; `None` for every other module."""
        if not fullname.startswith(PREFIX) or not path:
            return None
        found = (FileFinder(folder, (SourceOnlyLoader, [".py"])).find_spec(fullname) for folder in path)
        return next((spec for spec in found if spec is not None), None)


_FINDER = LocalFinder()


def _package(name: str, folder: Path) -> ModuleType:
    start = folder / "__init__.py"
    if not start.is_file():
        module = ModuleType(name)
        module.__path__ = [os.fspath(folder)]
        return module
    loader = SourceOnlyLoader(name, os.fspath(start))
    spec = spec_from_file_location(name, start, loader=loader, submodule_search_locations=[os.fspath(folder)])
    if spec is None:  # the loader is given, so there always is one; the types do not know
        raise ImportError(name)
    return module_from_spec(spec)


def _code(root: Path, folder: str) -> Code:
    place = Place(path=folder)
    path = Path(os.path.abspath(root / folder))
    if not path.is_dir():
        raise DevkitError(PLUGIN_MISSING, f"the plugin folder `{folder}` does not exist", place=place)
    if not path.resolve().is_relative_to(root.resolve()) or path.resolve() == root.resolve():
        raise DevkitError(BAD_PATH, f"the plugin folder `{folder}` is not inside the project", place=place)
    if has_links(path):
        help_text = "put the files themselves there: trust covers the files of the folder"
        raise DevkitError(BAD_PATH, f"the plugin folder `{folder}` holds links", place=place, help=help_text)
    return Code(folder=path)
