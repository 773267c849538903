from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from devkit_build.trying import Demands, health_problem, stop_problem
from docker.errors import APIError

from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path

CHECKED = {"Healthcheck": {"Test": ["CMD", "check"]}}
ENDED = "ends with exit code 3 instead of running"
DEMANDS = Demands(port=0, health_path="/", start_seconds=60, stop_seconds=60, writable=())


class FakeEngine:
    """The calls of an engine's client that a trial makes, of a container that ends after some looks at it."""

    def __init__(self, *, looks: int, refuses: bool) -> None:
        self.looks = looks
        self.refuses = refuses

    def inspect_container(self, _: str) -> dict[str, Any]:
        self.looks -= 1
        return {"State": {"Running": self.looks >= 0, "ExitCode": 3}}

    def exec_create(self, *_: Any) -> dict[str, str]:
        self._refuse()
        return {"Id": "1"}

    def exec_start(self, _: str) -> bytes:
        return b""

    def exec_inspect(self, _: str) -> dict[str, int]:
        return {"ExitCode": 0}

    def kill(self, *_: Any, **__: Any) -> None:
        self._refuse()

    def _refuse(self) -> None:
        if self.refuses:
            raise APIError("conflict", explanation="Container c is not running")


@pytest.fixture
def context(tmp_path: Path) -> ProjectTaskContext:
    return ProjectTaskContext(task="build:check", surroundings=Surroundings(root=tmp_path, tell=lambda _: None))


def test_a_container_that_ends_before_its_check_is_run_ended(context: ProjectTaskContext) -> None:
    engine = FakeEngine(looks=1, refuses=True)

    assert health_problem(context, engine, "c", CHECKED, DEMANDS) == ENDED


def test_a_container_that_is_up_and_whose_check_passes_is_healthy(context: ProjectTaskContext) -> None:
    engine = FakeEngine(looks=1, refuses=False)

    assert health_problem(context, engine, "c", CHECKED, DEMANDS) == ""


def test_an_engine_that_never_runs_the_check_is_told_when_the_time_is_up(context: ProjectTaskContext) -> None:
    hasty = Demands(port=0, health_path="/", start_seconds=1, stop_seconds=1, writable=())

    problem = health_problem(context, FakeEngine(looks=1000, refuses=True), "c", CHECKED, hasty)

    assert problem == "is not healthy after 1 s: the engine refuses to run its check: Container c is not running"


def test_a_container_that_ends_before_it_is_told_to_stop_did_not_stop(context: ProjectTaskContext) -> None:
    assert stop_problem(context, FakeEngine(looks=0, refuses=True), "c", DEMANDS) == ENDED


def test_a_container_that_ends_when_told_to_has_stopped(context: ProjectTaskContext) -> None:
    assert stop_problem(context, FakeEngine(looks=1, refuses=False), "c", DEMANDS) == ""


def test_an_engine_that_does_not_tell_a_running_container_to_stop_is_heard(context: ProjectTaskContext) -> None:
    with pytest.raises(APIError):
        stop_problem(context, FakeEngine(looks=1000, refuses=True), "c", DEMANDS)
