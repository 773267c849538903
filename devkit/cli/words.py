"""What a command line asks for, as far as help and completion need to know; click parses all the rest."""

import os

from devkit.cli.table import OPTIONS
from devkit.host.selection import selection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.cli.table import GlobalOption
    from devkit.host.selection import Selection

_OPTIONS = {name: option for option in OPTIONS for name in option.names}


class Request:
    """A command line: its wish ("version", "help", "completion" or none), and what comes before the command.

    `command` is the first word that is no option, at `position`, and `rest` all that follows it.
    """

    __slots__ = ("command", "is_json", "no_plugins", "plugins", "position", "rest", "wish")

    def __init__(self) -> None:
        self.wish = ""
        self.command = ""
        self.position = 0
        self.rest: Sequence[str] = ()
        self.is_json = False
        self.no_plugins = False
        self.plugins: list[str] = []

    @property
    def selection(self) -> "Selection":
        """The choice of plugins that the options and the environment make."""
        return selection(no_plugins=self.no_plugins, names=self.plugins, environ=os.environ)


def read_request(words: "Sequence[str]") -> Request:
    """Return what the words ask for; options are read up to the command, and not understood ones end the reading."""
    request = Request()
    if not words:
        request.wish = "help"
    while request.position < len(words) and not request.wish:
        word = words[request.position]
        if not word.startswith("-") or word == "-":
            _take_command(request, words)
            break
        option, value, is_attached = split_option(word)
        if option is None:
            break
        request.position += 1
        if option.value and not is_attached:
            if request.position == len(words):
                break
            value = words[request.position]
            request.position += 1
        _take_option(request, option, value)
    request.is_json = request.is_json or bool(request.wish and "--json" in words[request.position :])
    return request


def split_option(word: str) -> "tuple[GlobalOption | None, str, bool]":
    """Return the global option of a word, the value that is attached to it, and whether one is."""
    name, equals, value = word.partition("=")
    option = _OPTIONS.get(name)
    if word.startswith("--"):
        return (option if option is None or option.value or not equals else None), value, bool(equals)
    option = _OPTIONS.get(word[:2])
    if option is not None and len(word) > 2 and not option.value:  # noqa: PLR2004 - such as -qv: click takes it apart
        return None, "", False
    return option, word[2:], len(word) > 2  # noqa: PLR2004 - such as -pNAME


def _take_option(request: Request, option: "GlobalOption", value: str) -> None:
    name = option.names[-1]
    if name in {"--version", "--help"}:
        request.wish = name[2:]
    elif name == "--plugin":
        request.plugins.append(value)
    elif name == "--no-plugins":
        request.no_plugins = True
    elif name == "--json":
        request.is_json = True


def _take_command(request: Request, words: "Sequence[str]") -> None:
    request.command = words[request.position]
    request.rest = words[request.position + 1 :]
    if request.command == "completion" and request.rest:
        request.wish = "completion"
