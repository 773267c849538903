"""Where plugins and modules may come from: never the current folder, nor the project around it.

Read before anything is imported, so it imports nothing but `os` and `sys`.
"""

import os
import sys

_PROJECT_MARKS = (".git", "pyproject.toml", "devkit.toml")


def search_path() -> list[str]:
    """Return `sys.path` without the current folder and the project around it.

    Both get there by `python -m`, `python -c`, and an empty, relative or careless PYTHONPATH, all of which come
    before the standard library. What comes after it was installed on purpose, and so was the folder that this
    package lies in.
    """
    end = _library_position()
    return [entry for entry in sys.path[:end] if not _is_project(entry)] + sys.path[end:]


def _library_position() -> int:
    library = os.path.dirname(os.__file__)
    return sys.path.index(library) if library in sys.path else len(sys.path)


def _is_project(entry: str) -> bool:
    try:
        here = os.getcwd()
        folder = os.path.realpath(entry or here)
    except OSError:  # the current folder was deleted, and nothing can be in it
        return not os.path.isabs(entry)
    if os.path.isabs(entry) and folder != here and not _is_project_around(folder, here):
        return False
    return folder != os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def _is_project_around(folder: str, here: str) -> bool:
    is_around = here.startswith(folder.rstrip(os.sep) + os.sep)
    return is_around and any(os.path.lexists(os.path.join(folder, mark)) for mark in _PROJECT_MARKS)
