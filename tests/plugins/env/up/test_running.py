from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

PYPROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["{framework}"]\n'
SERVER = """\
import os, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/health", "/metrics") else 404)
        self.end_headers()
        if self.path == "/docs":  # what is asked last
            threading.Thread(target=server.shutdown).start()

    def log_message(self, *_):
        pass

server = HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler)
server.serve_forever(poll_interval=0.01)
print(os.environ.get("GREETING"), os.environ.get("LD_PRELOAD"))
raise SystemExit("the end")
"""


@pytest.fixture
def make(devkit_project: Callable[..., DevkitProject]) -> Callable[..., DevkitProject]:
    def project(start: list[str], files: dict[str, str] | None = None) -> DevkitProject:
        configuration = f"[env]\nstart = {json.dumps(start)}\n"
        made = devkit_project({"devkit.toml": configuration, **(files or {})})
        made.git("init", "-q")
        assert made.run("add", "env").code == 0
        return made

    return project


def test_the_application_gets_the_file_s_variables_and_is_announced(make: Callable[..., DevkitProject]) -> None:
    project = make([sys.executable, "server.py"], {"server.py": SERVER})
    project.write(".env", "GREETING=hello\nLD_PRELOAD=/tmp/evil.so\n").chmod(0o600)

    ran = project.run("up")

    assert "project is there: http://127.0.0.1:" in ran.stderr
    assert "  /metrics" in ran.stderr
    assert "project | hello None\n" in ran.stdout
    assert "`LD_PRELOAD` is not taken from the file" in ran.stderr


def test_an_application_that_ends_by_itself_is_a_failure_with_its_last_line(
    make: Callable[..., DevkitProject],
) -> None:
    project = make([sys.executable, "-c", "import sys; print('going down'); sys.exit(7)"])

    ran = project.run("up")

    assert ran.code == 1
    assert "project | going down\n" in ran.stdout
    assert "error[DK1111]: project ended with exit code 7: going down" in ran.stderr
    assert "state: all that was started is stopped" in ran.stderr


def test_the_document_holds_the_last_lines_and_stdout_nothing_else(make: Callable[..., DevkitProject]) -> None:
    project = make([sys.executable, "-c", "print('{port}', '{host}')"])

    document = project.run("up", "--json").document

    port = document["url"].rpartition(":")[2]
    assert document["lines"] == [f"{port} 127.0.0.1"]
    assert document["error"]["code"] == "DK1111"


def test_control_characters_of_the_application_do_not_reach_the_terminal(make: Callable[..., DevkitProject]) -> None:
    project = make([sys.executable, "-c", "print(chr(27) + '[2J')"])

    assert "project | \\x1b[2J\n" in project.run("up").stdout


def test_a_project_without_an_application_says_what_to_do(make: Callable[..., DevkitProject]) -> None:
    ran = make([]).run("up")

    assert ran.code == 66
    assert "set `start` in [tool.devkit.env]" in ran.stderr
