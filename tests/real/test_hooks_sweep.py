"""Five hundred random states of a work tree, and hooks that pass, mend and are killed: nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.hooks.sweeping import Sweep
from tests.real.environments import make_environment, make_home

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real.environments import Environment

SLOWER, ALL = 40, 500
"""How many states real pre-commit is given, which takes longer; real prek is given the others."""
AT_ONCE = 10


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with pre-commit and prek; skip where no package index answers."""
    made = make_environment(tmp_path_factory.mktemp("runners") / "venv", make_home(tmp_path_factory.mktemp("home")))
    done = made.run("python", "-m", "pip", "install", "--quiet", "pre-commit", "prek", cwd=made.folder)
    if done.code != 0:
        pytest.skip(f"no package index answers: {done.stderr.strip().splitlines()[-1:]}")
    return made


def _wrong(environment: Environment, folder: Path, runner: str, seeds: range) -> list[str]:
    sweep = Sweep(folder, [environment.script(runner), "run"], environment.variables)
    return [each for seed in seeds for each in sweep.over(seed)]


@pytest.mark.real
@pytest.mark.parametrize("start", range(0, SLOWER, AT_ONCE))
def test_no_byte_is_lost_by_pre_commit(environment: Environment, tmp_path: Path, start: int) -> None:
    assert _wrong(environment, tmp_path, "pre-commit", range(start, start + AT_ONCE)) == []


@pytest.mark.real
@pytest.mark.parametrize("start", range(SLOWER, ALL, AT_ONCE))
def test_no_byte_is_lost_by_prek(environment: Environment, tmp_path: Path, start: int) -> None:
    assert _wrong(environment, tmp_path, "prek", range(start, start + AT_ONCE)) == []
