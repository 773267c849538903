from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
from devkit_githooks import dockerfile
from devkit_githooks.dockerfile_text import read

if TYPE_CHECKING:
    from tests.hooks.repository import Repository

SOUND = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.12
FROM python:${VERSION}-slim AS build
RUN --mount=type=cache,target=/root/.cache \\
    # a comment within

    pip wheel .
RUN <<EOF
set -e
COPPY is a line of this script
EOF
FROM scratch AS data
FROM build
COPY --from=build /a /b
ENV PASSWORD_FILE=/run/secrets/password TOKEN_SECONDS=30 PUBLIC_TOKEN=abc1defgh
USER 10001:10001
HEALTHCHECK CMD ["true"]
ENTRYPOINT ["python", "-m", "shop"]
CMD ["serve"]
"""


def found(repository: Repository, text: str, *words: str) -> list[str]:
    """Return what is found in a staged Dockerfile, as `line:what`."""
    repository.stage("Dockerfile", text)
    _, lines = repository.hook(dockerfile.main, *words)
    return [line.removeprefix("Dockerfile:").partition(";")[0] for line in lines]


def served(*lines: str) -> str:
    return "\n".join(["FROM a:1", *lines, "USER 1", 'CMD ["a"]', ""])


def test_a_sound_dockerfile_has_no_finding(repository: Repository) -> None:
    assert found(repository, SOUND) == []
    assert found(repository, SOUND.replace("\n", "\r\n")) == []
    assert found(repository, "\ufeff" + SOUND) == []


def test_an_instruction_that_is_none_is_named_with_the_one_that_is_meant(repository: Repository) -> None:
    repository.stage("Dockerfile", "FROM a:1\nCOPPY . .\n")
    code, lines = repository.hook(dockerfile.main)
    assert (code, lines) == (
        1,
        ["Dockerfile:2: there is no instruction 'COPPY'; write COPY; then: git add Dockerfile"],
    )


def test_a_line_whose_backslash_is_missing_is_an_instruction_that_is_none(repository: Repository) -> None:
    assert found(repository, "FROM a:1\nRUN a \\\n  && b\n  && c\n") == ["4: there is no instruction '&&'"]


def test_a_file_needs_a_base_first(repository: Repository) -> None:
    assert found(repository, "RUN a\nFROM b:1\n") == ["1: no FROM before it"]
    assert found(repository, "# nothing\n") == ["1: no FROM before it"]


def test_another_frontend_has_instructions_of_its_own(repository: Repository) -> None:
    assert found(repository, "# syntax=acme/own:1\nINCLUDE a\n") == []


@pytest.mark.parametrize("base", ["a:latest", "a", "host:5000/a", "$BASE"])
def test_a_base_that_may_be_any_is_found(repository: Repository, base: str) -> None:
    lines = found(repository, f"ARG BASE=a\nFROM {base}\n")
    assert [line[:2] for line in lines] == ["2:"]


def test_a_port_is_no_tag(repository: Repository) -> None:
    repository.stage("Dockerfile", "FROM host:5000/a\n")
    _, lines = repository.hook(dockerfile.main)
    assert "write FROM host:5000/a:TAG" in lines[0]


@pytest.mark.parametrize("base", ["a:1", "a@sha256:0", "scratch", "host:5000/a:1", "$UNKNOWN", "a:${TAG}", "$TAGGED"])
def test_a_base_that_is_told_is_none(repository: Repository, base: str) -> None:
    assert found(repository, f"ARG TAGGED=a:1\nFROM --platform=linux/amd64 {base}\n") == []


def test_a_program_that_runs_as_root_is_found_and_a_stage_inherits_its_user(repository: Repository) -> None:
    assert found(repository, 'FROM a:1\nCMD ["a"]\n') == ["2: no USER is set, so the program runs as root"]
    assert found(repository, 'FROM a:1\nUSER 1\nUSER root\nCMD ["a"]\n') == [
        "3: the last USER is root, so the program runs as root"
    ]
    assert found(repository, 'FROM a:1 AS base\nUSER 1\nFROM base\nCMD ["a"]\n') == []


@pytest.mark.parametrize(
    "text",
    [
        "FROM a:1\nRUN b\n",
        'FROM a:nonroot\nCMD ["a"]\n',
        'FROM b/a-unprivileged:1\nCMD ["a"]\n',
        'FROM a:1\nENTRYPOINT ["gosu", "app", "a"]\n',
        'FROM a:1\nUSER $UID\nCMD ["a"]\n',
    ],
)
def test_what_has_its_user_from_elsewhere_or_runs_nothing_is_left_alone(repository: Repository, text: str) -> None:
    assert found(repository, text) == []


def test_a_download_is_verified(repository: Repository) -> None:
    assert found(repository, served("ADD https://a.example/b.tgz /b")) == ["2: a download that nothing verifies"]
    assert found(repository, served("ADD --checksum=sha256:0 https://a.example/b.tgz /b")) == []
    assert found(repository, served("ADD https://a.example/b.git#v1 /b", "ADD a /b")) == []


@pytest.mark.parametrize("line", ["ENV DB_PASSWORD=qw7ert9zui", "ENV API_KEY qw7ert9zui", "ARG NPM_TOKEN"])
def test_a_secret_stays_in_the_history(repository: Repository, line: str) -> None:
    (finding,) = found(repository, served(line))
    assert finding.endswith("stays in the image's history")


@pytest.mark.parametrize(
    "line",
    ["ENV PASSWORD=$PASSWORD", "ENV PASSWORD=changeme-1234", "ENV TOKEN_PATH=/a9b8c7d6e5", "ARG PASSWORD=test"],
)
def test_what_is_plainly_no_secret_is_none(repository: Repository, line: str) -> None:
    assert found(repository, served(line)) == []


def test_a_command_in_a_shell_gets_no_signals(repository: Repository) -> None:
    for line in ("CMD a b", "ENTRYPOINT a $B", "CMD ['a']", "CMD [a]"):
        (finding,) = found(repository, f"FROM a:1\nUSER 1\n{line}\n")
        assert finding.endswith("signals do not reach the program")
    for line in ("CMD exec a $B", 'CMD ["a"]', "CMD []"):
        assert found(repository, f"FROM a:1\nUSER 1\n{line}\n") == []
    assert found(repository, 'FROM a:1\nUSER 1\nSHELL ["/bin/bash", "-c"]\nCMD a b\n') == []


def test_only_the_last_command_counts(repository: Repository) -> None:
    assert found(repository, served('CMD ["b"]')) == ["2: CMD is given again in line 4, which alone counts"]


def test_a_plain_command_is_mended_and_nothing_else_changes(repository: Repository) -> None:
    path = repository.stage("Dockerfile", "from a:1\nUSER 1 \r\n  cmd  python -m  shop\r\n# end")
    code, lines = repository.hook(dockerfile.main, "--fix")
    assert (code, lines[0].endswith("; mended; now: git add Dockerfile")) == (1, True)
    assert path.read_bytes() == b'from a:1\nUSER 1 \r\n  cmd ["python", "-m", "shop"]\r\n# end'
    assert repository.hook(dockerfile.main, "Dockerfile") == (0, [])


@pytest.mark.parametrize("line", ["CMD a $B", "CMD a && b", "CMD cd a", "CMD a \\\n  b", "ENTRYPOINT a", "CMD a > b"])
def test_a_command_that_needs_its_shell_is_never_mended(repository: Repository, line: str) -> None:
    path = repository.stage("Dockerfile", f"FROM a:1\nUSER 1\n{line}\n")
    before = path.read_bytes()
    assert repository.hook(dockerfile.main, "--fix")[0] == 1
    assert path.read_bytes() == before


def test_a_command_beside_an_entrypoint_is_never_mended(repository: Repository) -> None:
    path = repository.stage("Dockerfile", 'FROM a:1\nUSER 1\nENTRYPOINT ["a"]\nCMD b\n')
    repository.hook(dockerfile.main, "--fix")
    assert path.read_bytes().endswith(b"CMD b\n")


@pytest.mark.parametrize("name", ["Dockerfile.dev", "a/web.Dockerfile", "Containerfile", "dockerfile"])
def test_dockerfiles_are_known_by_their_names(name: str) -> None:
    assert dockerfile.is_dockerfile(name.encode())


@pytest.mark.parametrize(
    "name", ["Dockerfile.j2", "Dockerfile.dockerignore", "dockerfile.py.txt", "a.py", "{{a}}/Dockerfile"]
)
def test_templates_and_other_files_are_none(name: str) -> None:
    assert not dockerfile.is_dockerfile(name.encode())


def test_instructions_have_their_first_and_last_lines() -> None:
    told = [(each.name, each.line, each.last) for each in read("# escape=`\nFROM a:1\nRUN a `\n # b\n c\nCMD d")]
    assert told == [("FROM", 2, 2), ("RUN", 3, 5), ("CMD", 6, 6)]


def test_a_heredoc_without_an_end_hides_nothing() -> None:
    assert [each.name for each in read("RUN echo $((1 <<A))\nCMD b\n")] == ["RUN", "CMD"]


def test_hadolint_joins_in_where_it_is_installed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"line": 3, "code": "DL3020", "level": "error", "message": "said already"},
        {"line": 2, "code": "DL3059", "level": "info", "message": "joined"},
    ]
    program = repository.write("../bin/hadolint", f"#!/bin/sh\necho '{json.dumps(rows)}'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("devkit_githooks.hadolint._program", lambda: str(program))
    assert found(repository, served("RUN a", "ADD https://a.example/b /b")) == [
        "2: warning: DL3059 joined",
        "3: a download that nothing verifies",
    ]
    assert found(repository, served("RUN a"), "--no-hadolint") == []


def test_what_a_file_holds_reaches_no_terminal_as_a_control(repository: Repository) -> None:
    repository.stage("Dockerfile", "FROM debian:12\nADD https://a/\x1b[31mb /b\nUSER 1\n")

    _, lines = repository.hook(dockerfile.main)

    assert lines
    assert all(line.isprintable() for line in lines)
