from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from devkit.cli.completing import SHELLS, choices
from devkit.cli.scripts import SCRIPTS
from devkit.host.index import read_index
from devkit.host.indexfile import write_file
from devkit.host.searchpath import search_path
from devkit.host.stamps import stamped

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
from devkit.api import *
from pathlib import Path

@hookimpl
def devkit_stages():
    return [Stage(name="audit", summary="Check.")]

@hookimpl
def devkit_commands():
    return [Command(name="check-licences", summary="Check now.", target="a:b")]

@hookimpl
def devkit_templates():
    return [Template(name="acme-service", summary="Ours.", folder=Path("/a"))]
"""


def _values(*words: str) -> list[str]:
    return [value for value, _ in choices(words)]


@pytest.fixture
def audit(devkit_plugin: Any) -> Path:
    site: Path = devkit_plugin("audit", PLUGIN)
    _keep_index()
    return site


def _keep_index() -> None:
    """Keep the index of what is installed, even when some of it is too young for that."""
    path = search_path()
    write_file(path, stamped(path), read_index())


def test_no_plugin_is_imported_even_when_there_is_no_index(devkit_plugin: Any) -> None:
    devkit_plugin("evil", "raise SystemExit('imported')")
    assert "plan" in _values("")
    assert _values("-p", "") == []
    assert "evil_plugin" not in sys.modules


def test_what_was_known_last_is_offered_when_plugins_changed(audit: Path) -> None:
    (audit / "audit_plugin.py").write_text("raise SystemExit('imported')", "utf-8")
    (audit / "new-1.0.dist-info").mkdir()
    assert "check-licences" in _values("che")


@pytest.mark.usefixtures("audit")
def test_commands_are_completed_those_of_plugins_too() -> None:
    assert _values("pl") == ["plan", "plugin"]
    assert _values("che") == ["check-licences"]
    assert ("check-licences", "Check now.") in choices([""])


@pytest.mark.usefixtures("audit")
def test_stages_templates_and_plugins_are_completed() -> None:
    assert "audit" in _values("add", "")
    assert "audit" in _values("run", "a")
    assert "acme-service" in _values("init", "--template", "acme")
    assert "audit" in _values("-p", "")
    assert _values("--plugin", "aud") == ["audit"]


@pytest.mark.usefixtures("audit")
def test_a_plugin_that_is_left_out_is_not_offered() -> None:
    assert _values("--no-plugins", "che") == []
    assert "audit" not in _values("--no-plugins", "add", "")


@pytest.mark.usefixtures("devkit_home")
def test_commands_below_a_command_are_completed_once() -> None:
    assert _values("config", "") == ["get", "set", "show"]
    assert _values("config", "show", "") == []


@pytest.mark.usefixtures("devkit_home")
def test_options_are_completed_with_those_of_the_command() -> None:
    assert "--no-plugins" in _values("--")
    assert "--dry-run" not in _values("--")
    assert "--dry-run" in _values("apply", "--d")
    assert _values("--color", "a") == ["auto", "always"]


@pytest.mark.usefixtures("devkit_home")
def test_files_are_left_to_the_shell() -> None:
    assert _values("-C", "") == []
    assert _values("--events", "") == []
    assert _values("run", "--", "") == []


@pytest.mark.usefixtures("devkit_home")
@pytest.mark.parametrize("words", [[], [""], ["--"], ["-"], ["nothing", "x", "-"], ["-p"], ["\x00"]])
def test_no_beginning_is_an_error(words: list[str]) -> None:
    assert isinstance(choices(words), list)


def test_every_shell_has_a_script() -> None:
    assert set(SCRIPTS) == set(SHELLS)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_takes_its_script(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not here")
    done = subprocess.run([program, "-n"], input=SCRIPTS[shell], text=True, check=True, capture_output=True)
    assert done.stderr == ""


def test_bash_completes_a_command_line(tmp_path: Path, devkit_home: Path) -> None:  # noqa: ARG001 - own cache
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not here")
    program = tmp_path / "devkit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m devkit "$@"\n', "utf-8")
    program.chmod(0o755)
    asked = (
        f"{SCRIPTS['bash']}\nCOMP_WORDS=({program} config s)\nCOMP_CWORD=2\n_devkit_complete\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run([bash, "-c", asked], env=dict(os.environ), capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["set", "show"]
