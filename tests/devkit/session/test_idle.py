from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from devkit.session.idle import FOLDER, Kept, file_name, read_kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

TASKS = """\
[tasks.check]
run = ["cat", "src/a.py"]
inputs = ["src/**"]
variables = ["MODE"]
outputs = ["out.txt"]
"""


@pytest.fixture(params=["git", "none"])
def project(
    request: pytest.FixtureRequest,
    devkit_project: Callable[..., DevkitProject],
    committed: Callable[..., DevkitProject],
    monkeypatch: pytest.MonkeyPatch,
) -> DevkitProject:
    project = devkit_project({"devkit.toml": TASKS, "src/a.py": "a\n", ".gitignore": ".devkit/\n", "out.txt": ""})
    if request.param == "git":
        committed(project)
    monkeypatch.chdir(project.root)
    return project


def answer(*words: str) -> str:
    """Return what a devkit of its own says: whether it is idle, and why not."""
    code = (
        "import sys; from devkit.session.idle import idle_answer\n"
        "kept = idle_answer(sys.argv[1:]); print(kept and [*kept.lines, *kept.printed])"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True, text=True)
    return done.stdout


def run(*words: str) -> None:
    """Run devkit in the current folder, in a process whose search path is that of the others."""
    code = "import sys; from devkit.cli.main import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", code, "run", *words], check=True, capture_output=True)


def settle_index() -> None:
    """Let the index of plugins be kept, which takes a moment in which nothing changes."""
    code = "from devkit.host.index import read_index, index_mark; read_index(); print(index_mark())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    if not done.stdout.strip():
        pytest.skip("the plugins were installed just now, so nothing is kept of them yet")


def test_the_second_run_is_answered_at_once_in_the_words_of_any_other(project: DevkitProject) -> None:
    settle_index()
    run("check")
    said = answer("run", "check")

    assert "project:check" in said
    assert "nothing changed" in said
    assert project.run("run", "check").stderr == "skipped project:check  nothing changed\n"


