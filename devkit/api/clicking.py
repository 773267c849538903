"""Click commands as devkit's own are made: with the global options, a context, and a result as their answer."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.api.result import Result

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}
GIVEN = "options"
"""Where the contexts of an invocation share the global options that were given."""
RUNNER = "runner"
"""Where they share what runs a plugin's command: a function of the command, its arguments and its values."""

WORDS = "words"
"""Where they share the words of the command line."""


def command_words() -> list[str]:
    """Return the words of the command line of this invocation."""
    words: list[str] = click.get_current_context().obj[WORDS]
    return words


def words_without(option: str) -> list[str]:
    """Return the words of the command line of this invocation without an option that takes no value."""
    words = command_words()
    own = words.index("--") if "--" in words else len(words)
    return [word for at, word in enumerate(words) if word != option or at > own]


def _collect(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    collected: dict[str, Any] = context.obj.setdefault(GIVEN, {})
    if value not in (None, False, (), 0):
        name = str(parameter.name)
        is_additive = isinstance(value, (tuple, int)) and not isinstance(value, bool) and name in collected
        collected[name] = collected[name] + value if is_additive else value


def _option(*names: str, **settings: Any) -> click.Option:
    return click.Option([*names], expose_value=False, callback=_collect, **settings)


def global_options() -> list[click.Option]:
    """Return the options that every command takes."""
    return [
        _option("-C", "--directory", "start", metavar="DIR", help="Work in DIR."),
        _option("-q", "--quiet", is_flag=True, help="Print only failures."),
        _option("-v", "--verbose", count=True, help="Print more; may be repeated."),
        _option("--json", "is_json", is_flag=True, help="Print one JSON document."),
        _option("--events", metavar="FILE", help="Write what happens to FILE, as JSON lines."),
        _option(
            "--report",
            "reports",
            multiple=True,
            metavar="KIND=FILE",
            help="Write a report: junit=FILE or sarif=FILE.",
        ),
        _option("-y", "--yes", is_flag=True, help="Take defaults and confirm."),
        _option("--non-interactive", is_flag=True, help="Never ask."),
        _option("--offline", is_flag=True, help="Do not use the network."),
        _option("--color", type=click.Choice(["auto", "always", "never"]), help="When to colour."),
        _option("--no-plugins", is_flag=True, help="Leave third-party plugins out."),
        _option(
            "-p", "--plugin", "plugins", multiple=True, metavar="NAME", help="Use only this plugin; may be repeated."
        ),
    ]


def is_global(parameter: click.Parameter) -> bool:
    """Whether a parameter is one of the global options."""
    return parameter.callback is _collect


def take_global_options(command: click.Command) -> None:
    """Give a command, and all below it, the global options that it has no options of its own for."""
    taken = {name for parameter in command.params for name in parameter.opts}
    if not any(is_global(parameter) for parameter in command.params):
        command.params += [option for option in global_options() if not taken.intersection(option.opts)]
    if isinstance(command, click.Group):
        for below in command.commands.values():
            take_global_options(below)


class CommandClass(click.Command):
    """A command that takes the global options after its own."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params = [*self.params, *global_options()]
        self.context_settings = {**CONTEXT_SETTINGS, **self.context_settings}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the command's own options, then the global ones in a section of their own."""
        _write_options(self, ctx, formatter, shared=False)
        _write_options(self, ctx, formatter, shared=True)


def _write_options(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter, *, shared: bool
) -> None:
    """Write the section of a command's own options, or that of the global ones."""
    options = [
        each for each in command.get_params(context) if isinstance(each, click.Option) and is_global(each) is shared
    ]
    records = [record for option in options if (record := option.get_help_record(context)) is not None]
    if records:
        with formatter.section("Global options" if shared else "Options"):
            formatter.write_dl(records)


class GroupClass(click.Group):
    """A command with commands below it, each taking the global options."""

    command_class = CommandClass

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.context_settings = {**CONTEXT_SETTINGS, **self.context_settings}

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the group's own options, the commands, and then the global options."""
        _write_options(self, ctx, formatter, shared=False)
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter, shared=True)


def with_context(function: Callable[..., Result]) -> Callable[..., int]:
    """Give a command of a plugin a `CommandContext` as its first argument, and show the `Result` that it returns.

    >>> import click
    >>> from devkit.api import CommandClass, Result, with_context
    >>> @click.command(cls=CommandClass)
    ... @with_context
    ... def audit(context):
    ...     return Result(schema="acme.audit/1", lines=[f"{context.root.name} is fine"])
    """

    @functools.wraps(function)
    def command(*args: Any, **values: Any) -> int:
        code: int = click.get_current_context().obj[RUNNER](function, args, values)
        return code

    return command
