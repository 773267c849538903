from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

STAGE = """\
from devkit.api import *
from devkit.api import hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="{name}", summary="A stage.")]


@hookimpl
def devkit_files(context):
    {body}
"""


def install(devkit_plugin: Callable[..., Path], name: str, body: str) -> None:
    devkit_plugin(name, STAGE.format(name=name, body=body))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise ValueError('broken')", 70),
        ("raise SystemExit(0)", 70),
        ("raise KeyboardInterrupt", 70),
        ("yield 1", 78),
    ],
)
def test_a_plugin_that_fails_is_named_with_its_version_and_hook(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path], body: str, code: int
) -> None:
    install(devkit_plugin, "acme", body)
    project = devkit_project({"devkit.toml": ""})
    done = project.run("add", "acme")

    assert done.code == code
    assert "acme 1.0" in done.stderr
    assert "devkit_files" in done.stderr
    assert "Traceback" not in done.stderr
    assert project.files() == {"devkit.toml": b""}


def test_a_plugin_that_prints_does_not_spoil_the_document(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    install(devkit_plugin, "acme", "print('noise'); return []")
    project = devkit_project({"devkit.toml": ""})

    assert project.run("add", "acme", "--json").document["error"] is None


def test_two_plugins_that_claim_one_file_are_both_named(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    install(devkit_plugin, "acme", "yield Write(path='a.txt', text='a')")
    install(devkit_plugin, "bolt", "yield Write(path='a.txt', text='b')")
    done = devkit_project({"devkit.toml": ""}).run("add", "acme", "bolt")

    assert done.code == 78
    assert "acme" in done.stderr
    assert "bolt" in done.stderr


def test_two_values_for_one_key_are_an_error_that_names_both(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    install(devkit_plugin, "acme", "yield Merge(path='a.toml', data={'limit': 1})")
    install(devkit_plugin, "bolt", "yield Merge(path='a.toml', data={'limit': 2})")
    done = devkit_project({"devkit.toml": ""}).run("add", "acme", "bolt")

    assert done.code == 78
    assert "limit" in done.stderr
    assert "acme" in done.stderr
    assert "bolt" in done.stderr


def test_equal_values_share_a_key_until_the_last_owner_goes(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    install(devkit_plugin, "acme", "yield Merge(path='a.toml', data={'limit': 1})")
    install(devkit_plugin, "bolt", "yield Merge(path='a.toml', data={'limit': 1})")
    project = devkit_project({"devkit.toml": "", "a.toml": "own = 1\n"})
    project.run("add", "acme", "bolt")

    project.run("remove", "acme")
    assert "limit = 1" in project.read("a.toml")
    project.run("remove", "bolt")
    assert project.read("a.toml") == "own = 1\n"


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../b", ".git/config"])
def test_a_path_that_leads_out_of_the_project_is_refused(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path], path: str
) -> None:
    install(devkit_plugin, "acme", f"yield Write(path={path!r}, text='a')")
    done = devkit_project({"devkit.toml": ""}).run("add", "acme")

    assert done.code == 77


def test_an_action_without_a_stage_needs_a_plugin_with_one_stage(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    source = STAGE.format(name="acme", body="yield Write(path='a', text='a')")
    source = source.replace('summary="A stage.")]', 'summary="A."), Stage(name="bolt", summary="B.")]')
    devkit_plugin("acme", source)
    done = devkit_project({"devkit.toml": ""}).run("add", "acme")

    assert done.code == 78
    assert "each action must name one" in done.stderr


def test_a_plugin_that_objects_to_a_plan_stops_a_writer(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    source = STAGE.format(name="acme", body="yield Write(path='a.txt', text='a')")
    source += """
@hookimpl
def devkit_review(files):
    if files.get("a.txt") == "create":
        yield Finding(code="ACME1", message="no a.txt", severity=Severity.ERROR, help="take another")
"""
    devkit_plugin("acme", source)
    project = devkit_project({"devkit.toml": ""})
    done = project.run("add", "acme")

    assert done.code == 1
    assert "no a.txt (ACME1)" in done.stderr
    assert project.files() == {"devkit.toml": b""}


def test_the_findings_of_checks_are_told_to_readers(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]
) -> None:
    source = STAGE.format(name="acme", body="return []")
    source += """
@hookimpl
def devkit_checks(context):
    if not context.tree.exists("LICENSE"):
        yield Finding(code="ACME2", message="there is no licence")
"""
    devkit_plugin("acme", source)
    project = devkit_project({"devkit.toml": ""})
    project.run("add", "acme")
    document = project.run("status", "--json").document

    assert [finding["code"] for finding in document["findings"]] == ["ACME2"]
