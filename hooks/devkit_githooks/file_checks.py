"""Checks of one kind of file: which files, what is found in them, what is excused, mended and told."""

import os

from . import entries
from .entrance import chosen, ended, enter
from .git import Place
from .objects import read_blobs, read_file
from .problems import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .entries import Entry
    from .options import Words
    from .report import Finding

_OPTIONS = {
    "--all-files": False,
    "--from-ref": True,
    "--to-ref": True,
    "--check": True,
    "--skip": True,
    "--exclude": True,
    "--strict": False,
}
_HELP = """\
Usage: {name} [OPTIONS] [FILES]

{about}
It looks at what is staged without FILES, and at FILES as they are with them.

  --all-files               every such file that git knows
  --from-ref A --to-ref B   those that changed from A to B
  --check ID[,ID]           only these checks
  --skip ID[,ID]            all but these checks
  --exclude PATTERN         leave files out; * matches slashes too
  --strict                  warnings count as findings
  --json                    print the findings as one document
{more}
A comment `devkit: allow-ID` in a line, or in the one before, excuses the line.

Checks: {checks}.
"""


class FileCheck:
    """The checks of one kind of file, as data and two or three functions."""

    __slots__ = ("about", "checks", "find", "is_wanted", "mend", "name", "options")

    def __init__(
        self,
        name: str,
        *,
        about: str,
        checks: "Sequence[str]",
        is_wanted: "Callable[[bytes], bool]",
        find: "Callable[[bytes, bytes, Words], list[Finding]]",
        mend: "Callable[[bytes, bytes, list[Finding]], bytes] | None" = None,
        options: "dict[str, tuple[bool, str]] | None" = None,
    ) -> None:
        self.name, self.about, self.checks = name, about, checks
        self.is_wanted, self.find, self.mend = is_wanted, find, mend
        self.options = {**(options or {}), **({"--fix": (False, "mend what can be mended safely")} if mend else {})}


def run(check: FileCheck, argv: "Sequence[str]") -> int:
    """Run the checks on what the arguments say; return the exit code."""
    more = "".join(f"  {name:<26}{sentence}\n" for name, (_, sentence) in check.options.items())
    about = _HELP.format(name=check.name, about=check.about, more=more, checks=", ".join(check.checks))
    options = {**_OPTIONS, **{name: takes_value for name, (takes_value, _) in check.options.items()}}
    return enter(check.name, argv, options, about, lambda words: _run(check, words))


def _run(check: FileCheck, words: "Words") -> int:
    checks = chosen(words, check.checks)
    place = Place()
    place.enter()
    findings: list[Finding] = []
    for path, data in _contents(place, _selected(check, place, words)):
        found = [each for each in check.find(path, data, words) if each.check in checks]
        findings += _counted(found, data)
    if words.has("--strict"):
        for each in findings:
            each.is_warning = False
    return _tell(check, findings, words)


def _selected(check: FileCheck, place: Place, words: "Words") -> "list[Entry]":
    is_range = words.has("--from-ref") or words.has("--to-ref")
    if sum([bool(words.names), words.has("--all-files"), is_range]) > 1:
        raise Refusal("give FILES, or --all-files, or --from-ref and --to-ref")
    named = {place.name(name) for name in words.names}
    if named and all(os.path.isfile(name) and not os.path.islink(name) for name in named):
        found = [entries.Entry(name, b"100644", b"", is_added=False) for name in sorted(named)]
    elif named or words.has("--all-files"):
        found = entries.select(place, words.names).entries()
    elif is_range:
        found = entries.changed(words.last("--from-ref", "HEAD"), words.last("--to-ref", "HEAD"))
    else:
        found = entries.read_entries(entries.staged().answer())
    wanted = [each for each in found if not each.is_link and (each.path in named or check.is_wanted(each.path))]
    return _included(wanted, words.all("--exclude"))


def _included(found: "list[Entry]", patterns: list[str]) -> "list[Entry]":
    if not patterns:
        return found
    from fnmatch import fnmatchcase

    return [each for each in found if not any(fnmatchcase(os.fsdecode(each.path), one) for one in patterns)]


def _contents(place: Place, found: "list[Entry]") -> "Iterator[tuple[bytes, bytes]]":
    blobs = read_blobs(place, [each.blob for each in found if each.blob])
    for each in found:
        read = next(blobs) if each.blob else read_file(each.path)
        if read and read[1] and b"\0" not in read[1]:
            yield each.path, read[1]


def _counted(findings: "list[Finding]", data: bytes) -> "list[Finding]":
    """Return the findings that no comment excuses."""
    if not findings or b"devkit: allow-" not in data:
        return findings
    lines = [b"", *data.split(b"\n"), b""]
    return [
        each
        for each in findings
        if not any(b"devkit: allow-" + each.check.encode() in line for line in lines[each.line - 1 : each.line + 1])
    ]


def _tell(check: FileCheck, findings: "list[Finding]", words: "Words") -> int:
    if findings and check.mend and words.has("--fix"):
        from .mending import rewrite

        rewrite([each for each in findings if each.can_mend], check.mend)
    return ended(findings, words)
