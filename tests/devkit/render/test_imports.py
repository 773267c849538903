from __future__ import annotations

import subprocess
import sys

HEAVY = {"jinja2", "cookiecutter", "binaryornot", "slugify", "arrow", "subprocess", "tomllib", "importlib.resources"}
LATE = ("source", "answers", "tree", "resource")


def test_nothing_heavy_is_imported_before_something_is_rendered() -> None:
    names = ", ".join(f"devkit.render.{name}" for name in LATE)
    code = f"import sys, {names}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    assert HEAVY.isdisjoint(done.stdout.split())
