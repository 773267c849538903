"""Global options, accepted before and after the name of a command, and the door into a session."""

from __future__ import annotations

import functools
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from devkit.report.console import Console
    from devkit.report.events import Listener
    from devkit.report.result import Result
    from devkit.session.options import Options
    from devkit.session.session import Session

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}
WORDS = "words"
SESSION = "session"
_GIVEN = "options"


def _collect(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    collected: dict[str, Any] = context.obj.setdefault(_GIVEN, {})
    if value not in (None, False, (), 0):
        name = str(parameter.name)
        is_additive = isinstance(value, (tuple, int)) and not isinstance(value, bool) and name in collected
        collected[name] = collected[name] + value if is_additive else value


def _option(*names: str, **settings: Any) -> click.Option:
    return click.Option([*names], expose_value=False, callback=_collect, **settings)


def global_options() -> list[click.Parameter]:
    """Return the options that every command takes."""
    return [
        _option("-C", "--directory", "start", metavar="DIR", help="Work in DIR."),
        _option("-q", "--quiet", is_flag=True, help="Print only failures."),
        _option("-v", "--verbose", count=True, help="Print more; may be repeated."),
        _option("--json", "is_json", is_flag=True, help="Print one JSON document."),
        _option("--events", metavar="FILE", help="Write what happens to FILE, as JSON lines."),
        _option("-y", "--yes", is_flag=True, help="Take defaults and confirm."),
        _option("--non-interactive", is_flag=True, help="Never ask."),
        _option("--offline", is_flag=True, help="Do not use the network."),
        _option("--color", type=click.Choice(["auto", "always", "never"]), help="When to colour."),
        _option("--no-plugins", is_flag=True, help="Leave third-party plugins out."),
        _option(
            "-p", "--plugin", "plugins", multiple=True, metavar="NAME", help="Use only this plugin; may be repeated."
        ),
    ]


class Command(click.Command):
    """A command that takes the global options after its own."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params = [*self.params, *global_options()]
        self.context_settings = {**CONTEXT_SETTINGS, **self.context_settings}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the command's own options, then the global ones in a section of their own."""
        own: list[tuple[str, str]] = []
        shared: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                (shared if parameter.callback is _collect else own).append(record)
        for title, records in (("Options", own), ("Global options", shared)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Group(click.Group):
    """A command with commands below it, each taking the global options."""

    command_class = Command

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.context_settings = {**CONTEXT_SETTINGS, **self.context_settings}


def collected_options(shared: dict[str, Any]) -> Options:
    """Return the global options collected so far in what the contexts of an invocation share."""
    from devkit.session.options import Options

    given = shared.get(_GIVEN, {})
    is_automatic = bool(os.environ.get("CI")) or not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())
    return Options(
        directory=given.get("start", "."),
        verbosity=-1 if given.get("quiet") else given.get("verbose", 0),
        is_json=given.get("is_json", False),
        events=given.get("events", ""),
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

    return told_to(console, options.events)


def with_session(function: Callable[..., Result]) -> Callable[..., int]:
    """Give a command its session, show its answer, and return the exit code."""

    @functools.wraps(function)
    def command(*args: Any, **values: Any) -> int:
        from devkit.session.session import Session

        shared = click.get_current_context().obj
        options = collected_options(shared)
        console = console_for(options)
        with _listener(console, options) as tell:
            session: Session = Session(options, tell)
            shared[SESSION] = session
            result = function(session, *args, **values)
            console.answer(result)
        return result.exit

    return command


def after_dashes() -> tuple[str, ...]:
    """Return the words after `--` on the command line that is being run."""
    words = click.get_current_context().obj[WORDS]
    return tuple(words[words.index("--") + 1 :]) if "--" in words else ()


def warm_result(schema: str, lines: Sequence[str]) -> Result:
    """Return an answer that was kept from an earlier run, for people only."""
    from devkit.report.result import Result

    return Result(schema=schema, lines=lines)
