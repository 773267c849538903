"""What this stage keeps of its work: JSON objects in files, which count as empty when they cannot be read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def read_json(path: str | Path) -> dict[str, Any]:
    """Return the object in a file, an empty one where there is none."""
    try:
        with open(path, "rb") as file:
            document = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def write_json(path: Path, document: Any) -> None:
    """Write a document, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    passing.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    passing.replace(path)
