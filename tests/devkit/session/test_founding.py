from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from devkit.engine.signals import Interrupted
from devkit.testing import run_devkit, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("devkit_home")

PLAIN = {
    "cookiecutter.json": '{"project_name": "shop", "project_slug": "{{ cookiecutter.project_name }}"}',
    "template.toml": 'summary = "Plain."\nseeded = ["src/**"]\n',
    "{{cookiecutter.project_slug}}/README.md": "# {{ cookiecutter.project_name }}\n",
    "{{cookiecutter.project_slug}}/src/main.txt": "begin\n",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "template"
    write(folder, PLAIN)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_project_is_made_with_one_commit_and_a_clean_tree(tmp_path: Path, template: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "init", "market", "--template", str(template), "--defaults", "--no-env")

    assert done.code == 0, done.stderr
    shop = tmp_path / "market"
    assert (shop / "README.md").read_text() == "# market\n"
    assert git(shop, "status", "--porcelain") == ""
    assert len(git(shop, "log", "--format=%s").splitlines()) == 1
    assert run_devkit("-C", str(shop), "apply", "--check").code == 0
    assert names(tmp_path) == ["market", "template"]


def test_the_next_three_commands_are_printed(tmp_path: Path, template: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    following = [line.strip() for line in done.stdout.partition("next:")[2].splitlines() if line.strip()]
    assert len(following) == 3
    step, folder = following[0].split()
    assert step == "cd"
    assert os.path.abspath(folder) == str(tmp_path / "market")


def test_a_project_beside_a_repository_is_a_repository_of_its_own(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clone").mkdir()
    git(tmp_path / "clone", "init", "-q")
    monkeypatch.chdir(tmp_path / "clone")

    done = run_devkit("init", "../market", "-t", str(template), "--defaults", "--no-env")

    assert "  cd ../market\n" in done.stdout
    assert len(git(tmp_path / "market", "log", "--format=%s").splitlines()) == 1


def test_nothing_of_the_author_s_paths_is_committed(tmp_path: Path, template: Path) -> None:
    run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    for path, content in snapshot(tmp_path / "market").items():
        assert str(tmp_path).encode() not in content, path


def test_a_folder_with_files_is_refused_untouched_and_adopt_is_named(tmp_path: Path, template: Path) -> None:
    (tmp_path / "market").mkdir()
    (tmp_path / "market" / "mine").write_text("mine")
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    assert done.code == 73
    assert "adopt" in done.stderr
    assert names(tmp_path / "market") == ["mine"]


def test_an_empty_folder_and_one_with_only_git_are_filled(tmp_path: Path, template: Path) -> None:
    for name in ("empty", "cloned"):
        (tmp_path / name).mkdir()
    git(tmp_path / "cloned", "init", "--quiet")
    for name in ("empty", "cloned"):
        done = run_devkit("-C", str(tmp_path), "init", name, "-t", str(template), "--defaults", "--no-env")
        assert done.code == 0, done.stderr
        assert git(tmp_path / name, "status", "--porcelain") == ""


def test_the_current_folder_is_the_default(tmp_path: Path, template: Path) -> None:
    here = tmp_path / "market"
    here.mkdir()

    assert run_devkit("-C", str(here), "init", "-t", str(template), "--defaults", "--no-env").code == 0
    assert (here / "README.md").read_text() == "# market\n"


def test_inside_a_work_tree_no_repository_and_no_commit_is_made(tmp_path: Path, template: Path) -> None:
    outer = tmp_path / "mono"
    outer.mkdir()
    git(outer, "init", "--quiet")
    done = run_devkit("-C", str(outer), "init", "market", "-t", str(template), "--defaults", "--no-env")

    assert done.code == 0, done.stderr
    assert not (outer / "market" / ".git").exists()
    assert "market/" in git(outer, "status", "--porcelain")


def test_no_git_makes_no_repository(tmp_path: Path, template: Path) -> None:
    done = run_devkit(
        "-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env", "--no-git"
    )

    assert done.code == 0
    assert not (tmp_path / "market" / ".git").exists()


def test_an_invalid_name_gets_a_valid_suggestion(tmp_path: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "init", "9 shops!", "--defaults", "--no-env")

    assert done.code == 2
    assert "try `" in done.stderr
    assert names(tmp_path) == []


def test_without_git_the_way_out_is_shown(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    assert done.code == 69
    assert "--no-git" in done.stderr
    assert names(tmp_path) == ["template"]
    words = ("init", "market", "-t", str(template), "--defaults", "--no-env", "--no-git")
    assert run_devkit("-C", str(tmp_path), *words).code == 0


def test_without_an_identity_the_commands_that_set_one_are_shown(
    tmp_path: Path, template: Path, devkit_home: Path
) -> None:
    (devkit_home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    assert done.code == 78
    assert "git config --global user.name" in done.stderr
    assert names(tmp_path) == ["template"]


def test_a_signing_program_that_fails_leaves_nothing_behind(
    tmp_path: Path, template: Path, devkit_home: Path
) -> None:
    with (devkit_home / ".gitconfig").open("a") as file:
        file.write("[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n")
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    assert done.code == 1
    assert "state: nothing was changed" in done.stderr
    assert names(tmp_path) == ["template"]


def test_a_template_that_fails_half_way_leaves_nothing_behind(tmp_path: Path, template: Path) -> None:
    (template / "{{cookiecutter.project_slug}}" / "zz.txt").write_text("{{ cookiecutter.missing }}\n")
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")

    assert done.code == 65
    assert "zz.txt" in done.stderr
    assert names(tmp_path) == ["template"]


def test_a_template_that_runs_code_needs_trust_and_lists_it(tmp_path: Path, template: Path) -> None:
    write(template, {"hooks/post_gen_project.py": "open('made-by-hook', 'w').close()\n"})
    words = ("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")
    refused = run_devkit(*words)

    assert refused.code == 4
    assert "hooks/post_gen_project.py" in refused.stderr
    assert names(tmp_path) == ["template"]

    assert run_devkit("trust", str(template)).code == 0
    done = run_devkit(*words)
    assert done.code == 0, done.stderr
    assert (tmp_path / "market" / "made-by-hook").exists()


def test_an_unknown_template_is_missing_input(tmp_path: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", "python-servcie", "--defaults")

    assert done.code == 66
    assert "python-service" in done.stderr


def test_a_template_named_like_an_option_is_wrong_usage(tmp_path: Path) -> None:
    for location in ("ext::sh -c id", "https://example.com/a@--upload-pack=id"):
        assert run_devkit("-C", str(tmp_path), "init", "market", "-t", location, "--defaults").code == 2


def test_answers_are_given_by_data_and_by_file(tmp_path: Path, template: Path) -> None:
    (tmp_path / "answers.toml").write_text('project_name = "from-file"\n')
    words = (
        "-C",
        str(tmp_path),
        "init",
        "a",
        "-t",
        str(template),
        "--defaults",
        "--no-env",
        "--data-file",
        "answers.toml",
    )
    assert run_devkit(*words).code == 0
    assert (tmp_path / "a" / "README.md").read_text() == "# from-file\n"

    words = (
        "-C",
        str(tmp_path),
        "init",
        "b",
        "-t",
        str(template),
        "--defaults",
        "--no-env",
        "-d",
        "project_name=given",
    )
    assert run_devkit(*words).code == 0
    assert (tmp_path / "b" / "README.md").read_text() == "# given\n"


def test_an_answer_that_the_template_does_not_ask_for_is_refused(tmp_path: Path, template: Path) -> None:
    words = ("-C", str(tmp_path), "init", "a", "-t", str(template), "--defaults", "--no-env", "-d", "projekt_name=x")
    done = run_devkit(*words)

    assert done.code == 2
    assert "project_name" in done.stderr


def test_a_stage_can_be_left_out(tmp_path: Path, template: Path) -> None:
    words = ("-C", str(tmp_path), "init", "a", "-t", str(template), "--defaults", "--no-env", "--without", "env")
    assert run_devkit(*words).code == 0

    assert not (tmp_path / "a" / ".gitignore").exists()
    assert "\nenv = " not in (tmp_path / "a" / ".devkit" / "lock.toml").read_text()


def test_a_newer_template_is_taken_over_by_update_and_edits_survive(tmp_path: Path, template: Path) -> None:
    run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")
    shop = tmp_path / "market"
    readme = template / "{{cookiecutter.project_slug}}" / "README.md"
    readme.write_text("# {{ cookiecutter.project_name }}\n\nnew paragraph\n")
    (template / "{{cookiecutter.project_slug}}" / "src" / "main.txt").write_text("other\n")
    done = run_devkit("-C", str(shop), "update")

    assert done.code == 0, done.stderr
    assert (shop / "README.md").read_text() == "# market\n\nnew paragraph\n"
    assert (shop / "src" / "main.txt").read_text() == "begin\n"


def test_an_update_can_be_taken_back(tmp_path: Path, template: Path) -> None:
    run_devkit("-C", str(tmp_path), "init", "market", "-t", str(template), "--defaults", "--no-env")
    shop = tmp_path / "market"
    before = snapshot(shop)
    (template / "{{cookiecutter.project_slug}}" / "README.md").write_text("# other\n")
    assert run_devkit("-C", str(shop), "update").code == 0
    assert snapshot(shop) != before

    done = run_devkit("-C", str(shop), "update", "--abort")
    assert done.code == 0, done.stderr
    assert "README.md" in done.stdout
    assert snapshot(shop) == before
    assert run_devkit("-C", str(shop), "update", "--abort").code == 2


def test_an_interrupt_while_dependencies_are_locked_says_that_nothing_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        problem = Interrupted(signal.SIGINT)
        problem.state = "0 of 1 tasks done"
        raise problem

    monkeypatch.setattr("devkit.session.founding._run_moment", interrupted)
    done = run_devkit("-C", str(tmp_path), "init", "market", "-t", "python-library", "--defaults")

    assert done.code == 130
    assert "state: nothing was changed" in done.stderr
    assert names(tmp_path) == []


def test_an_empty_name_is_not_the_current_folder(tmp_path: Path) -> None:
    done = run_devkit("-C", str(tmp_path), "init", "", "--defaults", "--no-env")

    assert done.code == 2
    assert names(tmp_path) == []


def test_an_update_can_take_the_template_from_another_reference(tmp_path: Path, template: Path) -> None:
    git(template, "init", "--quiet")
    git(template, "add", ".")
    git(template, "commit", "--quiet", "-m", "one")
    git(template, "tag", "v1")
    (template / "{{cookiecutter.project_slug}}" / "README.md").write_text("# second\n")
    git(template, "commit", "--quiet", "-a", "-m", "two")
    git(template, "tag", "v2")
    url = f"file://{template}"
    words = ("init", "market", "-t", f"{url}@v1", "--defaults", "--no-env")
    assert run_devkit("-C", str(tmp_path), *words).code == 0
    shop = tmp_path / "market"

    assert run_devkit("-C", str(shop), "update").code == 0
    assert (shop / "README.md").read_text() == "# market\n"
    done = run_devkit("-C", str(shop), "update", "--template", f"{url}@v2")
    assert done.code == 0, done.stderr
    assert (shop / "README.md").read_text() == "# second\n"
    assert run_devkit("-C", str(shop), "apply", "--check").code == 0


LOCKING = """
from devkit.api import Moment, RunCommand, Stage, Task, Write, hookimpl

@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Lock.")]

@hookimpl
def devkit_files(context):
    lock = context.tree.read_text("acme.lock")
    yield Write(path="image.txt", text=f"installs {lock or 'anything'}")

@hookimpl
def devkit_tasks(context):
    argv = ("sh", "-c", "printf exactly-this > acme.lock")
    yield Task(name="acme:lock", action=RunCommand(argv=argv), moment=Moment.LOCK)
"""


def test_the_first_commit_holds_the_files_as_they_are_for_its_lock(
    tmp_path: Path, template: Path, devkit_plugin: Callable[..., Path]
) -> None:
    devkit_plugin("acme", LOCKING)
    words = ("-p", "acme", "init", "market", "--template", str(template), "--defaults")
    done = run_devkit("-C", str(tmp_path), *words)

    assert done.code == 0, done.stderr
    shop = tmp_path / "market"
    assert git(shop, "show", "HEAD:image.txt") == "installs exactly-this"
    assert git(shop, "status", "--porcelain") == ""
    assert run_devkit("-C", str(shop), "-p", "acme", "apply", "--check").code == 0
