from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from devkit.engine.group import Stopped
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api.tasks import Figure

_ASK = ["sh", "-c", 'printf %s "$PIP_INDEX_URL"']


@pytest.mark.parametrize(
    ("users", "given", "seen"),
    [(None, {}, "mirror"), ("users", {}, "users"), ("users", {"PIP_INDEX_URL": "own"}, "own")],
)
def test_a_variable_of_the_call_gives_way_to_the_users_and_to_the_programs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, users: str | None, given: dict[str, str], seen: str
) -> None:
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    if users is not None:
        monkeypatch.setenv("PIP_INDEX_URL", users)
    surroundings = Surroundings(root=tmp_path, tell=lambda _: None)
    context = ProjectTaskContext(task="env:lock", surroundings=surroundings, fallback_env={"PIP_INDEX_URL": "mirror"})

    assert context.capture(_ASK, env=given) == (0, seen, "")


def test_the_lines_of_a_program_are_followed_as_they_come(tmp_path: Path) -> None:
    context = ProjectTaskContext(task="a:b", surroundings=Surroundings(root=tmp_path, tell=lambda _: None))
    heard: list[tuple[str, str]] = []

    code = context.follow(["sh", "-c", "printf 'one\\n\\ntwo\\n'; exit 3"], lambda *line: heard.append(line))

    assert code == 3
    assert heard == [("stdout", "one"), ("stdout", ""), ("stdout", "two")]


def test_a_pause_ends_when_the_run_is_stopped(tmp_path: Path) -> None:
    surroundings = Surroundings(root=tmp_path, tell=lambda _: None, is_stopped=lambda: True)

    with pytest.raises(Stopped):
        ProjectTaskContext(task="a:b", surroundings=surroundings).pause(3600)


def test_what_no_document_can_hold_is_no_figure(tmp_path: Path) -> None:
    context = ProjectTaskContext(task="t", surroundings=Surroundings(root=tmp_path, tell=lambda _: None))
    figures: dict[str, Figure] = {"a": 1.5, "b": math.nan, "c": -math.inf, "d": "nan"}
    for name, value in figures.items():
        context.record(name, value)

    assert context.figures == {"a": 1.5, "d": "nan"}
