"""What a run of tests says, whatever ran them: cases and coverage as plain data."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the types of what is read are looked up when it runs
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Case(Struct, frozen=True, kw_only=True):
    """One test: its name as its runner takes it, how it went, how long (seconds), and where it stands."""

    name: str
    outcome: str
    seconds: float = 0.0
    file: str = ""
    line: int | None = None
    message: str = ""


class FileCoverage(Struct, frozen=True, kw_only=True):
    """The lines of a file that ran and those that did not, counted from 1."""

    covered: frozenset[int] = frozenset()
    missed: frozenset[int] = frozenset()

    def joined(self, other: FileCoverage) -> FileCoverage:
        """Return what two runs cover together."""
        covered = self.covered | other.covered
        return FileCoverage(covered=covered, missed=(self.missed | other.missed) - covered)


class Coverage(Struct, frozen=True, kw_only=True):
    """Files by their path in the project."""

    files: Mapping[str, FileCoverage] = field(default_factory=dict)

    @property
    def percent(self) -> float | None:
        """The share of lines that ran, in per cent; `None` where there is no line."""
        return share(self.files.values())

    @property
    def packages(self) -> dict[str, float]:
        """The same for each folder."""
        folders: dict[str, list[FileCoverage]] = {}
        for path, file in self.files.items():
            folders.setdefault(path.rpartition("/")[0] or ".", []).append(file)
        shares = {folder: share(files) for folder, files in sorted(folders.items())}
        return {folder: percent for folder, percent in shares.items() if percent is not None}

    def joined(self, other: Coverage) -> Coverage:
        """Return what two runs cover together."""
        nothing = FileCoverage()
        paths = sorted({*self.files, *other.files})
        files = {path: self.files.get(path, nothing).joined(other.files.get(path, nothing)) for path in paths}
        return Coverage(files=files)

    def among(self, lines: Mapping[str, frozenset[int]]) -> Coverage:
        """Return the coverage of some lines only, such as those that a change added."""
        found = {
            path: FileCoverage(covered=file.covered & lines[path], missed=file.missed & lines[path])
            for path, file in self.files.items()
            if path in lines
        }
        return Coverage(files={path: file for path, file in found.items() if file.covered or file.missed})


def share(files: Iterable[FileCoverage]) -> float | None:
    """Return the share of lines that ran, in per cent; `None` where there is no line."""
    counts = [(len(file.covered), len(file.missed)) for file in files]
    covered, missed = sum(ran for ran, _ in counts), sum(not_run for _, not_run in counts)
    return 100 * covered / (covered + missed) if covered + missed else None


def ranges(lines: Iterable[int]) -> str:
    """Return line numbers as short text: `3, 7-9`."""
    found: list[list[int]] = []
    for line in sorted(lines):
        if found and found[-1][1] == line - 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in found)
