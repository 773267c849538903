"""Generated services whose images are built for real, and a `docker` that writes down how it is called."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.real.engines import docker, lend_images

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real.environments import Ended, Environment

SMALL = """\
FROM devkit-stand-in/python:latest AS first
WORKDIR /app
COPY pyproject.toml ./
RUN echo built > built

FROM first
COPY src src
USER 10001:10001
EXPOSE 8000
HEALTHCHECK CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')"]
CMD ["python3", "src/serve.py"]
"""
SERVE = """\
import http.server, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A project with the environment that devkit runs in."""

    root: Path
    environment: Environment

    def devkit(self, *words: str, **variables: str) -> Ended:
        """Run devkit in the project, perhaps with further variables."""
        return self.environment.having(**variables).devkit(*words, cwd=self.root)

    def document(self, *words: str, **variables: str) -> dict[str, Any]:
        """Return the document that devkit prints, which has to succeed."""
        found: dict[str, Any] = json.loads(self.devkit(*words, "--json", **variables).passed().stdout)
        return found

    def image(self) -> dict[str, Any]:
        """Return the output file of the stage."""
        found: dict[str, Any] = json.loads((self.root / ".devkit/state/build/image.json").read_text("utf-8"))
        return found

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, "utf-8")

    def commit(self) -> None:
        """Commit everything."""
        for words in (["add", "--all"], ["commit", "--quiet", "--no-verify", "--message=change"]):
            self.environment.run(self.git, *words, cwd=self.root).passed()

    @property
    def git(self) -> str:
        """Where git is."""
        return str(shutil.which("git"))


def generated(environment: Environment, above: Path, template: str) -> Service:
    """Return a generated service whose base images are there, fetching packages as this machine does."""
    environment.devkit("init", "shop", "--yes", "--no-env", "--template", template, cwd=above).passed()
    service = Service(root=above / "shop", environment=environment)
    authorities = os.environ.get("SSL_CERT_FILE", "")
    if authorities:
        settings = f'custom-ca = true\nsecrets = ["id=ca,src={authorities}"]\n'
        configuration = service.root / "pyproject.toml"
        if configuration.exists():
            service.write("pyproject.toml", f"{configuration.read_text('utf-8')}\n[tool.devkit.build]\n{settings}")
        else:
            service.write("devkit.toml", f"[build]\n{settings}")
        service.devkit("apply").passed()
        service.commit()
    lend_images((service.root / "Dockerfile").read_text("utf-8"))
    return service


def small(environment: Environment, above: Path) -> Service:
    """Return a service with a Dockerfile of its own that is built within a second or two.

    Its image has a name of its own: commits of the same second are the same, and so would be their tags.
    """
    environment = environment.having(DEVKIT_BUILD__REPOSITORY=f"devkit-test/shop-{uuid4().hex[:12]}")
    environment.devkit("init", "shop", "--yes", "--no-env", cwd=above).passed()
    service = Service(root=above / "shop", environment=environment)
    service.write("Dockerfile", SMALL)
    service.write("src/serve.py", SERVE)
    service.commit()
    return service


def recording(environment: Environment, folder: Path) -> Environment:
    """Return an environment in which `docker` writes its arguments into `argv` before it does its work."""
    folder.mkdir()
    program = folder / "docker"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{folder}/argv"\nexec "{shutil.which("docker")}" "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    return environment.having(PATH=f"{folder}{os.pathsep}{environment.variables['PATH']}")


def forget(service: Service) -> None:
    """Remove the images that a project has made."""
    name = service.image()["reference"].rpartition(":")[0]
    for tag in docker("image", "ls", "--format", "{{.Tag}}", name).split():
        if tag != "<none>":
            docker("image", "rm", "--force", f"{name}:{tag}")
