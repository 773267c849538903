"""Global options, accepted before and after the name of a command, and the door into a session."""

from __future__ import annotations

import functools
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from devkit.api.clicking import GIVEN, WORDS, CommandClass, GroupClass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from devkit.api.result import Result
    from devkit.report.account import Account
    from devkit.report.console import Console
    from devkit.report.events import Listener
    from devkit.session.options import Options
    from devkit.session.session import Session

Command, Group = CommandClass, GroupClass
SESSION = "session"


def collected_options(shared: dict[str, Any]) -> Options:
    """Return the global options collected so far in what the contexts of an invocation share."""
    from devkit.session.options import Options

    given = shared.get(GIVEN, {})
    is_automatic = bool(os.environ.get("CI")) or not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())
    return Options(
        directory=given.get("start", "."),
        verbosity=-1 if given.get("quiet") else given.get("verbose", 0),
        is_json=given.get("is_json", False),
        events=given.get("events", ""),
        reports=given.get("reports", ()),
        assume_yes=given.get("yes", False),
        is_interactive=not (given.get("non_interactive") or is_automatic),
        is_offline=given.get("offline", False),
        color=given.get("color", "auto"),
        no_plugins=given.get("no_plugins", False),
        plugins=given.get("plugins", ()),
    )


def console_for(options: Options) -> Console:
    """Return the console that the options ask for."""
    from devkit.report.console import Console

    return Console(verbosity=options.verbosity, is_json=options.is_json, color=options.color)


def _listener(console: Console, options: Options) -> AbstractContextManager[Listener]:
    if not options.events:
        return nullcontext(console)
    from devkit.report.jsonlines import told_to

    return told_to(console, os.path.join(options.directory, options.events))


def _reporting(tell: Listener, options: Options) -> AbstractContextManager[tuple[Listener, Account | None]]:
    if not options.reports and os.environ.get("GITHUB_ACTIONS") != "true":
        return nullcontext((tell, None))
    from pathlib import Path

    from devkit.project.root import from_top
    from devkit.report.reports import reporting, wanted_reports

    folder = from_top(Path(os.path.abspath(options.directory)))
    return reporting(tell, wanted_reports(options.reports, options.directory), os.environ, folder)


def with_session(function: Callable[..., Result]) -> Callable[..., int]:
    """Give a command its session, show its answer, and return the exit code."""

    @functools.wraps(function)
    def command(*args: Any, **values: Any) -> int:
        return answered(lambda session: function(session, *args, **values))

    return command


def answered(function: Callable[[Session], Result]) -> int:
    """Open a session, show what the function answers, and return the exit code."""
    from devkit.session.rescues import tell_of_killed_hooks
    from devkit.session.session import Session

    shared = click.get_current_context().obj
    options = collected_options(shared)
    console = console_for(options)
    with _listener(console, options) as tell, _reporting(tell, options) as (hear, account):
        session = Session(options, hear)
        shared[SESSION] = session
        tell_of_killed_hooks(session)
        result = function(session)
        console.answer(result)
        if account is not None:
            account.errors += [error for error in (result.error, *result.further) if error is not None]
    return result.exit


def plugin_runner(plugin: str) -> Callable[..., int]:
    """Return what runs the commands of a plugin: see `devkit.api.with_context`."""

    def run(function: Callable[..., Result], args: Sequence[Any], values: Mapping[str, Any]) -> int:
        from devkit.session.commanding import ProjectCommandContext

        def answer(session: Session) -> Result:
            return function(ProjectCommandContext(session, plugin), *args, **values)

        return answered(answer)

    return run


def after_dashes() -> tuple[str, ...]:
    """Return the words after `--` on the command line that is being run."""
    words = click.get_current_context().obj[WORDS]
    return tuple(words[words.index("--") + 1 :]) if "--" in words else ()


def warm_result(schema: str, lines: Sequence[str]) -> Result:
    """Return an answer that was kept from an earlier run, for people only."""
    from devkit.api.result import Result

    return Result(schema=schema, lines=lines)
