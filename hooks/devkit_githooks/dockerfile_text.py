"""The instructions of a Dockerfile, with their lines: continuations, comments, heredocs and parser directives.

Source: the Dockerfile reference of BuildKit.
"""

import re

_WORDS = (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL "
    "USER VOLUME WORKDIR"
)
KNOWN = frozenset(_WORDS.split())
_DIRECTIVE = re.compile(r"#\s*([A-Za-z]+)\s*=\s*(.+?)\s*$")
_HEREDOC = re.compile(r"(?:^|\s)\d*<<-?(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1")
_WITH_HEREDOC = frozenset({"RUN", "COPY", "ADD"})


class Instruction:
    """An instruction: its first and last line from 1 on, its name in capitals, and what stands after it."""

    __slots__ = ("last", "line", "name", "rest")

    def __init__(self, line: int, last: int, name: str, rest: str) -> None:
        self.line, self.last, self.name, self.rest = line, last, name, rest

    def words(self) -> list[str]:
        """Return the words after the name, without the flags before them."""
        words = self.rest.split()
        while words and words[0].startswith("--"):
            del words[0]
        return words

    def has_flag(self, name: str) -> bool:
        """Return whether a flag is given."""
        return any(word.partition("=")[0] == name for word in self.rest.split() if word.startswith("--"))


def directives(lines: list[str]) -> dict[str, str]:
    """Return the parser directives, which stand before everything else."""
    found: dict[str, str] = {}
    for line in lines:
        match = _DIRECTIVE.match(line.strip())
        if not match:
            break
        found.setdefault(match[1].lower(), match[2])
    return found


def read(text: str) -> list[Instruction]:
    """Return the instructions of a Dockerfile."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    escape = directives(lines).get("escape", "\\")
    found, position = [], 0
    while position < len(lines):
        if _is_blank(lines[position]):
            position += 1
            continue
        first = position
        parts, position = _gather(lines, position, escape)
        name, _, rest = " ".join(parts).strip().partition(" ")
        position = _skip_heredocs(lines, position, rest) if name.upper() in _WITH_HEREDOC else position
        found.append(Instruction(first + 1, position, name.upper(), rest.strip()))
    return found


def _is_blank(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _gather(lines: list[str], position: int, escape: str) -> tuple[list[str], int]:
    """Return the parts of a continued line, and where the next begins; comments and empty lines may stand between."""
    parts: list[str] = []
    while position < len(lines):
        line = lines[position].replace("\t", " ").rstrip()
        position += 1
        if parts and _is_blank(line):
            continue
        is_continued = line.endswith(escape)
        parts.append(line.removesuffix(escape) if is_continued else line)
        if not is_continued:
            break
    return parts, position


def _skip_heredocs(lines: list[str], position: int, rest: str) -> int:
    """Return where the text after the heredocs begins; one that does not end is no heredoc."""
    for match in _HEREDOC.finditer(rest):
        ends = (at for at in range(position, len(lines)) if lines[at].strip("\t") == match[2])
        position = next(ends, position - 1) + 1
    return position
