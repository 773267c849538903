"""Killing or failing a program at each system call that writes, and looking at what it leaves.

strace counts the calls of one name from the start of the process, so a clean run is traced first: it tells which
calls of which name there are, and which of them write. Only the program's own process is traced, not its children.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.real.terminal import environment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_MARK = "DEVKIT_TEST_SWEEP"
"""The variable by which what a killed program has left running is known."""
Tree = dict[str, tuple[int, bytes]]
WRITING = (
    "open", "openat", "openat2", "creat", "write", "writev", "pwrite64",
    "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat",
    "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "fsync", "fdatasync",
    "syncfs", "truncate", "ftruncate", "chmod", "fchmod", "fchmodat", "chown",
    "fchown", "fchownat", "utimensat", "flock", "fadvise64", "clone", "clone3",
    "fork", "vfork", "wait4", "waitid",
)  # fmt: skip
"""System calls that change files, or begin and end a child."""
_OPENING = frozenset({"open", "openat", "openat2"})
_CALL = re.compile(r"^(?:\d+ +)?(?P<name>\w+)\((?P<rest>.*)$")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A program under test: how to make the folder that it works in, how it is called, and what undoes a killed run.

    `look` returns what a folder is like, to be compared; `undo` may end with any exit code.
    """

    prepare: Callable[[Path], None]
    argv: Callable[[Path], Sequence[str]]
    undo: Callable[[Path], Sequence[str]]
    look: Callable[[Path], object]
    env: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The n-th call of one name."""

    call: str
    number: int

    def __str__(self) -> str:
        return f"{self.call} {self.number}"


@dataclass(frozen=True, kw_only=True)
class Clean:
    """A run that nothing disturbed: the folder before and after it, its trace, and when it writes."""

    before: object
    after: object
    trace: str
    moments: tuple[Moment, ...]


def require_strace() -> None:
    """Skip the test where processes cannot be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    if subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("strace may not trace here")


def run_clean(subject: Subject, place: Path) -> Clean:
    """Run the program undisturbed in a fresh folder, twice: the first run warms caches that would count as writes."""
    _run(subject, _fresh(subject, place / "warm"), place / "trace")
    folder = _fresh(subject, place / "clean")
    before = subject.look(folder)
    names = ",".join(f"?{name}" for name in WRITING)
    done = _run(subject, folder, place / "trace", "-y", "-s", "0", "-e", f"trace={names}")
    assert done.returncode == 0, done.stderr
    trace = (place / "trace").read_text(errors="replace")
    return Clean(before=before, after=subject.look(folder), trace=trace, moments=tuple(_moments(trace)))


def kill_sweep(subject: Subject, place: Path, *, stride: int = 1) -> list[str]:
    """Kill the program at every (or every `stride`-th) moment at which it writes, undo, and compare.

    Return a line for each run that left neither before nor after.
    """
    clean = run_clean(subject, place)
    assert clean.before != clean.after
    moments = clean.moments[::stride]
    assert moments
    return [problem for moment in moments for problem in _killed(subject, place, clean, moment)]


def failure_sweep(
    subject: Subject,
    place: Path,
    *,
    calls: Sequence[str],
    error: str,
    codes: Sequence[int],
    persists: bool,
    prints: bool = False,
    stride: int = 1,
) -> list[str]:
    """Let calls of some names fail once, or from then on; nothing is undone by another run.

    A program that `prints` may have done all and fail at saying so.

    Return a line for each run that ended with another exit code than 0 or those given, or whose folder does not fit
    its code: after for 0, else before. What fails for good cannot be put back always; then an undo must bring before.
    """
    clean = run_clean(subject, place)
    moments = [moment for moment in clean.moments if moment.call in calls][::stride]
    assert moments
    problems = []
    for moment in moments:
        folder = _fresh(subject, place / str(moment))
        when = f"{moment.number}{'+' if persists else ''}"
        done = _run(subject, folder, place / "trace", "-e", f"inject={moment.call}:error={error}:when={when}")
        looks = [subject.look(folder)]
        if persists:
            _undo(subject, folder)
            looks.append(subject.look(folder))
        expected = clean.after if done.returncode == 0 else clean.before
        if prints and done.returncode != 0 and clean.after in looks:
            expected = clean.after
        if done.returncode not in {0, *codes}:
            problems.append(f"{moment}: exit code {done.returncode}: {done.stderr}")
        elif expected not in looks:
            problems.append(f"{moment}: exit code {done.returncode}, but {_difference(expected, looks[-1])}")
        shutil.rmtree(folder)
    return problems


