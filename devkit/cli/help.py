"""The help of the command line, from the table and the index, at the width of the terminal."""

import os

from devkit.cli.installed import installed
from devkit.cli.table import COMMANDS, OPTIONS, SECTIONS
from devkit.host.entries import OWN_DISTRIBUTION
from devkit.host.index import refuse_unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.cli.table import GlobalOption
    from devkit.cli.words import Request
    from devkit.host.entries import IndexedPlugin

_INTRODUCTION = (
    "devkit carries a repository through the whole DevOps cycle: scaffold, env, hooks, test, build, deploy, observe, "
    "feedback."
)
_USAGE = "Usage: devkit [OPTIONS] COMMAND [ARGUMENTS]..."
_CLOSING = "`devkit COMMAND --help` tells more of a command."
_WIDTH = 80
_WIDEST = 110
_WIDEST_NAME = 26
_NARROWEST_TEXT = 24

_Rows = list[tuple[str, str]]


def help_answer(request: "Request") -> str:
    """Return the help for a request; UNKNOWN_NAME when it names a plugin that is not here."""
    selection = request.selection
    index = installed(selection)
    refuse_unknown(selection, {plugin.name for plugin in index.plugins})
    text = help_text(list(index.chosen(selection)), terminal_width())
    if request.is_json:
        import json

        return json.dumps({"schema": "devkit.help/1", "text": text, "error": None}) + "\n"
    return text


def help_text(plugins: "Sequence[IndexedPlugin]", width: int) -> str:
    """Return the help with the commands and stages of these plugins, in lines of at most `width` characters."""
    lines = [*_wrapped(_INTRODUCTION, width), "", *_wrapped(_USAGE, width)]
    lines += _section_lines([(title, rows) for title, rows in _sections(plugins) if rows], width)
    lines += _section_lines([("Options for every command", [_option_row(option) for option in OPTIONS])], width)
    return "\n".join([*lines, "", *_wrapped(_CLOSING, width), ""])


def terminal_width() -> int:
    """Return the width to write in: COLUMNS, or that of the terminal, but no more than is comfortable to read."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return min(int(columns), _WIDEST)
    try:
        return min(os.get_terminal_size(1).columns or _WIDTH, _WIDEST)
    except OSError:  # not a terminal
        return _WIDTH


def _sections(plugins: "Sequence[IndexedPlugin]") -> "Iterator[tuple[str, _Rows]]":
    for title in SECTIONS:
        commands = ((name, one) for name, one in COMMANDS.items() if one.section == title and not one.is_hidden)
        yield title, [(name, command.summary) for name, command in commands]
    own = [plugin for plugin in plugins if plugin.distribution == OWN_DISTRIBUTION]
    others = [plugin for plugin in plugins if plugin.distribution != OWN_DISTRIBUTION]
    yield "Go round the cycle", [(entry.name, entry.summary) for plugin in own for entry in plugin.commands]
    yield (
        "Commands of plugins",
        [(entry.name, f"{entry.summary} [{plugin.name}]") for plugin in others for entry in plugin.commands],
    )
    yield "Stages", [(entry.name, entry.summary) for plugin in plugins for entry in plugin.stages]
    yield "Plugins left out", [(plugin.name, plugin.error) for plugin in plugins if plugin.error]


def _section_lines(sections: "Sequence[tuple[str, _Rows]]", width: int) -> "Iterator[str]":
    """Yield the lines of sections, with the texts of all of them beginning at one column."""
    column = min(_WIDEST_NAME, max(len(name) for _, rows in sections for name, _ in rows)) + 4
    longest_name = column - 3
    longest_text = width - column if width - column >= _NARROWEST_TEXT else -1
    for title, rows in sections:
        yield from ("", f"{title}:")
        for name, text in rows:
            if len(name) <= longest_name and len(text) <= longest_text:
                yield "  " + name.ljust(column - 2) + text
            else:
                yield from _row(name, text, column, width)


def _option_row(option: "GlobalOption") -> tuple[str, str]:
    names = option.names
    spelled = ", ".join(names) if names[0][1] != "-" else f"    {names[0]}"
    return f"{spelled} {option.value}".rstrip(), option.help


def _row(name: str, text: str, column: int, width: int) -> "Iterator[str]":
    """Yield the lines of a name and its text: side by side where there is room, else one below the other."""
    needed = max(_NARROWEST_TEXT, *map(len, text.split()), 0)
    is_beside = width - column >= needed and len(name) < column - 2
    indent = column if width - column >= needed else 4
    first, *rest = _wrapped(text, max(width - indent, 10)) or [""]
    if is_beside:
        yield f"  {name:<{column - 2}}{first}".rstrip()
    else:
        yield f"  {name}"
        yield " " * indent + first
    yield from (" " * indent + line for line in rest)


def _wrapped(text: str, width: int) -> list[str]:
    """Return the words of a text in lines; textwrap would import `re`."""
    if len(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".lstrip()
    return [*lines, line]
