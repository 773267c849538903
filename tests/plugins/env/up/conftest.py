from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

DOCKER = """\
#!{python} -S
import json, os, sys
here = os.path.dirname(os.path.abspath(__file__))
words = sys.argv[1:]
with open(os.path.join(here, "asked"), "a") as file:
    print(*words, file=file)
state = os.path.join(here, "running")
mode = open(os.path.join(here, "mode")).read()
ports = {{"postgres": ("POSTGRES_PORT", 5432), "redis": ("REDIS_PORT", 6379)}}

def running():
    return json.load(open(state)) if os.path.exists(state) else {{}}

if mode and words[:2] == ["ps", "--quiet"]:
    sys.exit(mode)
if words[:2] == ["ps", "--all"]:
    print(*running(), sep="\\n")
elif words[0] == "inspect":
    print(json.dumps(list(running().values())))
elif words[0] == "compose" and "up" in words:
    print("podman run", open(".env").read())  # as podman-compose shows the values that it passes on
    found = {{}}
    for name in words[words.index("--detach") + 1 :]:
        variable, inside = ports[name]
        found[name] = {{
            "Id": name,
            "State": {{"Status": "running", "Health": {{"Status": open(os.path.join(here, "health")).read()}}}},
            "Config": {{"Labels": {{
                "com.docker.compose.service": name, "com.docker.compose.project.working_dir": os.getcwd(),
            }}}},
            "NetworkSettings": {{"Ports": {{f"{{inside}}/tcp": [{{"HostPort": os.environ[variable]}}]}}}},
        }}
    json.dump(found, open(state, "w"))
elif words[0] == "rm" and os.path.exists(os.path.join(here, "stuck")):
    sys.exit("Error response from daemon: device or resource busy")
elif words[0] == "rm":
    left = {{name: each for name, each in running().items() if name not in words}}
    json.dump(left, open(state, "w"))
elif words[0] == "logs":
    print(f"a line of {{words[-1]}}")
elif words[:2] == ["volume", "ls"]:
    print("project_postgres-data")
"""


@dataclass(frozen=True, slots=True)
class Docker:
    """A stand-in for docker that remembers what it was asked, and runs what it was told to."""

    folder: Path

    def asked(self) -> list[str]:
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def running(self) -> str:
        path = self.folder / "running"
        return path.read_text() if path.exists() else "{}"

    def complain(self, words: str) -> None:
        (self.folder / "mode").write_text(words)

    def sicken(self) -> None:
        (self.folder / "health").write_text("unhealthy")

    def hold(self) -> None:
        """Let no container be removed."""
        (self.folder / "stuck").touch()

    def become(self, compose: str, *, program: str = "docker") -> None:
        """Be another engine, or have a compose of another name."""
        self.lose_compose()
        (self.folder / "docker").rename(self.folder / program)
        script = (
            (self.folder / program).read_text().replace("words = sys.argv[1:]", 'words = ["compose", *sys.argv[1:]]')
        )
        (self.folder / compose).write_text(script.replace('if words[0] == "compose": sys.exit(1)\n', ""))
        (self.folder / compose).chmod(0o755)

    def lose_compose(self) -> None:
        text = (self.folder / "docker").read_text()
        (self.folder / "docker").write_text(
            text.replace("if mode and", 'if words[0] == "compose": sys.exit(1)\nif mode and')
        )


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    """Put a stand-in for docker, and no other engine, on the search path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text(DOCKER.format(python=sys.executable))
    (folder / "docker").chmod(0o755)
    (folder / "mode").touch()
    (folder / "health").write_text("healthy")
    others = [path for path in os.environ["PATH"].split(os.pathsep) if not _has_engine(path)]
    git = _folder_with("git", tmp_path / "git")
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), git, *others]))
    monkeypatch.delenv("COMPOSE_PROJECT_NAME", raising=False)
    return Docker(folder)


def _has_engine(folder: str) -> bool:
    names = ("docker", "docker-compose", "podman", "podman-compose")
    return any(os.access(os.path.join(folder, name), os.X_OK) for name in names)


def _folder_with(program: str, folder: Path) -> str:
    import shutil

    found = shutil.which(program)
    assert found is not None
    folder.mkdir()
    (folder / program).symlink_to(found)
    return str(folder)
