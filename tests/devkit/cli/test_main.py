from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from devkit.testing import run_devkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("devkit_home")

COMMAND = """\
import click
from devkit.api import Command, hookimpl


@click.command()
def greet():
    {body}


@hookimpl
def devkit_commands():
    return [Command(name="greet", summary="Greet.", target="acme_plugin:greet")]
"""


@pytest.fixture
def greeting(devkit_plugin: Callable[..., Path]) -> Callable[[str], None]:
    def install(body: str) -> None:
        devkit_plugin("acme", COMMAND.format(body=body))

    return install


def test_a_command_of_a_plugin_runs(greeting: Callable[[str], None]) -> None:
    greeting("click.echo('hello')")
    done = run_devkit("greet")

    assert (done.code, done.stdout) == (0, "hello\n")


@pytest.mark.parametrize("body", ["raise ValueError('broken')", "raise SystemExit(3)", "raise SystemExit('broken')"])
def test_a_command_of_a_plugin_that_fails_is_named(greeting: Callable[[str], None], body: str) -> None:
    greeting(body)
    done = run_devkit("greet")

    assert done.code == 70
    assert "plugin acme 1.0 failed in its command" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_of_a_plugin_may_leave_early(greeting: Callable[[str], None]) -> None:
    greeting("raise SystemExit(0)")

    assert run_devkit("greet").code == 0


@pytest.mark.parametrize(("word", "meant"), [("stauts", "status"), ("gret", "greet")])
def test_an_unknown_command_gets_a_suggestion(greeting: Callable[[str], None], word: str, meant: str) -> None:
    greeting("pass")
    done = run_devkit(word)

    assert done.code == 2
    assert f"did you mean `{meant}`?" in done.stderr


def test_wrong_usage_is_one_document_with_json(tmp_path: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "plan", "--bogus", "--json")

    assert done.code == 2
    assert done.document["error"]["code"] == "DK0101"


def test_a_failure_is_one_document_with_json(tmp_path: Path) -> None:
    document = run_devkit("-C", str(tmp_path), "--json", "plan").document

    assert document["schema"] == "devkit.error/1"
    assert document["error"]["exit"] == 66
    assert set(document["error"]) == {"code", "exit", "message", "path", "line", "column", "help", "state"}


def test_global_options_are_taken_before_and_after_the_command(tmp_path: Path) -> None:
    before = run_devkit("-C", str(tmp_path), "--json", "template", "list").document
    after = run_devkit("template", "list", "-C", str(tmp_path), "--json").document

    assert before == after


def test_a_group_without_a_command_shows_its_help(tmp_path: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "config")

    assert done.code == 2
    assert "Commands:" in done.stderr


def test_a_defect_goes_to_a_private_log_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, devkit_home: Path
) -> None:
    monkeypatch.setattr("devkit.session.session.find_root", lambda _: 1 / 0)
    done = run_devkit("-C", str(tmp_path), "plan")

    assert done.code == 70
    assert "Traceback" not in done.stderr
    log = next((devkit_home / ".local/state/devkit/crashes").iterdir())
    assert str(log) in done.stderr
    assert "ZeroDivisionError" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_output_that_cannot_be_written_is_an_input_output_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "devkit", "-C", str(tmp_path), "template", "list"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, text=True)

    assert done.returncode == 74
    assert "No space left" in done.stderr


def test_a_failure_keeps_its_code_where_it_cannot_be_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "devkit", "-C", str(tmp_path), "plan"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False)

    assert done.returncode == 66


def test_a_stage_typed_as_a_command_leads_to_run(tmp_path: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "scaffold")

    assert done.code == 2
    assert "devkit run scaffold" in done.stderr
