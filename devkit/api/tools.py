"""Tools: the programs of the machine that a project needs, as data."""

from __future__ import annotations

from msgspec import Struct

from devkit.errors import Place


class Remedy(Struct, frozen=True, kw_only=True):
    """A command that installs a tool on machines that have what it `needs`: a program on PATH, or a file.

    A file is an absolute path, in which `~` and `$VARIABLE` are resolved: `~/.nvm/nvm.sh`.
    """

    needs: str
    command: str


class Tool(Struct, frozen=True, kw_only=True):
    """A program that is looked up on PATH.

    `version` holds the versions that do, as specifier sets of PEP 440 (`>=20,<23`), of which any one may hold where
    `||` is between them; `place` is where the project says so. `probe` are the arguments that make the program print
    its version. `candidates` are further names of it, or absolute paths in which `~`, `$VARIABLE` and `*` are
    resolved; `finders` are commands that print the path of one that PATH does not lead to. The first of the
    `remedies` that fits the machine is told, else `install`: the command that installs the tool, or where to find
    out. A tool that `is_optional` is worth a note when it is missing; any other is an error.
    """

    name: str
    version: str = ""
    place: Place | None = None
    probe: tuple[str, ...] = ("--version",)
    candidates: tuple[str, ...] = ()
    finders: tuple[tuple[str, ...], ...] = ()
    remedies: tuple[Remedy, ...] = ()
    install: str = ""
    is_optional: bool = False


def resolved(candidate: str) -> list[str]:
    """Return the files that a path of a candidate stands for, the highest version first; none for a mere name."""
    import glob
    import os
    import re

    path = os.path.expanduser(os.path.expandvars(candidate))
    if not os.path.isabs(path):
        return []
    return sorted(glob.glob(path), key=lambda each: [int(part) for part in re.findall(r"\d+", each)], reverse=True)


def fits(version: str, wanted: str) -> bool:
    """Whether a version is among those that a tool's `version` asks for; one that is none fits nothing.

    >>> fits("20.11.1", ">=18,<19 || >=20")
    True
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return any(SpecifierSet(part.strip()).contains(version, prereleases=True) for part in wanted.split("||"))
    except (InvalidSpecifier, InvalidVersion):
        return False
