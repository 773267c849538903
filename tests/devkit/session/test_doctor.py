from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject, Ran

SOURCE = """\
from devkit.api import Block, Finding, Place, Remedy, Severity, Stage, Tool, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Do acme things.")]


@hookimpl
def devkit_tools(context):
    yield Tool(name="acme-tool", version=">=2", place=Place(path="acme.txt", line=1),
               remedies=(Remedy(needs="sh", command="get acme"),), install="ask")
    yield Tool(name="acme-extra", is_optional=True)


@hookimpl
def devkit_checks(context):
    if not context.tree.exists("LICENSE"):
        fix = (Block(path="LICENSE", name="acme", text="Ours."),)
        yield Finding(code="ACME01", message="there is no licence", severity=Severity.ERROR, help="add one", fix=fix)
"""


@pytest.fixture
def project(
    devkit_plugin: Callable[..., Path],
    devkit_project: Callable[..., DevkitProject],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> DevkitProject:
    """A project in git, with a plugin whose tool is there in the right version."""
    devkit_plugin("acme", SOURCE)
    project = devkit_project({"devkit.toml": "", "LICENSE": "Ours.\n"})
    project.git("init", "-q")
    assert project.run("add", "acme").code == 0
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]]))
    put(tmp_path, "echo 2.1")
    return project


def put(folder: Path, script: str) -> None:
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin/acme-tool").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin/acme-tool").chmod(0o755)


def codes(ran: Ran, severity: str = "error") -> list[str]:
    return [each["code"] for each in ran.document["findings"] if each["severity"] == severity]


def test_a_project_that_is_well_says_so(project: DevkitProject) -> None:
    done = project.run("doctor")

    assert done.code == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "all is well"
    assert "✓ acme-tool" in done.stdout


def test_looking_changes_nothing(project: DevkitProject) -> None:
    before = project.files()
    project.run("doctor")

    assert project.files() == before


def test_a_tool_out_of_range_is_told_with_its_line_and_the_way_of_this_machine(
    project: DevkitProject, tmp_path: Path
) -> None:
    put(tmp_path, "echo 1.9")
    done = project.run("doctor")

    assert done.code == 1
    assert "error[DK0841]: `acme-tool` is 1.9, and `acme.txt` asks for `>=2`" in done.stderr
    assert "--> acme.txt:1" in done.stderr
    assert "help: get acme" in done.stderr
    assert done.stderr.rstrip().endswith("state: nothing was changed")


def test_a_missing_tool_is_an_error_unless_it_is_optional(project: DevkitProject, tmp_path: Path) -> None:
    (tmp_path / "bin/acme-tool").unlink()
    done = project.run("doctor", "--json")

    assert codes(done) == ["DK0802"]
    assert codes(done, "info") == ["DK0802"]
    assert done.document["errors"] == 1
    assert done.document["error"]["code"] == "DK0842"


def test_a_fix_is_shown_and_then_made(project: DevkitProject) -> None:
    project.git("rm", "-q", "--cached", "--ignore-unmatch", "LICENSE")
    (project.root / "LICENSE").unlink()
    before = project.files()

    assert project.run("doctor", "--check").code == 3
    assert "LICENSE" in project.run("doctor", "-n").stdout
    assert project.files() == before

    done = project.run("doctor", "--fix")
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("fixed  LICENSE\n")
    assert "Ours." in project.read("LICENSE")
    assert project.run("doctor", "--check").code == 0
    assert project.run("apply", "--check").code == 0


@pytest.mark.parametrize("path", [".env", ".env.production"])
def test_private_variables_must_be_ignored_and_not_tracked(project: DevkitProject, path: str) -> None:
    project.write(path, "SECRET=1\n")
    project.write(".env.example", "SECRET=\n")
    assert codes(project.run("doctor", "--json")) == ["DK1102"]

    assert project.run("doctor", "--fix").code == 0
    assert project.git("check-ignore", path).strip() == path
    project.git("add", "--force", path)
    done = project.run("doctor", "--fix", "--json")
    assert done.code == 1
    [finding] = [each for each in done.document["findings"] if each["code"] == "DK1102"]
    assert finding["help"].startswith(f"git rm --cached {path}")


def test_an_interrupted_run_is_named_and_undone(project: DevkitProject) -> None:
    project.write(".devkit/state/transaction/journal", json.dumps({"command": "apply"}))

    assert codes(project.run("doctor", "--json")) == ["DK0707"]


def test_nothing_to_mend_says_so(project: DevkitProject) -> None:
    done = project.run("doctor", "-n")

    assert (done.code, done.stdout) == (0, "nothing that changing files would mend\n")


