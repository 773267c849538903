from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

TABLE = """\
# head
[project]
name = "shop" # mine

[tool.devkit]
plugins = []

[tool.devkit.facts]
port = 1

[tool.own]
a = 1
"""
BOLT = """\
from devkit.api import Block, Stage, Write, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="bolt", summary="B.")]


@hookimpl
def devkit_files(context):
    yield Write(path="a.txt", text="head\\n")
    yield Block(path="a.txt", name="records", text="body\\n")
"""


def leave(project: DevkitProject) -> None:
    done = project.run("eject", "--all")
    assert done.code == 0, done.stderr


def test_generated_files_stay_and_devkits_own_folder_goes(acme: DevkitProject) -> None:
    before = acme.files()
    leave(acme)

    assert not (acme.root / ".devkit").exists()
    assert not (acme.root / "devkit.toml").exists()
    assert not (acme.root / ".gitattributes").exists()
    for path in ("acme.txt", "bin/acme", "acme/start.txt", "acme.toml"):
        assert (acme.root / path).read_bytes() == before[path]
    assert acme.read(".gitignore") == "*.pyc\n\nacme.log\n"


def test_the_project_is_no_project_of_devkits_any_more(acme: DevkitProject) -> None:
    leave(acme)

    assert acme.run("plan").code == 66


def test_what_others_put_into_devkits_folder_stays(acme: DevkitProject) -> None:
    acme.write(".devkit/state/notes.txt", "mine\n")
    leave(acme)

    kept = [path for path in (acme.root / ".devkit").rglob("*") if path.is_file()]
    assert kept == [acme.root / ".devkit/state/notes.txt"]


def test_answers_that_were_kept_go_too(acme: DevkitProject) -> None:
    acme.write(".devkit/state/answers.json", "{}")
    leave(acme)

    assert not (acme.root / ".devkit").exists()


def test_a_dry_run_shows_what_would_go_and_changes_nothing(acme: DevkitProject) -> None:
    before = acme.files()
    done = acme.run("eject", "--all", "--dry-run")

    assert done.code == 0
    assert "devkit.toml" in done.stdout
    assert acme.files() == before


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_devkits_table_goes_out_of_the_projects_file(
    devkit_project: Callable[..., DevkitProject], end: str
) -> None:
    project = devkit_project({"pyproject.toml": TABLE.replace("\n", end)})
    leave(project)

    rest = '# head\n[project]\nname = "shop" # mine\n\n[tool.own]\na = 1\n'
    assert project.read("pyproject.toml") == rest.replace("\n", end)


def test_the_drift_hook_goes_and_other_hooks_stay(acme: DevkitProject) -> None:
    hooks = "# mine\nrepos:\n  - repo: https://a\n    hooks:\n      - id: keep # why\n      - id: devkit-drift\n"
    acme.write(".pre-commit-config.yaml", hooks + "  - repo: https://b\n    hooks:\n      - id: devkit-drift\n")
    leave(acme)

    assert acme.read(".pre-commit-config.yaml") == hooks.replace("      - id: devkit-drift\n", "")


def test_a_line_that_only_mentions_a_marker_stays(acme: DevkitProject) -> None:
    line = 'say "# >>> devkit: acme >>> is a marker"\n'
    acme.write("acme.txt", line)
    leave(acme)

    assert acme.read("acme.txt") == line


def test_a_missing_final_newline_stays_missing(acme: DevkitProject) -> None:
    acme.write(".gitignore", acme.read(".gitignore").removesuffix("\n"))
    leave(acme)

    assert acme.read(".gitignore") == "*.pyc\n\nacme.log"


def test_a_file_that_is_no_text_any_more_does_not_hold_up(acme: DevkitProject) -> None:
    (acme.root / "acme.txt").write_bytes(b"\xff devkit")
    leave(acme)

    assert (acme.root / "acme.txt").read_bytes() == b"\xff devkit"


def test_a_project_file_that_cannot_be_read_stops_it_with_nothing_changed(acme: DevkitProject) -> None:
    acme.write("pyproject.toml", "[tool.devkit\n")
    before = acme.files()
    done = acme.run("eject", "--all")

    assert done.code in {73, 78}
    assert "pyproject.toml" in done.stderr
    assert acme.files() == before


def test_markers_in_a_file_with_a_skeleton_go_as_well(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., object]
) -> None:
    devkit_plugin("bolt", BOLT)
    project = devkit_project({"devkit.toml": ""})
    assert project.run("add", "bolt").code == 0
    leave(project)

    assert project.read("a.txt") == "head\n\nbody\n"
