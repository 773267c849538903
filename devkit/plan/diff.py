"""What a change looks like: a unified diff."""

from __future__ import annotations


def unified(path: str, before: bytes | None, after: bytes | None) -> str:
    """Return the unified diff of two contents (`None`: no file), or a sentence when one is not text."""
    import difflib

    try:
        old, new = (_lines((content or b"").decode("utf-8")) for content in (before, after))
    except UnicodeDecodeError:
        return f"binary file {path} differs\n"
    names = ("/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}")
    return "".join(_ended(line) for line in difflib.unified_diff(old, new, *names))


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as for git and patch."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in text.split("\n")[-1:] if last]


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
