"""Start-up is a feature: what a command imports before it needs it is held here."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from devkit.cli.table import COMMANDS

HEAVY = {
    "cookiecutter",
    "docker",
    "hypothesis",
    "importlib.metadata",
    "jinja2",
    "merge3",
    "packaging",
    "pathspec",
    "pluggy",
    "pytest",
    "requests",
    "rich",
    "ruamel",
    "sqlite3",
    "tomlkit",
    "yaml",
}


def imported(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def heavy(modules: set[str]) -> set[str]:
    return {name for name in HEAVY if any(module == name or module.startswith(f"{name}.") for module in modules)}


def test_the_command_line_is_loaded_without_anything_heavy() -> None:
    assert heavy(imported("import devkit.cli.main, devkit.session.session, devkit.report.console")) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_needs_nothing_heavy(name: str) -> None:
    code = f"from devkit.cli.main import main\nmain(['{name}', '--help'])"

    assert heavy(imported(code)) == set()


def test_the_door_for_plugins_costs_no_more_than_pluggy() -> None:
    assert heavy(imported("import devkit.api")) <= {"pluggy", "importlib.metadata"}