def test_a_link_in_the_place_of_the_state_is_named(project: DevkitProject, tmp_path: Path) -> None:
    os.rename(project.root / ".devkit/state", tmp_path / "state")
    (project.root / ".devkit/state").symlink_to(tmp_path / "state")

    assert codes(project.run("doctor", "--json")) == ["DK0704"]


def test_state_that_git_tracks_is_named(project: DevkitProject) -> None:
    project.write(".devkit/state/answers.json", "{}")
    project.git("add", "--force", ".devkit/state/answers.json")

    assert codes(project.run("doctor", "--json")) == ["DK0708"]


def test_state_that_git_does_not_ignore_is_mended(project: DevkitProject) -> None:
    project.write(".devkit/state/.gitignore", "nothing\n")
    assert codes(project.run("doctor", "--json"), "warning") == ["DK0708"]

    assert project.run("doctor", "--fix").code == 0
    assert codes(project.run("doctor", "--json"), "warning") == []


def test_records_that_git_ignores_are_named(project: DevkitProject) -> None:
    project.write(
        ".gitignore",
        project.read(".gitignore") + ".devkit/\n" if (project.root / ".gitignore").exists() else ".devkit/\n",
    )

    assert codes(project.run("doctor", "--json"), "warning") == ["DK0708", "DK0708"]


def test_a_ledger_that_was_set_aside_is_named(project: DevkitProject) -> None:
    project.write(".devkit/state/ledger.sqlite3.broken-1", "")
    project.write(".devkit/state/ledger.sqlite3", "no database" * 20)
    done = project.run("doctor", "--json")

    assert codes(done, "info") == ["DK0802", "DK0820"]
    assert codes(done, "warning") == ["DK0820"]


def test_a_wrong_configuration_stops_no_other_look(project: DevkitProject) -> None:
    project.write("devkit.toml", "color = [\n")
    project.write(".env", "A=1\n")
    done = project.run("doctor", "--json")

    assert codes(done) == ["DK0401", "DK1102"]
    assert {check["name"] for check in done.document["checks"]} >= {"git", "plugins", "history"}


def test_a_plugin_that_raises_stops_no_other_look(project: DevkitProject, devkit_plugin: Callable[..., Path]) -> None:
    failing = "@hookimpl\ndef devkit_files(context):\n    raise ValueError('bad')\n"
    devkit_plugin("bolt", f"from devkit.api import hookimpl\n\n\n{failing}")
    project.write(".env", "A=1\n")
    done = project.run("doctor", "--json")

    assert codes(done) == ["DK0301", "DK1102"]


def test_a_plugin_that_cannot_be_imported_is_a_warning(
    project: DevkitProject, devkit_plugin: Callable[..., Path]
) -> None:
    devkit_plugin("bolt", "raise ValueError('bad')\n")
    done = project.run("doctor", "--json")

    assert done.code == 0
    assert codes(done, "warning") == ["DK0307"]


def test_a_stage_whose_plugin_is_not_here_is_a_warning(project: DevkitProject) -> None:
    assert "DK0303" in codes(project.run("doctor", "--no-plugins", "--json"), "warning")


def test_another_version_than_the_locked_one_is_an_error(project: DevkitProject) -> None:
    lock = project.read(".devkit/lock.toml")
    project.write(".devkit/lock.toml", lock.replace('acme = "1.0"', 'acme = "0.9"'))

    assert "DK0404" in codes(project.run("doctor", "--json"))


def test_outside_of_a_project_the_machine_is_looked_at(devkit_project: Callable[..., DevkitProject]) -> None:
    done = devkit_project().run("doctor", "--json")

    assert done.code == 0
    assert done.document["project"] is None
    assert [check["name"] for check in done.document["checks"]] == ["git", "git identity", "plugins"]


def test_a_git_that_does_not_know_who_commits_is_a_warning(
    devkit_project: Callable[..., DevkitProject], devkit_home: Path
) -> None:
    (devkit_home / ".gitconfig").write_text("")

    assert codes(devkit_project().run("doctor", "--json"), "warning") == ["DK0204"]


def test_without_git_everything_else_is_looked_at(
    project: DevkitProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    done = project.run("doctor", "--json")

    assert codes(done) == ["DK0203"]
    assert "acme-tool" in {check["name"] for check in done.document["checks"]}


@pytest.mark.parametrize("width", ["40", "80"])
def test_no_line_is_wider_than_the_terminal(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    project.write(".env", "A=1\n")
    (project.root / "LICENSE").unlink()
    done = project.run("doctor")

    assert max(map(len, done.stdout.splitlines())) <= int(width)
