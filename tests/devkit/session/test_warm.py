from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from devkit.testing import run_devkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject, Ran

ANSWERS = ".devkit/state/answers.json"
PLANTED = "an answer that was kept"
SOURCE = """\
from devkit.api import Fact, Merge, Place, Seed, Stage, Write, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Make acme files.")]


@hookimpl
def devkit_facts(tree):
    tree.exists("marker.txt")
    notes = tree.read_text("notes.md") or ""
    place = Place(path="notes.md")
    docs = list(tree.glob("docs/*.md"))
    return [Fact(name="notes", value=notes, place=place), Fact(name="docs", value=docs, place=place)]


@hookimpl
def devkit_files(context):
    yield Write(path="acme.txt", text="one\\n")
    yield Seed(path="start.txt", text="begin\\n")
    yield Merge(path="acme.toml", data={"limit": 1})
"""


@dataclass(frozen=True)
class Warm:
    """A project with kept answers, and the folder that its plugin is installed in."""

    project: DevkitProject
    site: Path
    home: Path

    def status(self, *words: str) -> Ran:
        return self.project.run("status", *words)

    def is_kept(self, *words: str) -> bool:
        return PLANTED in self.status(*words).stdout

    def plant(self, content: Any = None) -> None:
        """Put a mark into the kept answers, to see when they are given; or another file in their place."""
        if content is None:
            content = json.loads(self.project.read(ANSWERS))
            kept = json.loads(content["answers"]["status"][0])
            content["answers"]["status"] = [json.dumps({**kept, "name": PLANTED})]
        self.project.write(ANSWERS, json.dumps(content))


def age(*folders: Path) -> None:
    """Make all files below some folders look as if nobody had touched them for a day."""
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            status = path.lstat()
            past = status.st_mtime_ns - 86_400_000_000_000
            os.utime(path, ns=(past, past), follow_symlinks=False)


@pytest.fixture
def cold(devkit_home: Path, devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]) -> Warm:
    """A project whose files have settled; nothing is kept of it yet."""
    site = devkit_plugin("acme", SOURCE)
    project = devkit_project({"devkit.toml": "", "notes.md": "notes\n", "docs/a.md": "a\n"})
    done = project.run("add", "acme")
    assert done.code == 0, done.stderr
    age(site, project.root)
    return Warm(project, site, devkit_home)


@pytest.fixture
def warm(cold: Warm) -> Warm:
    """A project with kept answers, one of them marked."""
    assert cold.project.run("apply").code == 0
    cold.plant()
    assert cold.is_kept()
    return cold


def test_kept_answers_are_what_the_commands_print(cold: Warm) -> None:
    words = (["status"], ["apply"], ["apply", "--check"], ["config", "show"], ["config", "show", "--origin"])
    before = [cold.project.run(*each) for each in words]
    assert (cold.project.root / ANSWERS).is_file()

    assert [cold.project.run(*each) for each in words] == before


