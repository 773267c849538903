"""The answers that a shell's completion asks for: from the table and the index, without importing any plugin."""

from devkit.cli.table import COMMANDS, OPTIONS
from devkit.cli.words import read_request, split_option
from devkit.host.index import last_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from devkit.cli.words import Request
    from devkit.host.entries import IndexedPlugin

SHELLS = ("bash", "zsh", "fish")
_ANSWERS = "answers"
_Choice = tuple[str, str]

_VALUES = {
    "--color": "@colors",
    "--plugin": "@plugins",
    "-p": "@plugins",
    "--template": "@templates",
    "--without": "@stages",
    "--only": "@stages",
}
"""The lists that the values of options come from; the values of all others are left to the shell."""


def completion_answer(request: "Request") -> str | None:
    """Return a shell's script or the answer to it, one choice per line; `None` when neither was asked for."""
    first, *more = request.rest
    if first == _ANSWERS:
        return "".join(
            f"{value}\t{summary}\n" for value, summary in choices(more[1:] if more[:1] == ["--"] else more)
        )
    if first not in SHELLS or more or request.is_json:
        return None
    from devkit.cli.scripts import SCRIPTS

    return SCRIPTS[first]


def choices(words: "Sequence[str]") -> list[_Choice]:
    """Return what the last of the words after `devkit` may become, each with a summary."""
    *before, current = words or [""]
    request = read_request(before)
    return [choice for choice in _offered(request, before, current) if choice[0].startswith(current)]


def _offered(request: "Request", before: "Sequence[str]", current: str) -> "Iterable[_Choice]":
    last = before[-1] if before else ""
    option, _, is_attached = split_option(last)
    if last in _VALUES or (option is not None and option.value and not is_attached):
        return _listed(_VALUES.get(last, ""), request)
    if "--" in before:
        return ()
    if current.startswith("-"):
        return _options(request.command)
    if request.command:
        return _words_of(request)
    own = [(name, command.summary) for name, command in COMMANDS.items() if not command.is_hidden]
    return [*own, *((each.name, each.summary) for plugin in _plugins(request) for each in plugin.commands)]


def _words_of(request: "Request") -> "Iterator[_Choice]":
    command = COMMANDS.get(request.command)
    is_first = not [word for word in request.rest if not word.startswith("-")]
    for word in command.words if command else ():
        if word.startswith("@"):
            yield from _listed(word, request)
        elif is_first:
            yield word, ""


def _options(command: str) -> "Iterable[_Choice]":
    """Return the options of a command of devkit's own, which takes its module and click, and the global ones."""
    options = {name: option.help for option in OPTIONS for name in option.names if name.startswith("--")}
    if command in COMMANDS:
        from importlib import import_module

        module, _, attribute = COMMANDS[command].target.partition(":")
        for parameter in getattr(import_module(module), attribute).params:
            long = [name for name in parameter.opts if name.startswith("--")]
            options |= dict.fromkeys(long, getattr(parameter, "help", "") or "")
    return options.items()


def _listed(name: str, request: "Request") -> "Iterable[_Choice]":
    lists: Mapping[str, Callable[[], Iterable[_Choice]]] = {
        "@colors": lambda: [("auto", ""), ("always", ""), ("never", "")],
        "@shells": lambda: [(shell, "") for shell in SHELLS],
        "@plugins": lambda: [(plugin.name, plugin.distribution) for plugin in last_index().plugins],
        "@stages": lambda: [(one.name, one.summary) for plugin in _plugins(request) for one in plugin.stages],
        "@templates": lambda: [(one.name, one.summary) for plugin in _plugins(request) for one in plugin.templates],
    }
    return lists[name]() if name in lists else ()


def _plugins(request: "Request") -> "Iterator[IndexedPlugin]":
    return last_index().chosen(request.selection)
