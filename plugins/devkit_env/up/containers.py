"""The containers of a compose project: starting them, looking at them, and leaving nothing of them."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from devkit.api import SERVICE_FAILED, SERVICES_ELSEWHERE, DevkitError, compose_file
from devkit_env.up.engine import last_line, silent

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
_UNCHECKED = 4.0
"""Seconds after which a container that the engine has never checked is checked here: twice the usual interval."""
_INTERVAL = 0.25
_GRACE = "3"
"""Seconds that a service has to end by itself."""
_LAST_LINES = "20"
_HIDDEN = "********"


class Container(Struct, frozen=True, kw_only=True):
    """A container: `health` is empty where nothing checks it; `ports` leads from its own ports to this machine's.

    `check` is the command that tells its health, as long as the engine has not run it.
    """

    id: str
    service: str
    status: str
    health: str
    check: tuple[str, ...]
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


class Project(Struct, frozen=True, kw_only=True):
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

    def start(self, names: Sequence[str], env: Mapping[str, str], secrets: Collection[str]) -> None:
        """Start services in the background; SERVICE_FAILED when compose does not manage to.

        Secrets are hidden in what it prints: podman-compose shows all that it gives a container.
        """
        words = ["--project-name", self.name, "--file", self.file, "up", "--detach"]
        if self.context.offline and self.engine.compose == ("docker", "compose"):
            words += ["--pull", "never"]

        def tell(_stream: str, line: str) -> None:
            for secret in secrets:
                line = line.replace(secret, _HIDDEN)
            self.context.say(line)

        code = self.context.follow([*self.engine.compose, *words, *names], tell, env=env)
        if code != 0:
            message = f"`{' '.join(self.engine.compose)} up` could not start {', '.join(names)}"
            raise DevkitError(SERVICE_FAILED, message, help="its own words are above")

    def wait(self, names: Collection[str]) -> None:
        """Wait until services are healthy; SERVICE_FAILED for one that ends, stays unwell or has no container."""
        began = time.monotonic()
        told: list[str] = []
        while missing := self._missing(names, checks=time.monotonic() >= began + _UNCHECKED):
            is_late = time.monotonic() >= began + _PATIENCE
            for name, container in missing.items():
                if is_late or (container is not None and container.has_failed):
                    raise self._failure(name, container)
            if told != list(missing):
                told = list(missing)
                self.context.say(f"waiting for {', '.join(told)}")
            self.context.pause(_INTERVAL)

    def remove(self, services: Collection[str] | None = None) -> list[str]:
        """Stop and remove containers (all, when `services` is None), networks and the pod that podman-compose makes.

        Return the services that went.

        SERVICE_FAILED says which are still there.
        """
        gone = [each for each in self.containers() if services is None or each.service in services]
        if gone:
            ids = [each.id for each in gone]
            self._engine("stop", "--time", _GRACE, *ids)  # one that does not stop is killed
            code, _, words = self._engine("rm", "--force", "--volumes", *ids)
            if code != 0:
                self._refuse_left(ids, words)
        if networks := self._ids("network", "ls"):
            self._engine("network", "rm", *networks)  # one that is still in use stays
        if self.engine.program == "podman":  # one that still holds a container stays
            self._engine("pod", "rm", "--ignore", f"pod_{self.name}")
        return [each.service for each in gone]

    def remove_volumes(self) -> list[str]:
        """Remove the data of all services; return the names of what went. SERVICE_FAILED for what is still there."""
        volumes = self._ids("volume", "ls")
        code, _, words = self._engine("volume", "rm", *volumes) if volumes else (0, "", "")
        if code != 0 and (left := [name for name in self._ids("volume", "ls") if name in volumes]):
            message = f"the data {', '.join(left)} cannot be removed: {last_line(words)}"
            state = "the services are stopped; their data are still there"
            raise DevkitError(SERVICE_FAILED, message, help="a container may use them", state=state)
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
        """Check what the engine does not: podman checks nothing where there is no systemd."""
        if container.status != "running" or not container.check:
            return container
        code, _, _ = self._engine("exec", container.id, *container.check)
        return replace(container, health="healthy") if code == 0 else container

    def _missing(self, names: Collection[str], *, checks: bool) -> dict[str, Container | None]:
        """Return the services that cannot be used yet, each with its container, one that may still become well first.

        One that ended may be of a command that somebody ran with compose.
        """
        found = [self._checked(each) if checks and each.service in names else each for each in self.containers()]
        ready = {each.service for each in found if each.is_ready}
        nearest = {each.service: each for each in sorted(found, key=lambda each: not each.has_failed)}
        return {name: nearest.get(name) for name in sorted(names) if name not in ready}

    def _failure(self, name: str, container: Container | None) -> DevkitError:
        state = "it has no container"
        if container is not None:
            _, out, err = self._engine("logs", "--tail", _LAST_LINES, container.id)
            for line in (out + err).splitlines():
                self.context.say(f"{name} | {line}")
            state = f"it is {(container.health if container.status == 'running' else '') or container.status}"
        help_text = f"its last lines are above; devkit logs {name}" if container is not None else "devkit up, again"
        return DevkitError(SERVICE_FAILED, f"{name} does not become healthy: {state}", help=help_text)

    def _refuse_left(self, ids: Collection[str], words: str) -> None:
        """Raise SERVICE_FAILED when containers are still there; somebody else may have removed them."""
        left = ", ".join(each.service for each in self.containers() if each.id in ids)
        if left:
            verb = "are" if ", " in left else "is"
            message, state = f"{left} cannot be removed: {last_line(words)}", f"{left} {verb} still there"
            raise DevkitError(
                SERVICE_FAILED, message, help="devkit down, when the engine has come to rest", state=state
            )

    def _ids(self, *words: str) -> list[str]:
        code, out, complaint = self._engine(*words, "--quiet", "--filter", f"label={_PROJECT}={self.name}")
        if code != 0:
            raise silent(self.engine.program, complaint)
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
    state, config = data.get("State") or {}, data.get("Config") or {}
    labels = config.get("Labels") or {}
    health = state.get("Health") or state.get("Healthcheck") or {}  # podman's name for it, once
    return Container(
        id=data["Id"],
        service=labels.get(_SERVICE, ""),
        status=state.get("Status", ""),
        health=health.get("Status", ""),
        check=() if health.get("Log") else _command(config.get("Healthcheck") or {}),
        folder=labels.get(_FOLDER, ""),
        ports=dict(_ports((data.get("NetworkSettings") or {}).get("Ports") or {})),
    )


def _command(healthcheck: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the command of a health check, none where there is no check."""
    kind, *words = healthcheck.get("Test") or ["NONE"]
    return {"CMD": tuple(words), "CMD-SHELL": ("/bin/sh", "-c", *words)}.get(kind, ())


def _ports(ports: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for inside, outside in ports.items():
        if outside:
            yield int(inside.partition("/")[0]), int(outside[0]["HostPort"])
