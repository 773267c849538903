"""The rendered projects with their real dependencies: installed, checked, built, and the service running."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TEMPLATES = Path(__file__).parents[2] / "templates"
PYTHON = ".venv/bin/python"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

pytestmark = pytest.mark.real


def run(command: Sequence[str | Path], cwd: Path) -> str:
    """Return what a command prints, which has to succeed."""
    done = subprocess.run(command, cwd=cwd, env=plain_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def plain_environment() -> dict[str, str]:
    """Return this process's environment without what configures pytest, coverage and the service."""
    unwanted = re.compile(r"(COV_|COVERAGE|PYTEST|PYTHONPATH$|VIRTUAL_ENV$|HOST$|PORT$|LOG_LEVEL$)")
    return {name: value for name, value in os.environ.items() if not unwanted.match(name)}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what renders and installs a template, once each; skip where no package index answers."""
    folder = tmp_path_factory.mktemp("index")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), "hatchling"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no package index answers: {done.stderr.strip().splitlines()[-1:]}")
    return cache(lambda template: install(template, tmp_path_factory.mktemp(template)))


def install(template: str, folder: Path) -> Path:
    """Render a template as its own users would, install it with pip, and return the project's folder."""
    config = folder / "cookiecutter.json"
    config.write_text(json.dumps({"replay_dir": str(folder / "replay")}), "utf-8")
    options = ("--no-input", "--config-file", config, "--output-dir", folder)
    run([sys.executable, "-m", "cookiecutter", *options, TEMPLATES / template, "project_name=shop"], folder)
    project = folder / "shop"
    run([sys.executable, "-m", "venv", ".venv"], project)
    run([project / PYTHON, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1"], project)
    run([project / PYTHON, "-m", "pip", "install", "--quiet", "--editable", ".", "--group", "dev"], project)
    return project


@pytest.fixture(scope="module", params=["python-library", "python-service"])
def project(request: pytest.FixtureRequest, installed: Callable[[str], Path]) -> Path:
    """Return the folder of a rendered project, with its dependencies in `.venv`."""
    return installed(request.param)


@pytest.mark.parametrize(
    "command", [["pytest", "--cov"], ["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join
)
def test_the_project_passes_its_own_checks(project: Path, command: list[str]) -> None:
    run([project / PYTHON, "-m", *command], project)


def test_the_library_builds_and_its_metadata_is_in_order(installed: Callable[[str], Path]) -> None:
    library = installed("python-library")
    run([library / PYTHON, "-m", "pip", "install", "--quiet", "--group", "release"], library)

    run([library / PYTHON, "-m", "build"], library)

    built = sorted((library / "dist").iterdir())
    assert [path.name for path in built] == ["shop-0.1.0-py3-none-any.whl", "shop-0.1.0.tar.gz"]
    run([library / PYTHON, "-m", "twine", "check", "--strict", *built], library)


class Running:
    """A running service: its process, its address and what it has logged."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[dict[str, Any]] = []
        self.port = self._listening_port()

    def _listening_port(self) -> int:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.log.append(json.loads(line))
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", self.log[-1]["message"]):
                return int(found[1])
        raise AssertionError(f"the service ended: {self.log}")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers (in lower case) and body."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            response = DIRECT.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            names = {name.lower(): value for name, value in response.headers.items()}
            return response.status, names, response.read().decode()

    def stop(self) -> int:
        """Send SIGTERM, wait, read the rest of the log, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait, read the rest of the log, and return the exit code."""
        rest, _ = self.process.communicate(timeout=30)
        self.log += [json.loads(line) for line in rest.splitlines()]
        return self.process.returncode


@pytest.fixture
def running(installed: Callable[[str], Path]) -> Iterator[Running]:
    """Return the service, started on a free port."""
    service = installed("python-service")
    with subprocess.Popen(
        [service / PYTHON, "-m", "shop"],
        cwd=service,
        env=plain_environment() | {"PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Running(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def test_the_service_answers_and_logs(running: Running) -> None:
    assert running.get("/health")[::2] == (200, '{"status":"ok"}')
    assert running.get("/ready")[0] == 200
    status, headers, _ = running.get("/nowhere", **{"X-Request-ID": "abc"})
    assert (status, headers["x-request-id"]) == (404, "abc")
    metrics = running.get("/metrics")[2]
    assert 'http_request_duration_seconds_count{method="GET",route="/health",status="200"} 1.0' in metrics
    assert 'route="unmatched",status="404"} 1.0' in metrics
    assert "http_requests_in_flight 0.0" in metrics

    assert running.stop() == -signal.SIGTERM

    lines = [entry for entry in running.log if entry.get("request_id") == "abc"]
    assert [(entry["message"], entry["route"]) for entry in lines] == [("GET /nowhere 404", "unmatched")]


def test_a_request_that_is_being_sent_when_the_service_is_told_to_stop_is_answered(running: Running) -> None:
    body = b'{"text": "in time"}'
    head = (
        "POST /notes HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as connection:
        connection.sendall(head.encode())
        assert b"100 Continue" in connection.recv(1024)  # the application waits for the body
        running.process.send_signal(signal.SIGTERM)
        while True:
            assert running.process.stdout is not None
            running.log.append(json.loads(running.process.stdout.readline()))
            if running.log[-1]["message"] == "Shutting down":
                break
        connection.sendall(body)
        answer = connection.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 201 Created")
    assert running.ended() == -signal.SIGTERM
    assert running.log[-1]["message"].startswith("Finished server process")
