"""What tasks find around them: the values of variables, and where programs are.

Nothing but `os` is imported: the check of a run with nothing to do reads it before anything else.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def variable_mark(name: str, salt: str) -> str:
    """Return what stands for the value of a variable, `""` where it is not set; the value cannot be told from it."""
    value = os.environ.get(name)
    if value is None:
        return ""
    from devkit.project.fingerprints import fingerprint

    return fingerprint(f"{salt}{name}={value}".encode("utf-8", "surrogateescape"))


def program_folders(root: str, first: "Sequence[str]" = ()) -> list[str]:
    """Return where programs are looked for: in folders of the project that a task names, then in those of PATH."""
    rest = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [*(os.path.join(root, folder) for folder in first), *(folder for folder in rest if os.path.isabs(folder))]


def program_path(name: str, folders: "Sequence[str]") -> str:
    """Return where the program of a name is, `""` where there is none."""
    for folder in folders:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return ""
