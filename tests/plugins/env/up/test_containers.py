from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from devkit_env.up import containers
from devkit_env.up.containers import Project
from devkit_env.up.engine import Engine

from devkit.api import NO_ENGINE, SERVICE_FAILED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext


@dataclass(slots=True)
class Stage:
    """A context whose engine shows one scene after the other, of services with their states, and then the last."""

    scenes: list[dict[str, str]]
    refuses: str = ""
    said: list[str] = field(default_factory=list)
    root: Path = Path("/project")
    offline: bool = False
    ailing: int = 0
    asked: list[str] = field(default_factory=list)

    def capture(self, argv: Sequence[str], **_: Any) -> tuple[int, str, str]:
        self.asked.append(" ".join(argv))
        if self.refuses and " ".join(argv).startswith(f"docker {self.refuses} "):
            del self.scenes[:-1]
            return 1, "", "Error response from daemon: it is in use\n"
        match argv[1]:
            case "ps":
                return 0, "\n".join(self.scenes[0]), ""
            case "inspect":
                return 0, json.dumps([_inspected(*each) for each in self.scenes[0].items()]), ""
            case "volume":
                return 0, "project_data" if argv[2] == "ls" else "", ""
            case "logs":
                return 0, f"a line of {argv[-1]}", ""
            case "rm":
                self.scenes[:] = [{}]
        return (self.ailing if argv[1] == "exec" else 0), "", ""

    def say(self, line: str) -> None:
        self.said.append(line)

    def pause(self, _: float) -> None:
        assert len(self.scenes) > 1, "waiting never ends"
        del self.scenes[0]


def _inspected(name: str, state: str) -> dict[str, Any]:
    service, status = name.partition("-")[0], "exited" if state == "exited" else "running"
    labels = {"com.docker.compose.service": service}
    log = None if state == "unchecked" else [{"ExitCode": 1}]
    health = {"Status": "starting" if state == "unchecked" else state, "Log": log}
    check = {"Test": ["CMD-SHELL", "ping $HOST"] if service == "a" else ["CMD", "ping", "it"]}
    config = {"Labels": labels, "Healthcheck": check}
    return {"Id": name, "State": {"Status": status, "Health": health}, "Config": config}


def project(*scenes: dict[str, str], refuses: str = "") -> tuple[Project, Stage]:
    stage = Stage(list(scenes), refuses)
    engine = Engine(program="docker", compose=("docker", "compose"))
    return Project(context=cast("TaskContext", stage), engine=engine, name="p"), stage


def test_what_is_waited_for_is_told_when_it_changes() -> None:
    both, one = {"a": "starting", "b": "starting"}, {"a": "healthy", "b": "starting"}
    made, stage = project(both, both, one, one, {"a": "healthy", "b": "healthy"})

    made.wait(["a", "b"])

    assert stage.said == ["waiting for a, b", "waiting for b"]


def test_the_service_that_is_unwell_is_blamed_and_not_one_that_is_slow() -> None:
    made, stage = project({"a": "healthy", "b": "starting", "c": "exited"})

    with pytest.raises(DevkitError, match=r"^c does not become healthy: it is exited"):
        made.wait(["a", "b", "c"])

    assert stage.said == ["c | a line of c"]


def test_what_the_engine_leaves_unchecked_is_checked_in_the_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_UNCHECKED", 0.0)
    made, stage = project({"a": "unchecked", "b": "unchecked", "c": "healthy"})

    made.wait(["a", "b", "c"])

    assert [words for words in stage.asked if " exec " in words] == [
        "docker exec a /bin/sh -c ping $HOST",
        "docker exec b ping it",
    ]


def test_a_check_that_fails_in_the_container_is_no_health(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_UNCHECKED", 0.0)
    monkeypatch.setattr(containers, "_PATIENCE", 0.0)
    made, stage = project({"a": "unchecked"})
    stage.ailing = 1

    with pytest.raises(DevkitError, match=r"^a does not become healthy: it is starting"):
        made.wait(["a"])


def test_what_the_engine_checks_by_itself_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_UNCHECKED", 0.0)
    made, stage = project({"a": "starting"}, {"a": "healthy"})

    made.wait(["a"])

    assert not [words for words in stage.asked if " exec " in words]


def test_at_the_end_of_patience_a_service_that_is_well_is_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_PATIENCE", 0.0)
    made, _ = project({"a": "healthy", "b": "starting"})

    with pytest.raises(DevkitError, match=r"^b does not become healthy: it is starting"):
        made.wait(["a", "b"])


def test_a_service_without_a_container_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_PATIENCE", 0.0)
    made, _ = project({"a": "healthy"})

    with pytest.raises(DevkitError, match=r"^b does not become healthy: it has no container"):
        made.wait(["a", "b"])


def test_a_container_that_ended_beside_one_that_runs_is_no_failure() -> None:
    made, _ = project({"a": "starting", "a-once": "exited"}, {"a": "healthy", "a-once": "exited"})

    made.wait(["a"])


def test_an_engine_that_is_lost_is_no_empty_project() -> None:
    made, _ = project({"a": "healthy"}, refuses="ps")

    with pytest.raises(DevkitError, match="docker does not answer: Error response") as caught:
        made.remove()

    assert caught.value.kind is NO_ENGINE


def test_a_container_that_cannot_be_removed_is_told_of() -> None:
    made, _ = project({"a": "healthy", "b": "healthy"}, refuses="rm")

    with pytest.raises(
        DevkitError, match="a, b cannot be removed: Error response from daemon: it is in use"
    ) as caught:
        made.remove()

    assert caught.value.kind is SERVICE_FAILED
    assert caught.value.state == "a, b are still there"


def test_a_container_that_somebody_else_has_just_removed_is_gone() -> None:
    made, _ = project({"a": "healthy"}, {}, refuses="rm")

    assert made.remove() == ["a"]


def test_data_that_cannot_be_removed_are_told_of() -> None:
    made, _ = project({}, refuses="volume rm")

    with pytest.raises(DevkitError, match=r"^the data project_data cannot be removed: Error response") as caught:
        made.remove_volumes()

    assert caught.value.state == "the services are stopped; their data are still there"
