"""The stages of a Dockerfile: the base that each is made from, with the defaults of the arguments in its name."""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .dockerfile_text import Instruction

_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\})")
_WITH_NAME = 3


class Stage:
    """A stage: the line of its FROM, its base, its name, and its instructions."""

    __slots__ = ("base", "instructions", "line", "name")

    def __init__(self, line: int, base: str, name: str) -> None:
        self.line, self.base, self.name = line, base, name
        self.instructions: list[Instruction] = []


def stages(instructions: "Sequence[Instruction]") -> list[Stage]:
    """Return the stages in order."""
    defaults: dict[str, str] = {}
    found: list[Stage] = []
    for each in instructions:
        words = each.words()
        if each.name == "FROM" and words:
            has_name = len(words) >= _WITH_NAME and words[1].upper() == "AS"
            found.append(Stage(each.line, _filled(words[0], defaults), words[2] if has_name else ""))
        elif found:
            found[-1].instructions.append(each)
        elif each.name == "ARG":
            defaults |= dict(word.split("=", 1) for word in words if "=" in word)
    return found


def _filled(name: str, defaults: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        default = defaults.get(match[1] or match[2], match[3] or "")
        return default.strip("\"'") or match[0]

    return _VARIABLE.sub(value, name.strip("\"'"))