def interrupt_sweep(subject: Subject, place: Path, *, signal: str, repeats: bool, stride: int = 1) -> list[str]:
    """Send a signal at every moment at which the program writes, or from then on at every such call of that name.

    Nothing is undone by another run. Return a line for each that left neither before nor after, or that ended with
    code 0 and not after.
    """
    clean = run_clean(subject, place)
    moments = clean.moments[::stride]
    assert moments
    problems = []
    for moment in moments:
        folder = _fresh(subject, place / str(moment))
        when = f"{moment.number}{'+' if repeats else ''}"
        done = _run(subject, folder, place / "trace", "-e", f"inject={moment.call}:signal={signal}:when={when}")
        left = subject.look(folder)
        if left != clean.after and (left != clean.before or done.returncode == 0):
            problems.append(f"{moment}: exit code {done.returncode}; from before {_difference(clean.before, left)}")
        shutil.rmtree(folder)
    return problems


def unsynced_renames(trace: str) -> list[str]:
    """Return the renames of a trace (made with `-y`) whose source was written to and not synced since."""
    dirty: set[str] = set()
    found = []
    for name, rest in _calls(trace):
        paths = re.findall(r"<(/[^>]*)>", rest)
        if name in {"write", "pwrite64", "writev"} and paths:
            dirty.add(paths[0])
        elif name in {"fsync", "fdatasync"} and paths:
            dirty.discard(paths[0])
        elif name == "syncfs":
            dirty.clear()
        elif name.startswith("rename"):
            source = _source(rest)
            found += [rest for path in dirty if path == source or path.startswith(f"{source}/")]
    return found


def read_tree(folder: Path, *, without: Sequence[str] = ()) -> Tree:
    """Return every entry below a folder with its mode and content."""
    found: Tree = {}
    for here, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = os.path.join(here, name)
            relative = os.path.relpath(path, folder)
            if any(relative == left_out or relative.startswith(f"{left_out}/") for left_out in without):
                continue
            mode = os.lstat(path).st_mode
            content = b""
            if stat.S_ISREG(mode):
                with open(path, "rb") as file:
                    content = file.read()
            elif stat.S_ISLNK(mode):
                content = os.fsencode(os.readlink(path))
            found[relative] = (mode, content)
    return found


def _killed(subject: Subject, place: Path, clean: Clean, moment: Moment) -> Iterator[str]:
    folder = _fresh(subject, place / str(moment))
    _run(subject, folder, place / "trace", "-e", f"inject={moment.call}:signal=KILL:when={moment.number}")
    while _is_left(folder):  # a child, such as git, goes on for a moment
        time.sleep(0.01)
    _undo(subject, folder)
    left = subject.look(folder)
    if left not in (clean.before, clean.after):
        yield f"{moment}: from before {_difference(clean.before, left)}; from after {_difference(clean.after, left)}"
    shutil.rmtree(folder)


def _fresh(subject: Subject, folder: Path) -> Path:
    folder.mkdir(parents=True)
    subject.prepare(folder)
    return folder


def _run(subject: Subject, folder: Path, trace: Path, *options: str) -> subprocess.CompletedProcess[str]:
    argv = ["strace", "-qq", "-o", str(trace), *(options or ("-e", "trace=none")), "--", *subject.argv(folder)]
    return subprocess.run(
        argv,
        check=False,
        capture_output=True,
        text=True,
        env={**(os.environ if subject.env is None else subject.env), _MARK: str(folder)},
        stdin=subprocess.DEVNULL,
    )


def _is_left(folder: Path) -> bool:
    """Whether anything of the program that ran in a folder is still running."""
    mark = os.fsencode(f"{_MARK}={folder}")
    return any(mark in environment_of(process).split(b"\0") for process in Path("/proc").glob("[0-9]*"))


def _undo(subject: Subject, folder: Path) -> None:
    subprocess.run(subject.undo(folder), check=False, capture_output=True, env=subject.env, stdin=subprocess.DEVNULL)


def _moments(trace: str) -> Iterator[Moment]:
    counts: dict[str, int] = {}
    for name, rest in _calls(trace):
        counts[name] = counts.get(name, 0) + 1
        if name not in _OPENING or re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", rest):
            yield Moment(call=name, number=counts[name])


def _calls(trace: str) -> Iterator[tuple[str, str]]:
    for line in trace.splitlines():
        match = _CALL.match(line)
        if match:
            yield match["name"], match["rest"]


def _source(rest: str) -> str:
    """Return the path that a rename takes away, whether it was named from a folder or whole."""
    match = re.match(r'(?:[^<"]*<(?P<folder>[^>]*)>, )?"(?P<name>[^"]*)"', rest)
    return os.path.join(match["folder"] or "", match["name"]) if match else ""


def _difference(expected: object, found: object) -> str:
    if not isinstance(expected, dict) or not isinstance(found, dict):
        return f"{expected!r} became {found!r}"
    names = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    return f"{len(names)} differ: {', '.join(map(str, names[:10]))}"
