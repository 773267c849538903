"""Writes docs/reference from the code: commands, hooks, configuration, errors. `--check` only compares."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from devkit.api import hooks
from devkit.cli.main import cli
from devkit.cli.options import Command
from devkit.config.core import CoreSettings
from devkit.errors import KINDS
from devkit.host.host import Host
from devkit.host.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Made from the code by `python docs/generate.py`; edit the code instead. -->\n"


def main() -> int:
    """Write the reference, or with `--check` say what is out of date; return the exit code."""
    pages = {"cli.md": commands(), "hooks.md": specifications(), "configuration.md": tables(), "errors.md": errors()}
    stale = [name for name, text in pages.items() if _current(name) != text]
    if "--check" not in sys.argv:
        REFERENCE.mkdir(exist_ok=True)
        for name in stale:
            (REFERENCE / name).write_text(pages[name], "utf-8")
        return 0
    for name in stale:
        sys.stderr.write(f"docs/reference/{name} is out of date: python docs/generate.py\n")
    return 1 if stale else 0


def commands() -> str:
    """Return the reference of the command line."""
    context = click.Context(cli, info_name="devkit", obj={}, max_content_width=100, terminal_width=100)
    parts = ["# Commands\n", NOTE, "Every command also takes the global options.\n", _options(cli, context)]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is not None:
            parts += _command(command, f"devkit {name}", context)
    return "\n".join(parts)


def specifications() -> str:
    """Return the reference of the hooks, in the order of the lifecycle."""
    parts = ["# Hooks\n", NOTE, inspect.getdoc(hooks) or "", ""]
    for name, function in vars(hooks).items():
        if name.startswith("devkit_") and callable(function):
            text, _, example = (inspect.getdoc(function) or "").partition("\n\n>>> ")
            parts += [f"## `{name}{inspect.signature(function)}`\n", text, "", f"```pycon\n>>> {example}\n```\n"]
    return "\n".join(parts)


def tables() -> str:
    """Return the reference of the configuration: devkit's own keys, then each built-in stage's."""
    parts = ["# Configuration\n", NOTE, "## `[tool.devkit]`\n", *_rows(CoreSettings)]
    for owned in Host.load(Selection(disabled=True)).settings():
        parts += [f"## `[tool.devkit.{owned.value.table}]`\n", *_rows(owned.value.type)]
    return "\n".join(parts)


def errors() -> str:
    """Return the reference of error codes."""
    parts = ["# Errors\n", NOTE, "| code | exit | what | meaning |", "| --- | --- | --- | --- |"]
    parts += [f"| {kind.code} | {kind.exit} | {kind.title} | {kind.explanation} |" for kind in KINDS.values()]
    return "\n".join(parts) + "\n"


def _command(command: click.Command, path: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=path.rsplit(maxsplit=1)[-1])
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## `{path}`\n"
    yield f"    {path} {usage}\n"
    yield inspect.cleandoc(command.help or "") + "\n"
    yield _options(command, context)
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _command(below, f"{path} {name}", context)


def _options(command: click.Command, context: click.Context) -> str:
    shared = {parameter.name for parameter in Command(None).params} if command is not cli else set()
    records = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option)
        and parameter.name not in shared
        and (record := parameter.get_help_record(context)) is not None
    ]
    if not records:
        return ""
    return "\n".join(
        ["| option | |", "| --- | --- |", *(f"| `{_bar(name)}` | {_bar(text)} |" for name, text in records), ""]
    )


def _bar(text: str) -> str:
    return text.replace("|", "\\|")


def _rows(settings: type) -> Iterator[str]:
    yield "| key | default | |\n| --- | --- | --- |"
    for field in dataclasses.fields(settings):
        default = field.default if field.default is not dataclasses.MISSING else {}
        yield f"| `{field.name.replace('_', '-')}` | `{default}` | {field.metadata.get('help', '')} |"
    yield ""


def _current(name: str) -> str | None:
    path = REFERENCE / name
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    raise SystemExit(main())
