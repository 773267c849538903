"""hadolint's own findings, where it is installed: what our checks say already is not said twice."""

import os

from .report import Finding, edited

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_SAME = {
    "DL3002": "root-user",
    "DL3006": "base-image",
    "DL3007": "base-image",
    "DL3020": "add-url",
    "DL3025": "shell-form",
    "DL4003": "repeated-command",
    "DL4004": "repeated-command",
    "DL1000": "instruction",
}
_SECONDS = 60


def hadolint(path: bytes, data: bytes, own: "Sequence[Finding]") -> list[Finding]:
    """Return what hadolint finds in these bytes by the repository's own settings; its hints are warnings."""
    program = _program()
    if not program:
        return []
    said = {(each.check, each.line) for each in own}
    rows = _rows(program, data)
    return [
        Finding("hadolint", path, *_told(path, row), is_warning=row.get("level") in {"info", "style"})
        for row in rows
        if (_SAME.get(row["code"], ""), row["line"]) not in said and not (own and row["code"] == "DL1000")
    ]


def _told(path: bytes, row: "dict[str, Any]") -> tuple[int, str, str]:
    what = " ".join(str(row["message"]).split())
    return int(row["line"]), f"{row['code']} {what}", edited(path, "edit the file")


def _program() -> str:
    folders = os.environ.get("PATH", "").split(os.pathsep)
    paths = (os.path.join(folder, "hadolint") for folder in folders if os.path.isabs(folder))
    return next((path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)), "")


def _rows(program: str, data: bytes) -> "list[dict[str, Any]]":
    import json
    import subprocess

    words = [program, "--no-fail", "--format", "json", "-"]
    try:
        done = subprocess.run(words, input=data, capture_output=True, check=False, timeout=_SECONDS)
        rows = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return []
    return [row for row in rows if isinstance(row, dict) and "code" in row and "line" in row]
