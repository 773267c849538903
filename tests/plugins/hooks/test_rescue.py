from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from devkit_hooks.rescue import keeping, restoring, snapshot
from devkit_hooks.rescue.git import Git

from tests.plugins.hooks.git_states import state_of

if TYPE_CHECKING:
    from devkit.testing import DevkitProject


@pytest.fixture
def git(repository: DevkitProject) -> Git:
    """Return git at the top of a repository."""
    found = Git(str(repository.root), os.environ)
    assert found.find()
    return found


def guarded(repository: DevkitProject, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the shell in the place of a runner."""
    argv = [sys.executable, "-P", "-m", "devkit_hooks.rescue.guarding", "sh", "-c", script]
    return subprocess.run(argv, cwd=repository.root, capture_output=True, text=True, check=False)


def killed(repository: DevkitProject) -> None:
    """Leave the work tree as a runner leaves it that was killed together with all around it."""
    assert guarded(repository, "git checkout -q -- . && kill -KILL $PPID").returncode == -9


def test_what_another_run_has_tidied_up_meanwhile_is_gone(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    left = Path(keeping.folder_of(git), "run-1.index")
    left.touch()

    def tidy_up(_: str) -> bool:
        left.unlink()
        return False

    monkeypatch.setattr(keeping, "is_alive", tidy_up)

    keeping.tidy(git)

    assert not left.exists()


def test_where_nothing_is_unstaged_nothing_is_kept(git: Git) -> None:
    assert snapshot.take(git, "test") is None


def test_keeping_touches_neither_the_index_nor_a_file(repository: DevkitProject, git: Git) -> None:
    repository.write("README.md", "changed\n")
    files = {path: path.stat() for path in (*repository.root.iterdir(), repository.root / ".git/index")}

    assert snapshot.take(git, "test") is not None

    after = {path: path.stat() for path in files}
    assert {path: (each.st_mtime_ns, each.st_ino) for path, each in after.items() if path.name != ".git"} == {
        path: (each.st_mtime_ns, each.st_ino) for path, each in files.items() if path.name != ".git"
    }


@pytest.mark.parametrize("name", [b"caf\xe9", b"new\nline", b'"quoted"', b"tab\t", b" blank ", b":(top)x", b"-n"])
def test_names_of_any_bytes_come_back(repository: DevkitProject, git: Git, name: bytes) -> None:
    path = os.path.join(os.fsencode(repository.root), name)
    with open(path, "wb") as file:
        file.write(b"one\n")
    subprocess.run(["git", "add", "-N", b"./" + name], cwd=repository.root, check=True)
    before = state_of(repository.root)
    rescue = snapshot.take(git, "test")
    assert rescue is not None
    subprocess.run(["git", "rm", "-q", "--cached", "-f", b"./" + name], cwd=repository.root, check=True)
    os.unlink(path)

    restoring.put_back(git, keeping.find(git, rescue.name))

    assert state_of(repository.root) == before


def test_line_endings_come_back_where_git_would_convert_them(repository: DevkitProject) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.write("README.md", "mixed\r\nendings\n")
    killed(repository)
    assert repository.read("README.md") != "mixed\r\nendings\n"

    assert repository.run("hooks", "rescue").code == 0
    assert repository.read("README.md") == "mixed\r\nendings\n"


def test_every_command_says_that_hooks_were_killed_until_all_is_back(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")
    killed(repository)
    assert repository.read("README.md") == "# shop\n"

    assert "devkit hooks rescue" in repository.run("status").stderr
    assert [each["code"] for each in repository.run("--json", "plan").document["findings"]] == ["DK1209"]
    assert repository.run("hooks", "rescue").code == 0

    assert repository.read("README.md") == "mine\n"
    assert "DK1209" not in repository.run("status").stderr


def test_outside_of_a_project_it_is_git_that_brings_back_what_was_there(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")
    killed(repository)
    (repository.root / "devkit.toml").unlink()
    shutil.rmtree(repository.root / ".devkit")

    (advice,) = re.findall(r"git restore .*", repository.run("status").stderr)
    repository.git(*advice.split()[1:])

    assert repository.read("README.md") == "mine\n"


def test_what_stands_there_instead_is_kept_too(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")
    killed(repository)
    repository.write("README.md", "written since\n")

    document = repository.run("--json", "hooks", "rescue").document
    assert repository.read("README.md") == "mine\n"
    assert document["files"] == ["README.md"]

    assert repository.run("hooks", "rescue", "apply", document["before"]).code == 0
    assert repository.read("README.md") == "written since\n"


def test_a_run_that_ended_leaves_nothing(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")

    assert guarded(repository, "exit 3").returncode == 3
    assert repository.git("for-each-ref", "refs/devkit") == ""
    assert list((repository.root / ".git/devkit/rescue").iterdir()) == []


def test_what_hooks_changed_beside_unstaged_work_can_be_had_as_it_was(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")

    done = guarded(repository, "echo theirs >> README.md")

    assert "devkit hooks rescue apply" in done.stderr
    assert "DK1209" not in repository.run("status").stderr, "the run has ended"
    assert repository.run("hooks", "rescue").code == 0
    assert repository.read("README.md") == "mine\n"


@pytest.mark.parametrize("signal", ["TERM", "INT", "HUP", "KILL"])
def test_after_a_runner_that_a_signal_ended_everything_is_back_at_once(
    repository: DevkitProject, signal: str
) -> None:
    repository.write("README.md", "mine\n")

    done = guarded(repository, f"git checkout -q -- . && kill -{signal} $$")

    assert done.returncode > 128
    assert repository.read("README.md") == "mine\n"
    assert repository.git("for-each-ref", "refs/devkit") == ""


def test_the_work_is_kept_while_hooks_run(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")

    done = guarded(
        repository, "git checkout -q -- . && git show $(git for-each-ref --format='%(refname)' refs/devkit):README.md"
    )

    assert done.stdout == "mine\n"


def test_rescues_are_listed_and_dropped(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")
    killed(repository)
    (listed,) = repository.run("--json", "hooks", "rescue", "list").document["rescues"]
    assert (listed["killed"], listed["count"]) == (True, 1)

    assert repository.run("hooks", "rescue", "drop").code == 2
    assert repository.run("hooks", "rescue", "drop", "nothing").code == 66
    assert repository.run("hooks", "rescue", "drop", listed["name"]).code == 0

    assert repository.run("--json", "hooks", "rescue", "list").document["rescues"] == []
    assert "DK1209" not in repository.run("status").stderr


def test_outside_of_a_work_tree_the_program_is_run_all_the_same(repository: DevkitProject) -> None:
    argv = [sys.executable, "-P", "-m", "devkit_hooks.rescue.guarding", "echo", "here"]

    done = subprocess.run(argv, cwd=repository.root.parent, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "here\n")


def test_a_program_that_is_not_there_is_named(repository: DevkitProject) -> None:
    argv = [sys.executable, "-P", "-m", "devkit_hooks.rescue.guarding", "no-such-program"]

    done = subprocess.run(argv, cwd=repository.root, capture_output=True, text=True, check=False)

    assert done.returncode == 127
    assert done.stderr.startswith("devkit-rescue: `no-such-program` cannot be started")


def test_a_file_that_git_takes_for_unchanged_is_kept_though_nothing_else_is(repository: DevkitProject) -> None:
    repository.git("update-index", "--assume-unchanged", "README.md")
    repository.write("README.md", "mine\n")

    guarded(repository, "echo theirs > README.md; kill -KILL $$")

    assert repository.read("README.md") == "mine\n"


def test_what_a_killed_process_left_half_made_goes_with_the_next_one(repository: DevkitProject, git: Git) -> None:
    leftover = repository.write(f".git/devkit/rescue/20200101T000000Z-{2**22 + 1}.index", "half")
    repository.write("README.md", "mine\n")

    assert snapshot.take(git, "test") is not None
    assert not leftover.exists()


def test_rescues_of_runs_that_ended_do_not_grow_without_end(repository: DevkitProject, git: Git) -> None:
    commit = repository.git("rev-parse", "HEAD").strip()
    for number in range(25):
        repository.git("update-ref", f"refs/devkit/rescue/2020010{number % 9}T000000Z-{number}", commit)

    keeping.prune(git)

    assert len(keeping.names(git)) == 20


def test_an_object_name_of_sha256_is_as_good(devkit_home: Path, tmp_path: Path) -> None:
    del devkit_home
    root = tmp_path / "new"
    subprocess.run(["git", "init", "-q", "--object-format=sha256", root], check=True)
    for name in ("a", "b"):
        (root / name).write_text(f"{name}\n", "utf-8")
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    (root / "a").unlink()
    (root / "b").write_text("changed\n", "utf-8")
    found = Git(str(root), os.environ)
    assert found.find()
    before = state_of(root)

    rescue = snapshot.take(found, "test")
    assert rescue is not None
    subprocess.run(["git", "checkout", "-q", "--", "."], cwd=root, check=True)
    restoring.put_back(found, keeping.find(found, rescue.name))

    assert state_of(root) == before


def test_a_folder_in_the_place_of_a_file_is_kept_and_makes_room(repository: DevkitProject) -> None:
    repository.write("README.md", "mine\n")
    killed(repository)
    (repository.root / "README.md").unlink()
    repository.write("README.md/deep/inside", "written since\n")

    document = repository.run("--json", "hooks", "rescue").document
    assert repository.read("README.md") == "mine\n"

    assert repository.run("hooks", "rescue", "apply", document["before"]).code == 0
    assert repository.read("README.md/deep/inside") == "written since\n"


def test_what_a_merge_removes_and_the_disk_still_has_is_kept(repository: DevkitProject) -> None:
    repository.git("checkout", "-qb", "other")
    repository.git("rm", "-q", "README.md")
    repository.git("commit", "-qm", "remove")
    repository.git("checkout", "-q", "-")
    repository.git("commit", "-q", "--allow-empty", "-m", "on")
    repository.git("merge", "-q", "--no-commit", "--no-ff", "other")
    repository.write("README.md", "mine\n")

    guarded(repository, "echo theirs > README.md")

    assert repository.run("hooks", "rescue").code == 0
    assert repository.read("README.md") == "mine\n"


def test_the_rescue_of_hooks_that_go_on_is_not_taken_for_one_of_killed_ones(
    repository: DevkitProject, git: Git
) -> None:
    repository.write("README.md", "mine\n")
    rescue = snapshot.take(git, "test")
    assert rescue is not None
    keeping.mark(git, rescue)
    repository.write("README.md", "what a hook writes\n")

    assert repository.run("hooks", "rescue").stdout == "nothing is kept\n"
    assert [each["killed"] for each in repository.run("--json", "hooks", "rescue", "list").document["rescues"]] == [
        False
    ]
    assert repository.read("README.md") == "what a hook writes\n"


def test_a_linked_work_tree_neither_takes_nor_forgets_the_work_of_another(
    repository: DevkitProject, tmp_path: Path
) -> None:
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    repository.write("README.md", "work of the main one\n")
    killed(repository)

    linked = ("-C", str(tmp_path / "linked"), "hooks", "rescue")
    assert "nothing is kept" in repository.run(*linked).stdout
    repository.run(*linked, "drop", "--all")

    assert (tmp_path / "linked/README.md").read_text("utf-8") == "# shop\n"
    assert repository.run("hooks", "rescue").code == 0
    assert (repository.root / "README.md").read_text("utf-8") == "work of the main one\n"


def test_the_rescue_of_a_linked_work_tree_is_named_after_it_and_dropped_with_its_mark(
    repository: DevkitProject, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "-q", str(linked))
    (linked / "README.md").write_text("work of the linked one\n", "utf-8")
    argv = [sys.executable, "-P", "-m", "devkit_hooks.rescue.guarding", "sh", "-c", "kill -KILL $PPID"]
    subprocess.run(argv, cwd=linked, check=False)

    (rescue,) = repository.run("--json", "hooks", "rescue", "list").document["rescues"]
    assert rescue["name"].startswith("linked/")
    assert rescue["killed"]
    assert repository.run("hooks", "rescue", "drop", rescue["name"]).code == 0
    assert "DK1209" not in repository.run("-C", str(linked), "hooks", "rescue", "list").stderr