@pytest.mark.parametrize("change", ["edit", "new", "gone", "mode", "output", "settings", "variable", "record"])
def test_after_any_change_there_is_no_such_answer(
    project: DevkitProject, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_index()
    run("check")
    assert answer("run", "check") != "None\n"
    match change:
        case "edit":
            project.write("src/a.py", "b\n")
        case "new":
            project.write("src/b.py", "b\n")
        case "gone":
            (project.root / "src/a.py").unlink()
        case "mode":
            (project.root / "src/a.py").chmod(0o755)
        case "output":
            project.write("out.txt", "x")
        case "settings":
            project.write("devkit.toml", TASKS.replace('"cat"', '"wc"'))
        case "variable":
            monkeypatch.setenv("MODE", "1")
        case _:
            (project.root / file_name(["run", "check"])).write_text("damaged")

    assert answer("run", "check") == "None\n"


def test_an_edit_behind_a_link_is_seen(project: DevkitProject, tmp_path: Path) -> None:
    settle_index()
    for place in (tmp_path / "beside.py", project.root / ".hidden"):
        place.write_text("a\n")
        (project.root / "src/b.py").unlink(missing_ok=True)
        (project.root / "src/b.py").symlink_to(place)
        run("check")
        assert answer("run", "check") != "None\n"
        place.write_text("b, which is longer\n")

        assert answer("run", "check") == "None\n"


def test_an_edit_that_leaves_size_and_time_alone_is_seen(project: DevkitProject) -> None:
    settle_index()
    run("check")
    path = project.root / "src/a.py"
    before = path.stat()
    path.write_text("b\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert answer("run", "check") == "None\n"


def test_what_devkit_keeps_for_itself_is_no_change(project: DevkitProject) -> None:
    settle_index()
    run("check")
    project.write(".devkit/state/ledger.sqlite3-journal", "passing")

    assert "nothing changed" in answer("run", "check")


def test_other_words_get_no_answer(project: DevkitProject) -> None:
    settle_index()
    run("check")

    assert project.root.joinpath(FOLDER).is_dir()
    for words in (["run"], ["run", "-v", "check"], ["run", "check", "--", "x"], ["run", "other"], ["plan"], []):
        assert answer(*words) == "None\n"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("first", [["check"], ["check", "-q"]])
def test_a_quiet_run_is_answered_without_a_word(first: list[str]) -> None:
    settle_index()
    run(*first)

    assert answer("run", "check", "-q") == answer("run", "--quiet", "check") == "[]\n"
    assert "nothing changed" in answer("run", "check")
    assert answer("run", "check", "--", "-q") == answer("-q", "run", "check") == "None\n"


def test_such_a_run_is_in_the_ledger(project: DevkitProject) -> None:
    from devkit.ledger.history import history
    from devkit.ledger.lastrun import Ending

    settle_index()
    run("check")
    assert answer("run", "check") != "None\n"
    newest, former = history(project.root)

    assert newest.ending is Ending.SKIPPED
    assert newest.tasks[0].reason == "nothing changed"
    assert former.ending is Ending.DONE


def test_a_folder_within_the_project_is_in_it(project: DevkitProject, monkeypatch: pytest.MonkeyPatch) -> None:
    settle_index()
    run("check")
    monkeypatch.chdir(project.root / "src")

    assert "nothing changed" in answer("run", "check")


def test_the_check_imports_nothing_that_costs_start_up() -> None:
    code = "import sys; from devkit.session.idle import idle_answer; idle_answer(['run']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)

    heavy = {"click", "pluggy", "json", "dataclasses", "msgspec", "subprocess", "typing"}
    assert not heavy & set(done.stdout.split())


def test_what_is_kept_reads_as_it_was_written() -> None:
    parts = {name: [name, "", "\ud8ff", "a\tb"] for name in Kept.__slots__}
    found = read_kept(Kept(**parts).text())

    assert found is not None
    assert found.parts() == list(parts.values())
    assert read_kept("") is None


@pytest.mark.parametrize(
    "change", ["untracked", "in an empty folder", "rule", "own rule", "untracked rule", "commit"]
)
def test_what_git_would_tell_of_untracked_files_is_seen(
    devkit_project: Callable[..., DevkitProject],
    committed: Callable[[DevkitProject], DevkitProject],
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    project = devkit_project(
        {
            "devkit.toml": TASKS,
            "src/a.py": "a\n",
            ".gitignore": ".devkit/\nignored/\n",
            "out.txt": "",
            "src/ignored/b.py": "b\n",
        }
    )
    committed(project)
    (project.root / "src/empty").mkdir()
    project.write("src/deep/.gitignore", "c.py\n")
    project.write("src/deep/c.py", "c\n")
    monkeypatch.chdir(project.root)
    settle_index()
    run("check")
    assert answer("run", "check") != "None\n"
    match change:
        case "untracked":
            project.write("src/b.py", "b\n")
        case "in an empty folder":
            project.write("src/empty/b.py", "b\n")
        case "rule":
            project.write(".gitignore", ".devkit/\n")
        case "own rule":
            project.write(".git/info/exclude", "c.py\n")
        case "untracked rule":
            project.write("src/deep/.gitignore", "d.py\n")
        case _:
            project.git("commit", "--allow-empty", "-qm", "second")

    assert answer("run", "check") == "None\n"


def test_a_rule_above_the_project_is_seen(
    devkit_project: Callable[..., DevkitProject],
    committed: Callable[[DevkitProject], DevkitProject],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    above = devkit_project({".gitignore": ".devkit/\n"}, "above")
    project = devkit_project({"devkit.toml": TASKS, "src/a.py": "a\n", "out.txt": ""}, "above/project")
    committed(above)
    monkeypatch.chdir(project.root)
    settle_index()
    run("check")
    assert answer("run", "check") != "None\n"
    above.write(".gitignore", ".devkit/\nsrc/b.py\n")

    assert answer("run", "check") == "None\n"


def test_what_comes_up_in_an_ignored_folder_changes_nothing(
    devkit_project: Callable[..., DevkitProject],
    committed: Callable[[DevkitProject], DevkitProject],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {
        "devkit.toml": TASKS,
        "src/a.py": "a\n",
        ".gitignore": ".devkit/\ncache/\n",
        "out.txt": "",
        "cache/a": "",
    }
    project = devkit_project(files)
    committed(project)
    monkeypatch.chdir(project.root)
    settle_index()
    run("check")
    project.write("cache/b", "b\n")

    assert "nothing changed" in answer("run", "check")
