"""How a hook begins and ends: options, help, a refusal as a sentence, and an exit code."""

import sys

from .options import Words, read
from .problems import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .report import Finding

HELP = {"--help": False, "-h": False, "--json": False}
_FOOT = """
Exit codes: 0 nothing found, 1 findings, 2 usage or no repository.
"""


def enter(
    name: str, argv: "Sequence[str]", options: "Mapping[str, bool]", about: str, work: "Callable[[Words], int]"
) -> int:
    """Run a hook; return 0 without findings, 1 with some, 2 when it could not be told."""
    try:
        words = read(argv, {**HELP, **options})
        if words.has("--help") or words.has("-h"):
            sys.stdout.write(about + _FOOT)
            return 0
        return work(words)
    except Refusal as refusal:
        sys.stderr.write(f"{name}: {refusal}\n")
        return 2


def ended(findings: "Sequence[Finding]", words: Words) -> int:
    """Tell what was found, where there is something to tell or a document is wanted; return the exit code."""
    if not findings and not words.has("--json"):
        return 0
    from .report import tell

    return tell(findings, is_json=words.has("--json"))


def chosen(words: Words, every: "Sequence[str]") -> set[str]:
    """Return the checks that `--check` and `--skip` leave; refuse one that is not there."""
    wanted, skipped = words.all("--check"), words.all("--skip")
    for name in (*wanted, *skipped):
        if name not in every:
            raise Refusal(f"there is no check {name!r}; there are {', '.join(sorted(every))}")
    return set(wanted or every) - set(skipped)
