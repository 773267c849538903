"""All hygiene checks of a commit in one process: staged blobs are read from git, and verdicts kept by blob."""

import os
import sys

from . import content, entries
from .entrance import chosen, ended, enter
from .git import Place
from .objects import read_blobs, read_file
from .problems import Refusal
from .verdicts import Verdicts, digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .entries import Entry
    from .options import Words
    from .report import Finding

NAMES = ("case-collision", "broken-symlink", "env-file")
"""The checks of names; those of content are in `content.CHECKS`."""

_OPTIONS = {
    "--all-files": False,
    "--fix": False,
    "--from-ref": True,
    "--to-ref": True,
    "--check": True,
    "--skip": True,
    "--exclude": True,
    "--max-kb": True,
}
_HELP = """\
Usage: devkit-hygiene [OPTIONS] [FILES]

Check what is about to be committed: the staged content without FILES, and FILES as they are with them.

  --all-files               every file that git knows
  --from-ref A --to-ref B   what changed from A to B
  --fix                     mend white space and line endings in files without unstaged changes (not in ranges)
  --check ID[,ID]           only these checks
  --skip ID[,ID]            all but these checks
  --exclude PATTERN         leave files out; * matches slashes too
  --max-kb N                the size from which a new file is large (500)
  --json                    print the findings as one document

Checks: {checks}.
"""
_MAX_KB = 500
_PARALLEL = 3000


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the checks; return 0 without findings, 1 with some, 2 when they could not be made."""
    about = _HELP.format(checks=", ".join((*content.CHECKS, *NAMES)))
    words = sys.argv[1:] if argv is None else argv
    return enter("devkit-hygiene", words, _OPTIONS, about, lambda said: Hygiene(said).run())


class Hygiene:
    """One run over one selection of files."""

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.checks = chosen(words, (*content.CHECKS, *NAMES))
        self.bits = sum(bit for name, bit in content.CHECKS.items() if name in self.checks)
        self.most = words.number("--max-kb", _MAX_KB)
        self.place = Place()
        self.listing = b""

    def run(self) -> int:
        """Find, excuse, mend and tell."""
        self.place.enter()
        child = entries.staged() if self._is_staged() else None
        self.verdicts = Verdicts(self.place.common, f"{self.bits} {self.most}")
        found = entries.read_entries(child.answer()) if child else self._selected()
        if found is None:
            return self._tell([])
        findings = self._names(found) + self._contents(found)
        findings = self._counted(findings)
        self.verdicts.save(b"" if findings else self.listing)
        return self._tell(findings)

    def _is_staged(self) -> bool:
        words = self.words
        ways = [bool(words.names), words.has("--all-files"), words.has("--from-ref") or words.has("--to-ref")]
        if sum(ways) > 1:
            raise Refusal("give FILES, or --all-files, or --from-ref and --to-ref")
        return not any(ways)

    def _selected(self) -> "list[Entry] | None":
        """Return the entries, or nothing when this very list was found clean the last time."""
        if self.words.has("--from-ref") or self.words.has("--to-ref"):
            return self._range()
        selection = entries.select(self.place, self.words.names)
        if selection.is_whole:
            index, modified, added = selection.listing
            choice = os.fsencode("\0".join((*sorted(self.checks), "", *self.words.all("--exclude"))))
            self.listing = digest(index, (b"\1", modified, b"\1", added, b"\1", choice))
            has_links = b"\x00120000 " in index or index.startswith(b"120000 ")
            if not modified and not has_links and self.verdicts.is_clean(self.listing):
                return None
        return selection.entries()

    def _range(self) -> "list[Entry]":
        if not self.words.has("--from-ref"):
            raise Refusal("--to-ref wants --from-ref beside it")
        return entries.changed(self.words.last("--from-ref"), self.words.last("--to-ref", "HEAD"))

    def _names(self, found: "list[Entry]") -> "list[Finding]":
        findings: list[Finding] = []
        fresh = found if not self._is_staged() else [each for each in found if each.is_added]
        if "case-collision" in self.checks and fresh:
            from .names import collisions

            findings += collisions(fresh)
        if "env-file" in self.checks and any(b".env" in each.path for each in found):
            from .names import env_files

            findings += env_files(found)
        if "broken-symlink" in self.checks:
            findings += self._links([each for each in found if each.is_link])
        return findings

    def _links(self, found: "list[Entry]") -> "list[Finding]":
        if not found:
            return []
        from .names import broken_link

        targets = [os.readlink(each.path) if not each.blob else self._blob(each.blob) for each in found]
        pairs = zip(found, targets, strict=True)
        return [finding for each, target in pairs if (finding := broken_link(each.path, target))]

    def _blob(self, blob: bytes) -> bytes:
        _, data = next(read_blobs(self.place, [blob]))
        return data or b""

    def _contents(self, found: "list[Entry]") -> "list[Finding]":
        files = [each for each in found if not each.is_link]
        self.verdicts.expect_many(len(files))
        findings: list[Finding] = []
        for entry, bits in self._judged(files):
            counted = bits if entry.is_added else bits & ~content.LARGE
            if counted:
                findings += self._explained(entry, counted)
        return findings

    def _judged(self, files: "list[Entry]") -> "Iterator[tuple[Entry, int]]":
        """Yield each file with its bits: remembered ones first, then those that have to be read."""
        unknown = []
        for each in files:
            kind = content.kind_of(each.path)
            known = self.verdicts.find(each.blob, kind) if each.blob else None
            if known is None:
                unknown.append((each, kind))
            elif known:
                yield each, known
        for (each, kind), bits in zip(unknown, self._read(unknown), strict=True):
            if each.blob:
                self.verdicts.add(each.blob, kind, bits)
            yield each, bits

    def _read(self, unknown: "list[tuple[Entry, int]]") -> list[int]:
        if len(unknown) > _PARALLEL:
            from .halves import in_halves

            return in_halves(unknown, self._bits)
        return self._bits(unknown)

    def _bits(self, unknown: "list[tuple[Entry, int]]") -> list[int]:
        blobs = read_blobs(self.place, [each.blob for each, _ in unknown if each.blob])
        found = []
        for each, kind in unknown:
            read_one = next(blobs) if each.blob else read_file(each.path) or (0, b"")
            found.append(self._bits_of(*read_one, kind))
        return found

    def _bits_of(self, size: int, data: bytes | None, kind: int) -> int:
        large = content.LARGE & self.bits if size > self.most * 1024 else 0
        return large | (content.judge(data, kind, self.bits) if data is not None else 0)

    def _explained(self, entry: "Entry", bits: int) -> "list[Finding]":
        from .explain import explain, large

        found = next(read_blobs(self.place, [entry.blob])) if entry.blob else read_file(entry.path) or (0, b"")
        kind = content.kind_of(entry.path)
        bits &= self._bits_of(*found, kind)  # a file of the work tree may have been saved anew
        findings = [large(entry.path, found[0], self.most)] if bits & content.LARGE else []
        return findings + explain(entry.path, found[1] or b"", kind, bits)

    def _counted(self, findings: "list[Finding]") -> "list[Finding]":
        """Return the findings that neither an exclusion nor an attribute of git excuses."""
        if not findings:
            return []
        patterns = self.words.all("--exclude")
        if patterns:
            from fnmatch import fnmatchcase

            findings = [
                each for each in findings if not any(fnmatchcase(os.fsdecode(each.path), one) for one in patterns)
            ]
        from .attributes import excused

        free = excused(sorted({each.path for each in findings})) if findings else {}
        return [each for each in findings if not content.CHECKS.get(each.check, 0) & free.get(each.path, 0)]

    def _tell(self, findings: "list[Finding]") -> int:
        if findings and self.words.has("--fix") and not self.words.has("--from-ref"):
            from .mending import mend

            mend(findings)
        return ended(findings, self.words)
