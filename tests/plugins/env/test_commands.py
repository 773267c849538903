from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest
from dotenv import dotenv_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

CONFIGURATION = """\
[env.variables.API_KEY]
description = "The key of the payment service."
required = true
secret = true

[env.variables.WORKERS]
type = "integer"
default = "2"

[env.variables.MODE]
choices = ["fast", "safe"]
"""


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    made = devkit_project({"devkit.toml": CONFIGURATION, ".env.example": "# the port\nPORT=8000\n"})
    made.git("init", "-q")
    assert made.run("add", "env").code == 0
    return made


def test_the_example_has_each_declared_variable_and_no_secret(project: DevkitProject) -> None:
    text = project.read(".env.example")

    assert text.startswith("# the port\nPORT=8000\n")
    assert "# The key of the payment service. (required; secret)\nAPI_KEY=\n" in text
    assert "# (one of fast, safe)\nMODE=\n" in text
    assert project.run("apply", "--check").code == 0


def test_what_is_set_is_got_and_a_new_file_is_private(project: DevkitProject) -> None:
    assert project.run("env", "set", "PORT", "9 000'").code == 0

    assert project.run("env", "get", "PORT").stdout == "9 000'\n"
    assert (project.root / ".env").stat().st_mode & 0o777 == 0o600


def test_the_mode_of_a_file_is_kept(project: DevkitProject) -> None:
    project.write(".env", "PORT=1\n").chmod(0o640)

    assert project.run("env", "set", "PORT", "2").code == 0
    assert (project.root / ".env").stat().st_mode & 0o777 == 0o640


def test_a_secret_is_shown_only_when_that_is_asked_for(project: DevkitProject) -> None:
    project.write(".env", "API_KEY=canary\nOTHER_TOKEN=canary\n")

    for words in (("env", "get", "API_KEY"), ("env", "list"), ("env", "list", "--json"), ("env", "check")):
        ran = project.run(*words)
        assert "canary" not in ran.stdout + ran.stderr
    assert project.run("env", "get", "API_KEY", "--reveal").stdout == "canary\n"


def test_a_check_names_each_problem_with_its_line(project: DevkitProject) -> None:
    project.write(".env", "WORKERS=many\nMODE=odd\nNOBODY=1\n").chmod(0o644)

    ran = project.run("env", "check")

    assert ran.code == 1
    for words in ("`API_KEY` is required", ".env:1", ".env:2", "nothing declares `NOBODY`", "chmod 600 .env"):
        assert words in ran.stderr


def test_a_file_in_order_passes(project: DevkitProject) -> None:
    project.write(".env", "API_KEY=k3y\nWORKERS=3\n").chmod(0o600)

    assert project.run("env", "check").stdout == ".env is in order\n"


def test_a_file_that_git_tracks_must_not_stay_so(project: DevkitProject) -> None:
    project.write(".env", "API_KEY=k3y\n").chmod(0o600)
    project.git("add", "--force", ".env")

    ran = project.run("env", "check")

    assert ran.code == 1
    assert "git rm --cached .env" in ran.stderr


@pytest.mark.parametrize("key", ["", "A=B", "A\nB", "1A"])
def test_what_is_no_name_is_wrong_usage(project: DevkitProject, key: str) -> None:
    assert project.run("env", "set", key, "x").code == 2
    assert not (project.root / ".env").exists()


@pytest.mark.parametrize("content", [b"\xff\xfeA\0=\0", b"A=1\nA=2\n", b"A='x\n"])
def test_a_file_that_cannot_be_read_is_left_as_it_is(project: DevkitProject, content: bytes) -> None:
    (project.root / ".env").write_bytes(content)

    ran = project.run("env", "set", "A", "3")

    assert ran.code == 65
    assert "nothing was changed" in ran.stderr
    assert (project.root / ".env").read_bytes() == content


def test_a_link_is_not_written_through(project: DevkitProject) -> None:
    project.write("elsewhere", "A=1\n")
    (project.root / ".env").symlink_to("elsewhere")

    assert project.run("env", "set", "A", "3").code == 73
    assert project.read("elsewhere") == "A=1\n"


