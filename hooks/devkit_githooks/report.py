"""Findings, and how they are told."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Finding:
    """What is wrong where, and the command that mends it."""

    __slots__ = ("can_mend", "check", "is_warning", "line", "mend", "path", "what")

    def __init__(
        self,
        check: str,
        path: bytes,
        line: int,
        what: str,
        mend: str = "",
        *,
        is_warning: bool = False,
        can_mend: bool = False,
    ) -> None:
        self.check, self.path, self.line = check, path, line
        self.what, self.mend, self.is_warning, self.can_mend = what, mend, is_warning, can_mend


def tell(findings: "Sequence[Finding]", *, is_json: bool) -> int:
    """Print the findings; return 1 when one of them is more than a warning."""
    ordered = sorted(findings, key=lambda each: (each.path, each.line, each.check))
    if is_json:
        _write(_document(ordered))
    else:
        _write("".join(f"{_sentence(each)}\n" for each in ordered))
    return 1 if any(not each.is_warning for each in ordered) else 0


def _sentence(finding: Finding) -> str:
    what = f"warning: {finding.what}" if finding.is_warning else finding.what
    mend = f"; {escaped(finding.mend)}" if finding.mend else ""
    return f"{shown(finding.path)}:{finding.line}: {escaped(what)}{mend}"


def _document(findings: list[Finding]) -> str:
    import json

    rows = [
        {
            "check": each.check,
            "severity": "warning" if each.is_warning else "error",
            "path": shown(each.path),
            "line": each.line,
            "message": escaped(each.what),
            "help": escaped(each.mend),
        }
        for each in findings
    ]
    return json.dumps({"schema": "devkit.hook-findings/1", "findings": rows}, indent=2) + "\n"


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def shown(path: bytes) -> str:
    """Return a file name that is safe to print."""
    return escaped(os.fsdecode(path))


def escaped(text: str) -> str:
    """Return a text without control characters, bidirectional ones included."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode() for sign in text
    )


def edited(path: bytes, advice: str) -> str:
    """Return what to do about a finding that a person has to mend: the advice, and the command after it."""
    return f"{advice}; then: git add {quoted(path)}"


def quoted(path: bytes) -> str:
    """Return a file name as a word of a shell that no command takes for an option."""
    name = os.fsdecode(b"./" + path if path.startswith(b"-") else path)
    if not name.isprintable():
        return "$'" + escaped(name.replace("\\", "\\\\").replace("'", "\\'")).replace("\\udc", "\\x") + "'"
    is_word = all(sign.isalnum() or sign in "/._-+@:,=" for sign in name)
    return name if is_word else "'" + name.replace("'", "'\\''") + "'"


def own_command(name: str) -> str:
    """Return how this very script can be started again: by its name where that is on the search path."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders if folder):
        return name
    path = os.path.join(os.path.dirname(sys.executable), name)
    return quoted(os.fsencode(path)) if os.access(path, os.X_OK) else name
