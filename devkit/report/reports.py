"""The reports that are written when a command has ended: those asked for, and those of the place it runs in."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from devkit.errors import IO_FAILED, USAGE, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from devkit.report.account import Account
    from devkit.report.events import Event, Listener

KINDS = ("junit", "sarif")


class Wanted(Struct, frozen=True):
    """A report to be written: its kind and its file."""

    kind: str
    path: str


def wanted_reports(words: Sequence[str], folder: str = ".") -> tuple[Wanted, ...]:
    """Return the reports that `KIND=FILE` ask for, files relative to a folder; USAGE for a kind that nobody knows."""
    found = []
    for word in words:
        kind, _, path = word.partition("=")
        if kind not in KINDS or not path:
            raise DevkitError(USAGE, f"`--report {word}` is no report", help="--report junit=FILE, or sarif=FILE")
        found.append(Wanted(kind, os.path.join(folder, path)))
    return tuple(found)


@contextmanager
def reporting(
    listener: Listener, wanted: Sequence[Wanted], environ: Mapping[str, str], folder: str = "."
) -> Iterator[tuple[Listener, Account]]:
    """Give a listener that also gathers what happens, and the account of it; write the reports after the block.

    `folder` is where the project is in its repository. The caller puts the failures of the command into the account;
    one that leaves the block is put there too.
    """
    from devkit.report.account import Account

    account = Account(folder=folder)

    def both(event: Event) -> None:
        account.hear(event)
        listener(event)

    with ExitStack() as files:
        opened = [(report, files.enter_context(_opened(report.path))) for report in wanted]
        try:
            yield both, account
        except BaseException as problem:
            if isinstance(problem, DevkitError):
                account.errors.append(problem)
            with suppress(DevkitError):  # what went wrong first is what is told
                _write(opened, account, environ)
            raise
        _write(opened, account, environ)


def _write(opened: Sequence[tuple[Wanted, IO[str]]], account: Account, environ: Mapping[str, str]) -> None:
    if environ.get("GITHUB_ACTIONS") == "true":
        _tell_github(account, environ)
    for report, file in opened:
        _put(file, report.path, _writer(report.kind)(account))


def _tell_github(account: Account, environ: Mapping[str, str]) -> None:
    from devkit.report.github import step_summary, workflow_commands

    sys.stderr.write("".join(f"{line}\n" for line in workflow_commands(account)))
    sys.stderr.flush()
    path = environ.get("GITHUB_STEP_SUMMARY", "")
    if path and (account.tasks or account.errors or account.findings):
        try:
            with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(step_summary(account))
        except OSError as problem:  # the runner's own file: nobody can name another one
            sys.stderr.write(f"::warning title=devkit::the summary cannot be written: {problem.strerror}\n")


def _writer(kind: str) -> Callable[[Account], str]:
    if kind == "junit":
        from devkit.report.junit import junit_report

        return junit_report
    from devkit.report.sarif import sarif_report

    return sarif_report


@contextmanager
def _opened(path: str) -> Iterator[IO[str]]:
    try:
        file = open(path, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115 - closed below
    except OSError as problem:
        raise _unwritable(path, problem) from problem
    with file:
        yield file


def _put(file: IO[str], path: str, text: str) -> None:
    try:
        file.write(text)
        file.flush()
    except OSError as problem:
        raise _unwritable(path, problem) from problem


def _unwritable(path: str, problem: OSError) -> DevkitError:
    message = f"the report cannot be written: {problem.strerror}"
    return DevkitError(IO_FAILED, message, place=Place(path=path), help="name another file")
