"""The containers of a compose project: starting them, looking at them, and leaving nothing of them."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devkit.api import SERVICE_FAILED, SERVICES_ELSEWHERE, DevkitError
from devkit_env.up.services import compose_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from devkit.api import TaskContext
    from devkit_env.up.engine import Engine

_PROJECT = "com.docker.compose.project"
_SERVICE = "com.docker.compose.service"
_FOLDER = "com.docker.compose.project.working_dir"
_NAME = re.compile(r"^name:\s*[\"']?([a-z0-9][a-z0-9_-]*)", re.MULTILINE)
_PATIENCE = 180.0
"""Seconds until a service has to be healthy."""
_INTERVAL = 0.25
_GRACE = "3"
"""Seconds that a service has to end by itself."""
_LAST_LINES = "20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container: `health` is empty where nothing checks it; `ports` leads from its own ports to this machine's."""

    id: str
    service: str
    status: str
    health: str
    folder: str
    ports: Mapping[int, int]

    @property
    def is_ready(self) -> bool:
        """Whether it runs, and is healthy as far as anybody knows."""
        return self.status == "running" and self.health in {"", "healthy"}

    @property
    def has_failed(self) -> bool:
        """Whether waiting for it is vain."""
        return self.status in {"exited", "dead", "removing", "stopped"} or self.health == "unhealthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A compose project: everything in it bears its name as a label."""

    context: TaskContext
    engine: Engine
    name: str

    @property
    def file(self) -> str:
        """The compose file."""
        return compose_file(lambda name: (self.context.root / name).is_file())

    def containers(self) -> list[Container]:
        """Return what there is of it, running or not."""
        ids = self._ids("ps", "--all")
        if not ids:
            return []
        _, text, _ = self._engine("inspect", *ids)
        try:
            found = json.loads(text or "[]")
        except ValueError:  # one was removed meanwhile
            found = []
        return sorted((_container(each) for each in found), key=lambda each: each.service)

    def start(self, names: Sequence[str], env: Mapping[str, str]) -> None:
        """Start services in the background; SERVICE_FAILED when compose does not manage to."""
        words = ["--project-name", self.name, "--file", self.file, "up", "--detach"]
        if self.context.offline and self.engine.compose == ("docker", "compose"):
            words += ["--pull", "never"]
        code = self.context.run([*self.engine.compose, *words, *names], env=env)
        if code != 0:
            message = f"`{' '.join(self.engine.compose)} up` could not start {', '.join(names)}"
            raise DevkitError(SERVICE_FAILED, message, help="its own words are above")

    def wait(self, names: Collection[str]) -> None:
        """Wait until services are healthy; SERVICE_FAILED for one that ends or stays unwell."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            found = [self._checked(each) for each in self.containers() if each.service in names]
            missing = set(names) - {each.service for each in found if each.is_ready}
            if not missing:
                return
            for each in found:
                if each.has_failed or time.monotonic() >= deadline:
                    raise self._failure(each)
            self.context.say(f"waiting for {', '.join(sorted(missing))}")
            self.context.pause(_INTERVAL)

    def remove(self, services: Collection[str] | None = None) -> list[str]:
        """Stop and remove containers (all, when `services` is None) and networks; return the services that went."""
        gone = [each for each in self.containers() if services is None or each.service in services]
        if gone:
            ids = [each.id for each in gone]
            self._engine("stop", "--time", _GRACE, *ids)
            self._engine("rm", "--force", "--volumes", *ids)
        if networks := self._ids("network", "ls"):
            self._engine("network", "rm", *networks)  # one that is still in use stays
        return [each.service for each in gone]

    def remove_volumes(self) -> list[str]:
        """Remove the data of all services; return the names of what went."""
        volumes = self._ids("volume", "ls")
        if volumes:
            self._engine("volume", "rm", *volumes)
        return volumes

    def refuse_strangers(self) -> None:
        """Raise SERVICES_ELSEWHERE when the name belongs to the containers of another folder."""
        here = str(self.context.root)
        for each in self.containers():
            if each.folder not in {"", here}:
                message = f"the compose project `{self.name}` runs in another folder: {each.folder}"
                raise DevkitError(
                    SERVICES_ELSEWHERE, message, help="set COMPOSE_PROJECT_NAME, or run devkit down there"
                )

    def _checked(self, container: Container) -> Container:
        """Ask podman, which checks nothing by itself where there is no systemd."""
        if self.engine.program != "podman" or container.status != "running" or container.health in {"", "healthy"}:
            return container
        code, _, _ = self._engine("healthcheck", "run", container.id)
        from dataclasses import replace

        return replace(container, health="healthy" if code == 0 else "starting")

    def _failure(self, container: Container) -> DevkitError:
        _, out, err = self._engine("logs", "--tail", _LAST_LINES, container.id)
        for line in (out + err).splitlines():
            self.context.say(f"{container.service} | {line}")
        state = container.health if container.status == "running" else container.status
        message = f"{container.service} does not become healthy: it is {state or container.status}"
        return DevkitError(SERVICE_FAILED, message, help=f"its last lines are above; devkit logs {container.service}")

    def _ids(self, *words: str) -> list[str]:
        _, out, _ = self._engine(*words, "--quiet", "--filter", f"label={_PROJECT}={self.name}")
        return out.split()

    def _engine(self, *words: str) -> tuple[int, str, str]:
        return self.context.capture([self.engine.program, *words])


def project_name(root: Path, environ: Mapping[str, str]) -> str:
    """Return the name that compose itself gives to the project of a folder."""
    if name := environ.get("COMPOSE_PROJECT_NAME"):
        return name
    path = root / compose_file(lambda name: (root / name).is_file())
    match = _NAME.search(path.read_text("utf-8", "replace")) if path.is_file() else None
    return match[1] if match else re.sub(r"[^a-z0-9_-]", "", root.name.lower()).lstrip("_-") or "devkit"


def _container(data: Mapping[str, Any]) -> Container:
    state, labels = data.get("State") or {}, (data.get("Config") or {}).get("Labels") or {}
    health = state.get("Health") or state.get("Healthcheck") or {}  # podman's name for it, once
    return Container(
        id=data["Id"],
        service=labels.get(_SERVICE, ""),
        status=state.get("Status", ""),
        health=health.get("Status", ""),
        folder=labels.get(_FOLDER, ""),
        ports=dict(_ports((data.get("NetworkSettings") or {}).get("Ports") or {})),
    )


def _ports(ports: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for inside, outside in ports.items():
        if outside:
            yield int(inside.partition("/")[0]), int(outside[0]["HostPort"])