CHANGES: dict[str, Callable[[Warm], object]] = {
    "a target edited": lambda warm: warm.project.write("acme.txt", "two\n"),
    "a target deleted": lambda warm: (warm.project.root / "acme.toml").unlink(),
    "a seed deleted": lambda warm: (warm.project.root / "start.txt").unlink(),
    "a read file edited": lambda warm: warm.project.write("notes.md", "other notes\n"),
    "a read file deleted": lambda warm: (warm.project.root / "notes.md").unlink(),
    "a file that was looked for made": lambda warm: warm.project.write("marker.txt", ""),
    "a file that matches a pattern made": lambda warm: warm.project.write("docs/b.md", ""),
    "a file that matched a pattern deleted": lambda warm: (warm.project.root / "docs/a.md").unlink(),
    "configuration edited": lambda warm: warm.project.write("devkit.toml", "# other\n"),
    "another project file made": lambda warm: warm.project.write("pyproject.toml", ""),
    "a local file made": lambda warm: warm.project.write("devkit.local.toml", ""),
    "the user's file made": lambda warm: write(warm.home / ".config/devkit/config.toml", ""),
    "the lock edited": lambda warm: edit(warm.project.root / ".devkit/lock.toml"),
    "the baseline edited": lambda warm: edit(warm.project.root / ".devkit/baseline.jsonl"),
    "the plugin's module edited": lambda warm: edit(warm.site / "acme_plugin.py"),
    "the plugin's version changed": lambda warm: (warm.site / "acme-1.0.dist-info").rename(
        warm.site / "acme-1.1.dist-info"
    ),
    "another plugin installed": lambda warm: write(
        warm.site / "bolt-1.0.dist-info/entry_points.txt", "[devkit.plugins]\nbolt = bolt\n"
    ),
    "an interrupted run left": lambda warm: write(
        warm.project.root / ".devkit/state/transaction/journal", '{"command": "apply"}'
    ),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def edit(path: Path) -> None:
    """Edit a file without changing what it says."""
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_kept_answers_are_void_after(warm: Warm, change: Callable[[Warm], object]) -> None:
    change(warm)

    assert not warm.is_kept()


@pytest.mark.parametrize("words", [["--json"], ["-v"], ["-p", "acme"], ["--no-plugins"]])
def test_kept_answers_are_not_given_to(warm: Warm, words: list[str]) -> None:
    assert not warm.is_kept(*words)
    assert warm.is_kept()


@pytest.mark.parametrize("name", ["DEVKIT_FACTS__PORT", "DEVKIT_DISABLE_PLUGIN_AUTOLOAD", "DEVKIT_PLUGINS"])
def test_kept_answers_are_not_given_under_another_variable(
    warm: Warm, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")

    assert not warm.is_kept()


def test_kept_answers_are_not_given_to_a_user_with_another_configuration(
    warm: Warm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))

    assert not warm.is_kept()


def test_kept_answers_do_not_move_with_the_folder(warm: Warm) -> None:
    moved = warm.project.root.rename(warm.project.root.parent / "moved")

    assert PLANTED not in run_devkit("-C", str(moved), "status").stdout


def test_values_of_variables_are_not_written_down(cold: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVKIT_FACTS__TOKEN", "s3cr3t-value")
    assert cold.project.run("apply").code == 0

    assert "s3cr3t-value" not in json.dumps(json.loads(cold.project.read(ANSWERS))["key"])


def test_nothing_is_kept_while_a_deleted_file_hangs_on_what_git_ignores(cold: Warm) -> None:
    (cold.project.root / "acme.txt").unlink()
    age(cold.project.root)
    assert cold.project.run("apply").code == 0

    assert not (cold.project.root / ANSWERS).exists()


def test_nothing_is_kept_of_a_file_that_changed_just_now(cold: Warm) -> None:
    edit(cold.project.root / "notes.md")
    assert cold.project.run("apply").code == 0

    assert not (cold.project.root / ANSWERS).exists()


@pytest.mark.parametrize(
    "words", [["status"], ["plan"], ["apply", "--check"], ["apply", "--dry-run"], ["config", "show"]]
)
def test_a_reading_command_writes_nothing(cold: Warm, words: list[str]) -> None:
    def everything() -> dict[str, int]:
        return {str(path): path.lstat().st_mtime_ns for path in cold.project.root.rglob("*")}

    before = everything()
    assert cold.project.run(*words).code == 0
    assert everything() == before


HOSTILE_STAGE = {
    "name": "\x1b]0;title\x07",
    "summary": "\x1b",
    "distribution": "\u202e",
    "is_enabled": True,
    "files": "1",
    "drift": {"\x1b\u202e": 1},
    "tasks": ["\x1b\x07", 5],
}
HOSTILE: list[Any] = [
    [],
    "text",
    {"key": 1},
    {"stamps": 5},
    {"stamps": [5]},
    {"stamps": ["- 1"], "patterns": []},
    {"patterns": {"../*": []}},
    {"patterns": {"/etc/*": 1}},
    {"patterns": {"docs/[": ["docs/a.md"]}},
    {"answers": []},
    {"answers": {"status": "text"}},
    {"answers": {"status": [1]}},
    {"answers": {"status": ["\x1b]0;title\x07"]}},
    {"answers": {"status": ["\u202eevil"]}},
    {"answers": {"status": ["x\ud800"]}},
    {"answers": {"status": []}},
    {"answers": {"status": ['{"name": "x", "template": "", "stages": 5}']}},
    {
        "answers": {
            "status": ['{"name": "\\u001b]0;title\\u0007\\u202e\\ud800", "template": "\\u202e", "stages": []}']
        }
    },
    {"answers": {"status": [json.dumps({"name": "", "template": "", "stages": [HOSTILE_STAGE]})]}},
]


@pytest.mark.parametrize("kept", HOSTILE, ids=map(repr, HOSTILE))
def test_hostile_answers_do_no_harm(warm: Warm, kept: Any) -> None:
    sound = json.loads(warm.project.read(ANSWERS))
    warm.plant({**sound, **kept} if isinstance(kept, dict) else kept)
    done = warm.status()

    assert done.code == 0, done.stderr
    assert not {"\x1b", "\x07", "\u202e", "\ud800"} & set(done.stdout)


def test_huge_answers_are_not_read(warm: Warm) -> None:
    with (warm.project.root / ANSWERS).open("r+b") as file:
        file.truncate(1 << 40)

    assert warm.status().code == 0


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_answers_that_are_no_file_are_neither_read_nor_written_through(cold: Warm, tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine", "utf-8")
    target = cold.project.root / ANSWERS
    make: dict[str, Callable[[], object]] = {
        "link": lambda: target.symlink_to(outside),
        "pipe": lambda: os.mkfifo(target),
        "folder": target.mkdir,
    }
    make[kind]()

    assert cold.status().code == 0
    assert cold.project.run("apply").code == 0
    assert outside.read_text("utf-8") == "mine"


def test_an_edit_of_a_template_in_a_folder_voids_kept_answers(
    tmp_path: Path, devkit_home: Path, devkit_project: Callable[..., DevkitProject]
) -> None:
    template = tmp_path / "template"
    write(template / "cookiecutter.json", '{"project_slug": "shop"}')
    write(template / "template.toml", 'summary = "Plain."\n')
    write(template / "{{cookiecutter.project_slug}}/README.md", "# shop\n")
    words = ["init", "shop", "-t", str(template), "--defaults", "--no-env", "--no-git"]
    assert run_devkit("-C", str(tmp_path), *words).code == 0
    project = type(devkit_project())(tmp_path / "shop")
    age(template, project.root)
    assert project.run("apply").code == 0
    warm = Warm(project, tmp_path, devkit_home)
    warm.plant()
    assert warm.is_kept()

    write(template / "{{cookiecutter.project_slug}}/NEW.md", "new\n")
    assert not warm.is_kept()
    assert "1 to create" in warm.status().stdout


IMPORTS = """
import sys
from devkit.cli.launch import main
try:
    main()
except SystemExit:
    pass
print("\\n".join(sys.modules), file=sys.stderr)
"""
HEAVY = {
    "acme_plugin",
    "pluggy",
    "tomlkit",
    "ruamel",
    "yaml",
    "jinja2",
    "cookiecutter",
    "rich",
    "sqlite3",
    "subprocess",
}


def test_a_warm_status_imports_no_plugin_and_no_heavy_library(warm: Warm) -> None:
    environment = os.environ | {"PYTHONPATH": str(warm.site)}
    words = [sys.executable, "-c", IMPORTS, "-C", str(warm.project.root)]
    for _ in range(2):
        subprocess.run([*words, "apply"], env=environment, check=True, capture_output=True)
    warm.plant()
    done = subprocess.run([*words, "status"], env=environment, check=True, capture_output=True, text=True)

    assert PLANTED in done.stdout
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert loaded & HEAVY == set()
    assert not any(name.endswith("_plugin") or name.startswith("devkit_") for name in loaded)
