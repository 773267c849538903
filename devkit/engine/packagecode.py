"""The code that a call may run: all of its plugin's import package."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from importlib.util import find_spec


@functools.cache
def package_digest(package: str) -> str:
    """Return a digest of the files of an import package or module; `""` when there is no such thing."""
    digest = hashlib.sha256()
    for place in _places(package):
        for path in sorted(_files(place)):
            digest.update(os.fsencode(os.path.relpath(path, os.path.dirname(place))) + b"\0")
            with open(path, "rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _places(package: str) -> list[str]:
    """Return the folders of a package, or the file of a module."""
    try:
        spec = getattr(sys.modules.get(package), "__spec__", None) or find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    return sorted(spec.submodule_search_locations or ([spec.origin] if spec.origin else []))


def _files(place: str) -> list[str]:
    if os.path.isfile(place):
        return [place]
    found = []
    for here, folders, names in os.walk(place):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [os.path.join(here, name) for name in names if name.endswith((".py", ".so", ".pyd"))]
    return found
