from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.engine.runner import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path

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
