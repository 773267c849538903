"""Lines and words for the bits of a verdict: loaded when something was found."""

from .content import (
    ENDINGS,
    FINAL,
    IS_JSON,
    IS_TOML,
    IS_YAML,
    JSON,
    MARKDOWN,
    MARKERS,
    SECRET,
    TOML,
    TRAILING,
    YAML,
    line_endings,
    stripped,
)
from .report import Finding, own_command, quoted

_EDIT = "edit the file, then: git add "


def explain(path: bytes, data: bytes, kind: int, bits: int) -> list[Finding]:
    """Return the findings that the bits stand for."""
    found = list(_white_space(path, data, kind, bits))
    name = quoted(path)
    if bits & MARKERS:
        what = "a marker of an unsettled merge"
        found += [Finding("merge-markers", path, line, what, _EDIT + name) for line in _marked(data)]
    if bits & SECRET:
        found += _secrets(path, data)
    if bits & (YAML | TOML | JSON):
        found += _syntax(path, data, bits)
    return found


def large(path: bytes, size: int, most: int) -> Finding:
    """Return the finding on a large file that is added."""
    what = f"a new file of {-(-size // 1024):,} KiB, and {most:,} are allowed"
    return Finding("large-file", path, 1, what, f"git rm --cached {quoted(path)}")


def _white_space(path: bytes, data: bytes, kind: int, bits: int) -> list[Finding]:
    found, mend = [], f"{own_command('devkit-hygiene')} --fix {quoted(path)}"
    if bits & TRAILING:
        lines = [
            number
            for number, line in enumerate(data.split(b"\n"), 1)
            if stripped(line, is_markdown=kind == MARKDOWN) != line
        ]
        many = f" on {len(lines)} lines" if len(lines) > 1 else ""
        found.append(Finding("trailing-whitespace", path, lines[0], f"trailing white space{many}", mend))
    if bits & FINAL:
        lacks = "empty lines at the end" if data.endswith((b"\n", b"\r")) else "no newline at the end"
        line = len(data.rstrip(b"\r\n").split(b"\n"))
        found.append(Finding("final-newline", path, line + (data[-1] in b"\r\n"), lacks, mend))
    if bits & ENDINGS:
        counts = dict(zip(("CR", "CR LF", "LF"), line_endings(data), strict=True))
        words = ", ".join(f"{count} of {name}" for name, count in counts.items() if count)
        found.append(Finding("line-endings", path, 1, f"mixed line endings ({words})", mend))
    return found


def _marked(data: bytes) -> list[int]:
    return [
        number
        for number, line in enumerate(data.split(b"\n"), 1)
        if line.startswith((b"<<<<<<< ", b">>>>>>> ", b"||||||| ")) or line.rstrip() == b"======="
    ]


def _secrets(path: bytes, data: bytes) -> list[Finding]:
    from .secrets import MARK, find_secrets

    mend = f"revoke it and take it out, or write `{MARK.decode()}` in the line; then: git add {quoted(path)}"
    return [Finding("secret", path, line, what, mend) for line, what in find_secrets(data)]


def _syntax(path: bytes, data: bytes, bits: int) -> list[Finding]:
    from .content import kind_of
    from .syntax import problem

    check, kind = {YAML: ("yaml", IS_YAML), TOML: ("toml", IS_TOML)}.get(
        bits & (YAML | TOML | JSON), ("json", kind_of(path))
    )
    found = problem(data, kind if check != "json" or kind else IS_JSON)
    return [Finding(check, path, *found, _EDIT + quoted(path))] if found else []
