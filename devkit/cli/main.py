"""The command line: a group whose commands are loaded when they are invoked, and the door for failures."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from signal import SIGTERM
from typing import TYPE_CHECKING, Any

import click

from devkit.api.clicking import CONTEXT_SETTINGS, RUNNER, WORDS, global_options, take_global_options
from devkit.cli.options import SESSION, collected_options, console_for, plugin_runner
from devkit.cli.table import COMMANDS
from devkit.errors import (
    INTERRUPTED,
    IO_FAILED,
    NO_PERMISSION,
    PLUGIN_FAILED,
    UNKNOWN_NAME,
    USAGE,
    DevkitError,
    Place,
    did_you_mean,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLUGIN = "plugin"
_IS_THE_END = "is_the_end"
_UNKNOWN_STATE = "unknown; `devkit status` looks"


class LazyGroup(click.Group):
    """The commands of the table and of plugins, each imported when it is the one invoked."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the core commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name in COMMANDS:
            found: click.Command = _load(COMMANDS[cmd_name].target)
            return found
        return self._plugin_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        if self.get_command(ctx, args[0]) is None:
            help_text = _meant(args[0])
            raise DevkitError(UNKNOWN_NAME, f"there is no command `{args[0]}`", help=help_text)
        return super().resolve_command(ctx, args)

    def _plugin_command(self, ctx: click.Context, name: str) -> click.Command | None:
        from devkit.host.index import find_command
        from devkit.host.selection import selection

        options = collected_options(ctx.obj)
        chosen = selection(no_plugins=options.no_plugins, names=options.plugins, environ=os.environ)
        found = find_command(name, chosen)
        if found is None:
            return None
        plugin, entry = found
        ctx.obj[_PLUGIN] = f"{plugin.name} {plugin.version}"
        ctx.obj[RUNNER] = plugin_runner(plugin.name)
        command = _plugin_attribute(entry.target, ctx.obj[_PLUGIN])
        take_global_options(command)
        return command


def _meant(word: str) -> str:
    """Return the help for a command that does not exist: a stage is run, else the nearest name may be meant."""
    from devkit.host.index import read_index

    plugins = read_index().plugins
    if any(word == stage.name for plugin in plugins for stage in plugin.stages):
        return f"run the tasks of the stage: devkit run {word}"
    commands = (entry.name for plugin in plugins for entry in plugin.commands)
    return did_you_mean(word, [*COMMANDS, *commands], "devkit --help lists the commands")


cli = LazyGroup(name="devkit", params=[*global_options()], context_settings=CONTEXT_SETTINGS, no_args_is_help=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on `arguments` (those of the process when `None`); return the exit code."""
    from devkit.engine.signals import WATCHED, Interrupted, handling

    is_watched = bool(os.environ.pop(WATCHED, ""))
    words = list(sys.argv[1:] if arguments is None else arguments)
    shared: dict[str, Any] = {WORDS: words}
    try:
        with handling():
            return _invoke(words, shared)
    except Interrupted as interruption:
        if is_watched and interruption.signal == SIGTERM:
            return interruption.kind.exit
        error = DevkitError(interruption.kind, interruption.kind.title, state=interruption.state)
        shared[_IS_THE_END] = interruption.is_the_end
    except DevkitError as failure:
        error = failure
    except BrokenPipeError:
        raise  # the launcher ends quietly
    except OSError as problem:
        error = _io_error(problem)
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - the last door: nobody ever sees a traceback
        error = _defect(problem, shared.get(_PLUGIN, ""))
    return _fail(error, words, shared)


def _invoke(words: list[str], shared: dict[str, Any]) -> int:
    try:
        with cli.make_context("devkit", list(words), obj=shared) as context:
            code = cli.invoke(context)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit as left:  # only the code of a plugin's command leaves like this
        if left.code:
            raise
        return 0
    except click.Abort as stopped:
        raise DevkitError(INTERRUPTED, "stopped at a question") from stopped
    except click.exceptions.NoArgsIsHelpError as problem:
        click.echo(problem.format_message(), err=True)
        return USAGE.exit
    except click.UsageError as problem:
        command = problem.ctx.command_path if problem.ctx else "devkit"
        raise DevkitError(USAGE, problem.format_message(), help=f"{command} --help") from problem
    except click.ClickException as problem:
        raise DevkitError(USAGE, problem.format_message()) from problem


def _fail(error: DevkitError, words: list[str], shared: dict[str, Any]) -> int:
    from msgspec.structs import replace

    options = collected_options(shared)
    if "--json" in words[: words.index("--") if "--" in words else None]:
        options = replace(options, is_json=True)
    with suppress(OSError):  # where nothing can be told any more, the exit code still can
        console = console_for(options)
        if shared.get(_IS_THE_END):
            console.end(error)
        else:
            console.fail(error, _hints(error, shared))
    return error.exit


def _hints(error: DevkitError, shared: dict[str, Any]) -> tuple[str, ...]:
    session = shared.get(SESSION)
    host = session.loaded_host if session else None
    return host.error_hints(error) if host else ()


def _io_error(problem: OSError) -> DevkitError:
    """Return a failure of the system, met where nobody knew more of it."""
    kind = NO_PERMISSION if isinstance(problem, PermissionError) else IO_FAILED
    name = problem.filename2 or problem.filename  # of a renaming, what it was to become
    place = Place(path=str(name)) if name else None
    what = "a file cannot be used" if place else "the output cannot be written"
    help_text = "make the file and its folder writable for you" if place and kind is NO_PERMISSION else ""
    return DevkitError(kind, f"{what}: {problem.strerror}", place=place, help=help_text, state=_UNKNOWN_STATE)


def _defect(problem: BaseException, plugin: str) -> DevkitError:
    from devkit.cli.crash import write_crash_log
    from devkit.errors import DEFECT

    log = write_crash_log(problem)
    what = f"{type(problem).__name__}: {problem}"
    if plugin:
        message = f"plugin {plugin} failed in its command: {what}"
        return DevkitError(PLUGIN_FAILED, message, help=f"details: {log}", state=_UNKNOWN_STATE)
    help_text = f"please report it with the log: {log}"
    return DevkitError(DEFECT, f"devkit failed: {what}", help=help_text, state=_UNKNOWN_STATE)


def _load(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _plugin_attribute(target: str, plugin: str) -> click.Command:
    try:
        found = _load(target)
    except (Exception, SystemExit) as problem:
        message = f"plugin {plugin} failed in its command: {type(problem).__name__}: {problem}"
        raise DevkitError(PLUGIN_FAILED, message) from problem
    if not isinstance(found, click.Command):
        raise DevkitError(PLUGIN_FAILED, f"plugin {plugin} failed in its command: `{target}` is not a click command")
    return found
