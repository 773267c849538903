"""`devkit up` in generated services, on a terminal: what answers, what a change does, and what Ctrl-C leaves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.real.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [pytest.mark.real, pytest.mark.timeout(1200)]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
INTERRUPTED, TERMINATED = 130, 143
CTRL_C = "\x03"


@pytest.fixture(scope="module")
def python_service(with_uv: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a generated service in Python."""
    above = tmp_path_factory.mktemp("python")
    with_uv.devkit("init", "shop", "--defaults", cwd=above).passed()
    return above / "shop"


@pytest.fixture(scope="module")
def node_service(with_uv: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a generated service for Node; skip where npm or its registry is not there."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not on PATH")
    above = tmp_path_factory.mktemp("node")
    with_uv.devkit("init", "shop", "--defaults", "--template", "node-service", cwd=above).passed()
    return above / "shop"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def up(environment: Environment, project: Path, *words: str, port: int = 0) -> Terminal:
    """Start `devkit up` in a project; a `port` is the one that it wants."""
    variables = {**environment.variables, **({"PORT": str(port)} if port else {})}
    return Terminal([environment.script("devkit"), "up", *words], cwd=project, variables=variables)


def address(terminal: Terminal) -> str:
    """Return where the application says that it is, once it does."""
    match = re.search(r"shop is there: (\S+)  (.*)", terminal.see("  /health"))
    assert match is not None
    return match[1]


def get(url: str) -> str:
    with DIRECT.open(url, timeout=60) as answer:
        return str(answer.read().decode())


def test_a_python_service_answers_beside_a_taken_port_and_ctrl_c_leaves_nothing(
    with_uv: Environment, python_service: Path, taken_port: int
) -> None:
    with up(with_uv, python_service, port=taken_port) as terminal:
        url = address(terminal)
        shown = terminal.see("/docs")
        assert f"port {taken_port} is taken" in shown
        assert not url.endswith(f":{taken_port}")
        assert '"ok"' in get(f"{url}/health")
        assert "http_requests_in_flight" in get(f"{url}/metrics")
        terminal.press(CTRL_C)
        assert terminal.end() == INTERRUPTED
        assert terminal.processes() == []
    assert "all that was started is stopped" in terminal.shown
    assert "error[" not in terminal.shown
    assert "Traceback" not in terminal.shown


def test_a_change_of_a_source_file_is_answered_at_once(with_uv: Environment, python_service: Path) -> None:
    source = python_service / "src" / "shop" / "health.py"
    before = source.read_text()
    with up(with_uv, python_service) as terminal:
        url = address(terminal)
        source.write_text(before.replace('status="ok"', 'status="changed"'))
        terminal.see("Reloading...")
        terminal.see("Finished server process")
        while "changed" not in terminal.shown:
            terminal.shown += eventually(f"{url}/health")
        terminal.press(CTRL_C * 3)
        assert terminal.end() == INTERRUPTED
        assert terminal.processes() == []
    source.write_text(before)


def eventually(url: str) -> str:
    """Return an answer, or nothing while there is none."""
    try:
        return get(url)
    except OSError:
        return ""


def test_sigterm_leaves_nothing(with_uv: Environment, python_service: Path) -> None:
    with up(with_uv, python_service) as terminal:
        address(terminal)
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.end() == TERMINATED
        assert terminal.processes() == []


def test_an_application_that_cannot_start_is_a_failure_that_says_why(
    with_uv: Environment, python_service: Path
) -> None:
    source = python_service / "src" / "shop" / "app.py"
    before = source.read_text()
    source.write_text(f"{before}\nraise RuntimeError('the shop is closed')\n")
    with up(with_uv, python_service, "--no-reload") as terminal:
        assert terminal.end() == 1
        assert terminal.processes() == []
    source.write_text(before)
    assert "exit code 1: RuntimeError: the shop is closed" in terminal.shown


def test_a_node_service_answers_and_ctrl_c_leaves_nothing(
    with_uv: Environment, node_service: Path, taken_port: int
) -> None:
    with up(with_uv, node_service, port=taken_port) as terminal:
        url = address(terminal)
        assert not url.endswith(f":{taken_port}")
        assert '"ok"' in get(f"{url}/health")
        terminal.press(CTRL_C)
        assert terminal.end() == INTERRUPTED
        assert terminal.processes() == []
