from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_githooks import commit_message

if TYPE_CHECKING:
    from tests.hooks.repository import Repository


def checked(repository: Repository, text: str, *words: str) -> tuple[int, list[str]]:
    repository.write("M", text)
    return repository.hook(commit_message.main, *words, "M")


@pytest.mark.parametrize(
    "text",
    [
        "feat: add a thing\n",
        "fix(api)!: take it back\n\nBREAKING CHANGE: all of it\n",
        "\n\n# comment\nchore: begin\n# comment\n\nbody\n",
        "docs: say it\n# ------------------------ >8 ------------------------\ndiff\nno type\n",
        "fixup! anything\n",
        "squash! anything\n",
        "amend! anything\n",
        'Revert "anything"\n',
        'Reapply "anything"\n',
        "Merge branch 'a'\nwithout a blank line\n",
        "Merge pull request #1 from a/b\n",
        "feat: größer\r\n\r\nbody\r\n",
        "feat: one\fline\u2028only\n\nbody\n",
        "",
        "# nothing but comments\n",
    ],
)
def test_a_message_as_agreed_passes(repository: Repository, text: str) -> None:
    assert checked(repository, text) == (0, [])


@pytest.mark.parametrize(
    "text", ["Add a thing", "feat : a", "feat:a", "feat(): a", "feat(a: b", "feat: ", "Merge it all"]
)
def test_another_form_is_found(repository: Repository, text: str) -> None:
    code, (line,) = checked(repository, text)
    assert (code, line.startswith("M:1: "), "is no `type(scope): description`" in line) == (1, True, True)


def test_a_message_of_the_command_line_has_no_comments(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "#42 quick\n\nfeat: not the first line\n"
    assert checked(repository, text) == (0, [])
    monkeypatch.setenv("GIT_EDITOR", ":")
    assert checked(repository, text)[0] == 1
    assert checked(repository, "# This is a combination of 2 commits.\nfeat: both\n#\n#\ttext\n") == (0, [])


def test_a_finding_says_how_to_begin_and_how_to_commit_again(repository: Repository) -> None:
    assert checked(repository, "# why\nFixes the door\n")[1] == [
        "M:2: 'Fixes the door' is no `type(scope): description`; begin with `fix: `; then: git commit --edit --file=M"
    ]


def test_types_and_scopes_are_of_your_choice(repository: Repository) -> None:
    assert "write feat; then" in checked(repository, "feet: a")[1][0]
    assert checked(repository, "deps: a", "--types", "deps,feat")[0] == 0
    assert checked(repository, "fix: a", "--types=deps,feat")[0] == 1
    assert checked(repository, "fix(web): a", "--scopes=api,web")[0] == 0
    assert "write web; then" in checked(repository, "fix(wep): a", "--scopes=api,web")[1][0]
    assert "the scope is missing" in checked(repository, "fix: a", "--require-scope")[1][0]


def test_the_first_line_is_short_and_alone(repository: Repository) -> None:
    assert checked(repository, "fix: " + "a" * 95)[0] == 0
    assert "has 101 signs" in checked(repository, "fix: " + "a" * 96)[1][0]
    assert "has 9 signs" in checked(repository, "fix: abcd", "--max-length=8")[1][0]
    assert "no blank line" in checked(repository, "fix: a\nbody\n")[1][0]
    assert checked(repository, "fix: a\nbody\n", "--skip=blank-line")[0] == 0


@pytest.mark.parametrize("mark", [";", "auto", "//"])
def test_comments_begin_as_git_is_told(repository: Repository, mark: str) -> None:
    repository.git("config", "core.commentString" if len(mark) == 2 else "core.commentChar", mark)
    sign = ";" if mark == "auto" else mark
    text = f"{sign} why\nfeat: a\n{sign} ------------------------ >8 ------------------------\nno type\n{sign}\n"
    assert checked(repository, text) == (0, [])
    assert checked(repository, f"# no comment\n{sign}\n")[0] == 1


def test_what_is_beyond_doubt_is_mended(repository: Repository) -> None:
    assert checked(repository, "# why\nFeat(API)!:  Add it.\nbody\n", "--fix") == (0, [])
    assert (repository.root / "M").read_text() == "# why\nfeat(API)!: Add it\n\nbody\n"
    assert checked(repository, "fix:a", "--fix") == (0, [])
    assert (repository.root / "M").read_text() == "fix: a"


@pytest.mark.parametrize("text", ["Merge branch 'a'.\nb\n", "Add: it.\n", "fix: and so on...\n"])
def test_nothing_else_is_mended(repository: Repository, text: str) -> None:
    checked(repository, text, "--fix")
    assert (repository.root / "M").read_text() == text


def test_wrong_usage_is_told(repository: Repository) -> None:
    assert repository.hook(commit_message.main)[0] == 2
    assert repository.hook(commit_message.main, "missing") == (
        2,
        ["devkit-commit-message: 'missing' can't be read: No such file or directory"],
    )
    assert checked(repository, "a", "--check=b")[0] == 2
    assert checked(repository, "a", "--help")[0] == 0


def test_git_itself_refuses_the_message(repository: Repository) -> None:
    import subprocess
    import sys
    from pathlib import Path

    script = Path(sys.executable).with_name("devkit-commit-message")
    hook = repository.write(".git/hooks/commit-msg", f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    hook.chmod(0o755)
    repository.git("commit", "--allow-empty", "-q", "-m", "feat: begin")
    done = subprocess.run(
        ["git", "commit", "--allow-empty", "-q", "-m", "Go on"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "git commit --edit --file=.git/COMMIT_EDITMSG" in done.stdout + done.stderr) == (1, True)


@pytest.mark.parametrize(("types", "then"), [("task,feat", "task: x\n"), ("Feat", "Task: x\n")])
def test_a_mended_type_is_one_of_those_that_there_are(repository: Repository, types: str, then: str) -> None:
    checked(repository, "Task: x.\n" if "task" in types else "Task: x\n", "--types", types, "--fix")

    assert (repository.root / "M").read_text("utf-8") == then
