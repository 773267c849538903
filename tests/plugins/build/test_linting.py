from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_build.linting import lint_dockerfile

from devkit.api import DOCKERFILE_POOR, SCAN_UNREADABLE, DevkitError
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path

FOUND = {"code": "DL3008", "column": 1, "file": "Dockerfile", "level": "warning", "line": 2, "message": "Pin it"}


def linted(folder: Path, monkeypatch: pytest.MonkeyPatch, output: str, end: str) -> ProjectTaskContext:
    """Lint by a program that stands for hadolint, with what it prints and how it ends."""
    (folder / "output").write_text(output)
    program = folder / "hadolint"
    program.write_text(f'#!/bin/sh\ncat "{folder}/output"\necho "cannot go on" >&2\n{end}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    root = folder / "shop"
    root.mkdir()
    surroundings = Surroundings(root=root, tell=lambda _: None)
    context = ProjectTaskContext(task="build:hadolint", surroundings=surroundings)
    lint_dockerfile(context, dockerfile="Dockerfile")
    return context


@pytest.mark.parametrize(
    ("output", "end"),
    [
        ("", "exit 1"),
        ("[]", "exit 1"),
        ("[]", "exit 2"),
        (json.dumps([FOUND]), "exit 2"),
        ("[]", "kill -KILL $$"),
        ("not json", "exit 0"),
        ("{}", "exit 0"),
        ('["DL3008"]', "exit 0"),
        ('[{"code": "DL3008"}]', "exit 1"),
    ],
)
def test_a_hadolint_that_crashes_is_no_clean_bill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, end: str
) -> None:
    with pytest.raises(DevkitError, match="hadolint failed: cannot go on") as caught:
        linted(tmp_path, monkeypatch, output, end)

    assert caught.value.kind == SCAN_UNREADABLE


def test_what_hadolint_finds_fails_at_the_line_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DevkitError, match="first DL3008: Pin it") as caught:
        linted(tmp_path, monkeypatch, json.dumps([FOUND]), "exit 1")

    assert caught.value.kind == DOCKERFILE_POOR
    assert caught.value.place is not None
    assert caught.value.place.line == FOUND["line"]


@pytest.mark.parametrize("found", [[], [FOUND]])
def test_hints_that_hadolint_lets_pass_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: list[dict[str, object]]
) -> None:
    context = linted(tmp_path, monkeypatch, json.dumps(found), "exit 0")

    assert context.figures["findings"] == len(found)
