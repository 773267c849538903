"""The doors of the console scripts: the search path is made safe before anything is imported from it.

It imports nothing but `gc`, `os` and `sys`, so that a file of the repository that is named like a module of the
standard library is never taken for one, not even with the repository in PYTHONPATH.
"""

import gc
import os
import sys

_BROKEN_PIPE = 141
_INTERRUPTED = 130
_OBJECTS = 100_000
"""New objects after which garbage is looked for: few runs make so many."""


def hygiene() -> int:
    """Run `devkit-hygiene`."""
    return _run("hygiene")


def dockerfile() -> int:
    """Run `devkit-dockerfile`."""
    return _run("dockerfile")


def compose() -> int:
    """Run `devkit-compose`."""
    return _run("compose")


def kubernetes() -> int:
    """Run `devkit-kubernetes`."""
    return _run("kubernetes")


def commit_message() -> int:
    """Run `devkit-commit-message`."""
    return _run("commit_message")


def branch_name() -> int:
    """Run `devkit-branch-name`."""
    return _run("branch_name")


def drift() -> int:
    """Run `devkit-drift`."""
    return _run("drift")


def _run(module: str) -> int:
    """Run the main function of a module; nobody ever sees a traceback of a broken pipe or an interruption."""
    gc.set_threshold(_OBJECTS)
    sys.path[:] = search_path()
    try:
        code = int(_main_of(module)(sys.argv[1:]))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    gc.freeze()  # what is left goes with the process
    return code


def _main_of(module: str):  # type: ignore[no-untyped-def] # noqa: ANN202 - naming the type costs an import
    name = f"{__package__}.{module}"
    __import__(name)
    return sys.modules[name].main


def search_path() -> list[str]:
    """Return `sys.path` without what stands before the standard library and lies in the repository.

    What stands after the library was installed on purpose.
    """
    library = os.path.dirname(os.__file__)
    end = sys.path.index(library) if library in sys.path else len(sys.path)
    return [entry for entry in sys.path[:end] if not _is_of_repository(entry)] + sys.path[end:]


def _is_of_repository(entry: str) -> bool:
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if not os.path.isabs(entry):
        return True
    folder = os.path.realpath(entry) + os.sep
    return folder.startswith(_repository().rstrip(os.sep) + os.sep) and os.path.realpath(own) + os.sep != folder


def _repository() -> str:
    """Return the nearest folder upward that git knows as a work tree, or the current folder."""
    here = folder = os.getcwd()
    while not os.path.lexists(os.path.join(folder, ".git")):
        if folder == os.path.dirname(folder):
            return here
        folder = os.path.dirname(folder)
    return folder
