"""Reading the arguments of a hook by hand: argparse would take longer than all the checks of a commit."""

from .problems import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Words:
    """What was said on the command line: values by option, and the rest."""

    __slots__ = ("names", "values")

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.names: list[str] = []

    def has(self, option: str) -> bool:
        """Return whether the option was given."""
        return option in self.values

    def all(self, option: str) -> list[str]:
        """Return every value of an option; values may be joined by commas."""
        return [each for value in self.values.get(option, ()) for each in value.split(",") if each]

    def last(self, option: str, default: str = "") -> str:
        """Return the last value of an option."""
        return self.values.get(option, [default])[-1]

    def number(self, option: str, default: int) -> int:
        """Return the last value of an option as a whole number."""
        value = self.last(option, str(default))
        if not (value.isascii() and value.isdigit()):
            raise Refusal(f"{option} wants a number, not {value!r}")
        return int(value)


def read(argv: "Sequence[str]", options: "Mapping[str, bool]") -> Words:
    """Return what `argv` says; `options` tells of each option whether it takes a value."""
    words, rest = Words(), list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words.names += rest
            break
        if word.startswith("-") and word != "-":
            _read_option(word, rest, options, words)
        else:
            words.names.append(word)
    return words


def _read_option(word: str, rest: list[str], options: "Mapping[str, bool]", words: Words) -> None:
    name, has_value, value = word.partition("=")
    if name not in options:
        raise Refusal(f"there is no option {name!r}; see --help")
    if options[name] and not has_value:
        if not rest:
            raise Refusal(f"{name} wants a value")
        value = rest.pop(0)
    elif has_value and not options[name]:
        raise Refusal(f"{name} takes no value")
    words.values.setdefault(name, []).append(value)