def test_a_file_that_cannot_be_written_is_named_and_kept(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run("env", "set", "MODE", "fast")

    def refuse(source: str, target: str) -> None:
        raise PermissionError(13, "Permission denied", source, None, target)

    with monkeypatch.context() as patch:
        patch.setattr("devkit_env.dotenv_file.os.replace", refuse)
        done = project.run("env", "set", "MODE", "safe")

    assert done.code == 77
    assert "`.env` may not be written" in done.stderr
    assert "nothing was changed" in done.stderr
    assert "MODE=fast" in project.read(".env")


def test_a_pipe_is_not_waited_for(project: DevkitProject) -> None:
    os.mkfifo(project.root / ".env")

    assert project.run("env", "list").code == 73


def test_each_environment_has_a_file_of_its_own(project: DevkitProject) -> None:
    assert project.run("env", "set", "--env", "staging", "PORT", "1").code == 0

    assert project.read(".env.staging") == "PORT=1\n"
    assert project.run("env", "get", "PORT").code == 66


def test_the_command_that_helps_names_the_file_too(project: DevkitProject) -> None:
    project.run("env", "set", "PROT", "1", "--env", "staging")

    assert "did you mean `MODE`?" in project.run("env", "get", "MODES", "--env", "staging").stderr
    assert "devkit env set MODE VALUE --env staging" in project.run("env", "get", "MODE", "--env", "staging").stderr
    said = project.run("env", "check", "--env", "staging").stderr
    assert "devkit env unset PROT --env staging" in said
    assert "devkit env set API_KEY --stdin --env staging" in said


def test_nothing_runs_without_the_file_that_was_asked_for(project: DevkitProject) -> None:
    project.run("env", "set", "MODE", "fast", "--env", "staging")

    done = project.run("env", "run", "--env", "stagign", "--", "true")

    assert done.code == 66
    assert "there is .env.staging" in done.stderr
    assert project.run("env", "run", "--", "true").code == 0, "without a name, `.env` need not be there"


def test_a_port_of_the_example_has_to_be_one(project: DevkitProject) -> None:
    project.run("env", "set", "API_KEY", "k")
    project.run("env", "set", "PORT", "abc")

    done = project.run("env", "check")

    assert (done.code, "`PORT` should be a port from 0 to 65535" in done.stderr) == (1, True)


def test_what_is_unset_is_gone_and_twice_is_once(project: DevkitProject) -> None:
    project.write(".env", "A=1\nB=2\n")

    assert [project.run("env", "unset", "A").code for _ in range(2)] == [0, 0]
    assert project.read(".env") == "B=2\n"


def test_a_command_gets_the_variables_but_those_that_steer_programs(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE", "process")
    project.write(".env", "MINE=file\nWORKERS=7\nLD_PRELOAD=evil.so\nPATH=/evil\n")
    code = (
        "import os; assert os.environ['WORKERS'] == '7' and os.environ['MINE'] == 'process'; "
        "assert 'LD_PRELOAD' not in os.environ and '/evil' not in os.environ['PATH'].split(':')"
    )

    ran = project.run("env", "run", "--", sys.executable, "-c", code)

    assert ran.code == 0, ran.stderr
    assert "`LD_PRELOAD` is not taken" in ran.stderr


def test_the_exit_code_of_a_command_is_not_devkits_own(project: DevkitProject) -> None:
    assert project.run("env", "run", "--", sys.executable, "-c", "raise SystemExit(42)").code == 1
    assert project.run("env", "run", "--", "no-such-program-here").code == 69


def test_the_environment_is_shown(project: DevkitProject) -> None:
    assert project.run("env", "show", "--json").document["schema"] == "devkit.env.show/1"


def test_a_value_that_is_no_text_is_refused(project: DevkitProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xffcanary"), encoding="utf-8"))

    ran = project.run("env", "set", "PORT", "--stdin")

    assert (ran.code, "not valid Unicode" in ran.stderr) == (2, True)
    assert "canary" not in ran.stderr
    assert not (project.root / ".env").exists()


def test_a_value_is_given_in_one_way(project: DevkitProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("1"))

    assert project.run("env", "set", "PORT", "2", "--stdin").code == 2


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "."])
def test_an_environment_is_no_path(project: DevkitProject, name: str) -> None:
    for words in (("set", "PORT", "1"), ("list",), ("check",)):
        assert project.run("env", *words, "--env", name).code == 2


def test_a_default_stands_in_the_example_so_that_it_is_read_as_it_is(project: DevkitProject) -> None:
    table = '[env.variables.GREETING]\ndefault = "hello # world\\nit\'s \\"${HOME}\\""\n'
    project.write("devkit.toml", CONFIGURATION + table)
    assert project.run("apply").code == 0

    values = dotenv_values(project.root / ".env.example", interpolate=False)
    assert values["GREETING"] == 'hello # world\nit\'s "${HOME}"'
    assert project.run("apply", "--check").code == 0


def test_a_write_that_is_killed_leaves_no_secret_where_git_finds_it(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        seen.extend(project.git("status", "--porcelain", "--untracked-files=all").splitlines())
        raise OSError(28, "No space left on device")

    project.write(".gitignore", ".env\n")
    project.git("add", "--all")
    seen: list[str] = []
    monkeypatch.setattr("devkit_env.dotenv_file.os.replace", killed)
    project.run("env", "set", "PORT", "1")

    assert seen
    assert not [line for line in seen if line.startswith("??")]


@pytest.mark.parametrize(
    "name", ["GIT_SSH", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_PAGER", "GIT_EDITOR", "RUBYOPT", "PERL5OPT", "PATH"]
)
def test_what_would_change_which_programs_run_is_not_taken(project: DevkitProject, name: str) -> None:
    project.write(".env", f"{name}=canary\n")
    code = f"import os, sys; sys.exit('canary' in os.environ.get('{name}', ''))"

    assert project.run("env", "run", "--", sys.executable, "-c", code).code == 0


@pytest.mark.parametrize("name", ["DB_PASSWD", "SSH_PASSPHRASE", "AWS_ACCESS_KEY_ID", "APIKEY", "GCP_CREDENTIALS"])
def test_what_is_named_like_a_secret_is_not_shown(project: DevkitProject, name: str) -> None:
    project.write(".env", f"{name}=canary\n")

    assert "canary" not in project.run("env", "list").stdout


def test_a_file_with_a_nul_is_bad_data_with_its_line(project: DevkitProject) -> None:
    project.write(".env", "PORT=1\nKEY=can\0ary\n")
    for words in (("list",), ("run", "--", "true"), ("set", "PORT", "2")):
        ran = project.run("env", *words)

        assert (ran.code, ".env:2" in ran.stderr, "ary" in ran.stderr) == (65, True, False)


def test_a_file_is_checked_where_git_is_not(project: DevkitProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write(".env", "API_KEY=k3y\n").chmod(0o600)
    monkeypatch.setenv("PATH", "/nowhere")

    assert project.run("env", "check").code == 0
