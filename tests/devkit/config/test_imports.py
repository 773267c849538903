"""What reading the configuration may cost at start-up, counted in modules."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from devkit.config.load import load
configuration = load(Path(sys.argv[1]), environ={})
configuration.check([])
print(*sys.modules)
"""
HEAVY = {"pluggy", "packaging", "tomlkit", "json", "difflib", "shlex", "devkit.api", "devkit.config.locate"}


def loaded(root: Path) -> set[str]:
    command = [sys.executable, "-c", SCRIPT, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_without_a_file_nothing_that_parses_is_imported(project: Callable[..., Path]) -> None:
    assert not loaded(project()) & (HEAVY | {"tomllib"})


def test_a_valid_file_needs_the_parser_alone(project: Callable[..., Path]) -> None:
    modules = loaded(project(pyproject="[tool.devkit]\nplugins = []\nfacts.port = 1\n"))
    assert "tomllib" in modules
    assert not modules & HEAVY
