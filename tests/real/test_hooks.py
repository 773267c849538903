"""Git hooks as a team has them: somebody with devkit, somebody without, real pre-commit, and real prek."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.plugins.hooks.git_states import state_of
from tests.real.environments import Environment, run
from tests.real.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real.environments import Ended

pytestmark = [pytest.mark.real]
RUNNERS = ("pre-commit", "prek")
CTRL_C = "\x03"
SLOW = """\
      - id: slow
        name: slow
        entry: sh -c 'echo begun > /dev/tty; sleep 60'
        language: system
        always_run: true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """A clone of the generated project, and what its owner has installed."""

    root: Path
    environment: Environment

    def program(self, *words: str) -> Ended:
        """Run a program from the search path."""
        return run(words, cwd=self.root, variables=self.environment.variables)

    def commit(self, message: str = "change") -> Ended:
        """Commit what is staged."""
        return self.program("git", "commit", "-qm", message)

    def write(self, path: str, text: str) -> None:
        """Write a file and stage it."""
        (self.root / path).write_text(text, "utf-8")
        self.program("git", "add", path).passed()


@pytest.fixture(scope="module")
def shop(with_uv: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a service that `devkit init` made, with its environment and its hooks."""
    above = tmp_path_factory.mktemp("hooks")
    with_uv.devkit("init", "shop", "--defaults", cwd=above).passed()
    return above / "shop"


@pytest.fixture(scope="module")
def runners(tools: Environment) -> Environment:
    """Return an environment with pre-commit and prek, and no devkit."""
    tools.pip("install", "--quiet", "pre-commit", "prek")
    return tools


@pytest.fixture
def owner(shop: Path, with_uv: Environment) -> Clone:
    """Return the project itself, as clean as it was made."""
    run(["git", "checkout", "-qfB", "work", "main"], cwd=shop, variables=with_uv.variables).passed()
    return Clone(root=shop, environment=with_uv)


@pytest.fixture
def colleague(shop: Path, runners: Environment, with_uv: Environment, tmp_path: Path) -> Clone:
    """Return a clone in the hands of somebody without devkit, who has made the environment with uv."""
    uv = shutil.which("uv", path=with_uv.variables["PATH"])
    assert uv is not None
    run(
        ["git", "clone", "-q", "-b", "main", shop, tmp_path / "shop"], cwd=tmp_path, variables=runners.variables
    ).passed()
    run([uv, "sync", "--quiet"], cwd=tmp_path / "shop", variables=runners.variables).passed()
    return Clone(root=tmp_path / "shop", environment=runners)


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_clone_without_devkit_passes_and_is_guarded(colleague: Clone, runners: Environment, runner: str) -> None:
    program = runners.script(runner)
    colleague.program(program, "run", "--all-files").passed()
    colleague.program(program, "install").passed()
    colleague.write("notes.txt", "a line   \n")

    refused = colleague.commit()
    assert refused.code == 1
    assert "no white space at the end of lines" in refused.stdout + refused.stderr
    colleague.program("git", "add", "-A").passed()
    colleague.commit().passed()
    assert (colleague.root / "notes.txt").read_text("utf-8") == "a line\n"


def test_the_project_names_no_folder_of_who_made_it(colleague: Clone, shop: Path) -> None:
    text = (colleague.root / ".pre-commit-config.yaml").read_text("utf-8")

    assert str(shop) not in text
    assert "devkit-" not in text


def test_init_installs_hooks_that_refuse_and_mend(owner: Clone) -> None:
    owner.write("notes.txt", "a line   \n")

    assert owner.commit().code == 1
    owner.program("git", "add", "-A").passed()
    owner.commit().passed()


def test_what_is_not_staged_is_there_after_every_kind_of_commit(owner: Clone) -> None:
    owner.write("notes.txt", "a line\n")
    (owner.root / "README.md").write_text("unstaged\n", "utf-8")
    owner.commit().passed()
    assert (owner.root / "README.md").read_text("utf-8") == "unstaged\n"

    (owner.root / "notes.txt").write_text("two lines\n", "utf-8")
    owner.program("git", "commit", "-qm", "only one", "notes.txt").passed()
    assert (owner.root / "README.md").read_text("utf-8") == "unstaged\n"
    owner.program("git", "commit", "-qam", "all").passed()
    assert owner.program("git", "for-each-ref", "refs/devkit").stdout == ""


def test_one_hook_is_left_out_by_its_id(owner: Clone) -> None:
    owner.write("bad.json", "{\n")
    assert owner.commit().code == 1

    left_out = Clone(root=owner.root, environment=owner.environment.having(SKIP="json"))
    left_out.commit().passed()


@pytest.mark.parametrize("words", [(), ("--all-files",), ("--from-ref", "main", "--to-ref", "HEAD"), ("bad.json",)])
def test_devkit_runs_them_with_the_same_answer(owner: Clone, words: tuple[str, ...]) -> None:
    owner.write("bad.json", "{\n")
    if "--from-ref" in words:
        owner.program("git", "commit", "-qnm", "bad").passed()

    done = owner.environment.devkit("hooks", "run", *words, cwd=owner.root)

    assert done.code == 1
    assert "JSON can be read" in done.stdout
    assert "DK1202" in done.stderr


@pytest.mark.parametrize("runner", RUNNERS)
def test_ctrl_c_at_a_terminal_loses_nothing(owner: Clone, runners: Environment, runner: str, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    if runner == "prek":
        (folder / runner).symlink_to(runners.script(runner))
    config = owner.root / ".pre-commit-config.yaml"
    config.write_text(config.read_text("utf-8").replace("    hooks:\n", f"    hooks:\n{SLOW}", 1), "utf-8")
    owner.program("git", "add", "-A").passed()
    (owner.root / "README.md").write_text("unstaged\n", "utf-8")
    before = state_of(owner.root)
    environment = owner.environment.having(PATH=f"{folder}{os.pathsep}{owner.environment.variables['PATH']}")

    git = shutil.which("git", path=environment.variables["PATH"])
    assert git is not None
    with Terminal([git, "commit", "-qm", "x"], cwd=owner.root, variables=environment.variables) as terminal:
        terminal.see("begun")
        terminal.press(CTRL_C)
        code = terminal.end()
        assert terminal.processes() == []

    assert code in {1, 128 + signal.SIGINT, -signal.SIGINT}
    assert state_of(owner.root) == before


def test_a_linked_work_tree_says_what_it_lacks(owner: Clone, tmp_path: Path) -> None:
    owner.program("git", "worktree", "add", "-q", "-f", str(tmp_path / "linked"), "-b", "linked").passed()
    linked = Clone(root=tmp_path / "linked", environment=owner.environment)

    refused = linked.program("git", "commit", "--allow-empty", "-qm", "x")

    assert refused.code == 1
    assert "uv sync" in refused.stderr
    linked.environment.devkit("env", "setup", cwd=linked.root).passed()
    linked.program("git", "commit", "--allow-empty", "-qm", "x").passed()
    owner.program("git", "worktree", "remove", "--force", str(tmp_path / "linked")).passed()


def test_env_setup_installs_hooks_after_a_clone(shop: Path, with_uv: Environment, tmp_path: Path) -> None:
    run(["git", "clone", "-q", shop, tmp_path / "shop"], cwd=tmp_path, variables=with_uv.variables).passed()

    with_uv.devkit("env", "setup", cwd=tmp_path / "shop").passed()

    assert (tmp_path / "shop/.git/hooks/pre-commit").exists()


@pytest.mark.parametrize("runner", RUNNERS)
def test_hooks_that_a_runner_had_installed_come_back(owner: Clone, runners: Environment, runner: str) -> None:
    owner.environment.devkit("hooks", "uninstall", cwd=owner.root).passed()
    run([runners.script(runner), "install"], cwd=owner.root, variables=owner.environment.variables).passed()
    before = {path: path.read_bytes() for path in (owner.root / ".git/hooks").iterdir()}

    owner.environment.devkit("hooks", "install", cwd=owner.root).passed()
    done = owner.program("git", "commit", "--allow-empty", "-qm", "x").passed()
    assert (done.stdout + done.stderr).count("no merge markers are left") == 1
    owner.environment.devkit("hooks", "uninstall", cwd=owner.root).passed()

    assert {path: path.read_bytes() for path in (owner.root / ".git/hooks").iterdir()} == before
    for name in ("pre-commit", "pre-push"):
        (owner.root / ".git/hooks" / name).unlink(missing_ok=True)
    owner.environment.devkit("hooks", "install", cwd=owner.root).passed()


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_runner_that_is_installed_over_ours_checks_once(owner: Clone, runners: Environment, runner: str) -> None:
    run([runners.script(runner), "install"], cwd=owner.root, variables=owner.environment.variables).passed()

    done = owner.program("git", "commit", "--allow-empty", "-qm", "x").passed()

    assert (done.stdout + done.stderr).count("no merge markers are left") == 1
    for path in (owner.root / ".git/hooks").glob("pre-*[!e]"):
        path.unlink()
    owner.environment.devkit("hooks", "install", cwd=owner.root).passed()
