"""Safe fixes: white space and line endings in files of the work tree that have no unstaged changes."""

import os

from . import attributes
from .content import (
    BOM,
    CHECKS,
    ENDINGS,
    FINAL,
    MARKDOWN,
    TRAILING,
    WHITE_SPACE,
    is_binary,
    kind_of,
    line_endings,
    stripped,
)
from .git import run
from .objects import read_file
from .report import Finding, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[bytes, bytes, list[Finding]], bytes]

_ENDS = (b"\r", b"\r\n", b"\n")


def mend(findings: list[Finding]) -> None:
    """Mend white space and line endings, and say so in the findings; the rest says why it was left."""
    rewrite([each for each in findings if CHECKS.get(each.check, 0) & WHITE_SPACE], _cleaned)


def _cleaned(path: bytes, data: bytes, findings: list[Finding]) -> bytes:
    bits = 0
    for each in findings:
        bits |= CHECKS[each.check]
    return mended(data, kind_of(path), bits)


def rewrite(findings: list[Finding], change: "Change") -> None:
    """Give the files of the findings the bytes that `change` returns, and say in each finding what was done."""
    by_path: dict[bytes, list[Finding]] = {}
    for each in findings:
        by_path.setdefault(each.path, []).append(each)
    if not by_path:
        return
    paths = sorted(by_path)
    said = attributes.read(paths)
    changed = _changed(paths)
    for path, own in by_path.items():
        reason = (
            "it has unstaged changes as well" if path in changed else _mend(path, own, said.get(path, {}), change)
        )
        for each in own:
            each.mend = f"not mended, for {reason}" if reason else f"mended; now: git add {quoted(path)}"


def _changed(paths: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for start in range(0, len(paths), 200):
        chunk = paths[start : start + 200]
        found |= set(run("diff-files", "--name-only", "-z", "--", *chunk).split(b"\0"))
    return found


def _mend(path: bytes, findings: list[Finding], said: dict[str, str], change: "Change") -> str:
    """Rewrite a file; return why it was left, or nothing."""
    if attributes.has_filter(said):
        return "git keeps it through a filter"
    try:
        facts = os.lstat(path)
        if facts.st_nlink > 1:
            return "it is a hard link"
        found = read_file(path)
        if found is None or found[1] is None or is_binary(found[1]):
            return "it is no longer that text"
        return _replace(path, change(path, found[1], findings), facts)
    except OSError as error:
        return f"of: {error.strerror}"


def _replace(path: bytes, data: bytes, facts: os.stat_result) -> str:
    """Put new bytes where a file is, all of them or none, with its mode and owner; return why it was left."""
    beside = path + b".devkit-%d" % os.getpid()
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(number)
        if (facts.st_uid, facts.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(beside, facts.st_uid, facts.st_gid)
        os.chmod(beside, facts.st_mode & 0o7777)
        if _stamp(os.lstat(path)) != _stamp(facts):
            os.unlink(beside)
            return "it is being changed"
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
    return ""


def _stamp(facts: os.stat_result) -> tuple[int, ...]:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def mended(data: bytes, kind: int, bits: int) -> bytes:
    """Return the text as the checks of these bits want it; of everything else every byte stays."""
    if bits & ENDINGS:
        data = _with_one_ending(data)
    if bits & TRAILING:
        data = b"\n".join(stripped(line, is_markdown=kind == MARKDOWN) for line in data.split(b"\n"))
    return _ended(data) if bits & FINAL else data


def _with_one_ending(data: bytes) -> bytes:
    counts = line_endings(data)
    wanted = b"\n" if counts[2] == max(counts) else _ENDS[counts.index(max(counts))]
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", wanted)


def _ended(data: bytes) -> bytes:
    short = data.rstrip(b"\r\n")
    if short in {b"", BOM}:
        return short
    end = data[len(short) :]
    if not end:
        counts = line_endings(data)
        return data + (b"\n" if counts[2] >= max(counts) else _ENDS[counts.index(max(counts))])
    return short + next(each for each in (b"\n", b"\r\n", b"\r") if end.startswith(each))
