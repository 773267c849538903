from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from devkit_test import load
from devkit_test.common_tasks import common_tasks
from devkit_test.load import run_k6, run_locust
from devkit_test.semgrep import scan
from devkit_test.settings import TestSettings as Settings

from devkit.api import APPLICATION_SILENT, REPORT_MISSING, RUNNER_MISSING, TESTS_FAILED, Call, DevkitError
from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRIPT = 'import http from "k6/http";\n'
SUMMARY = {"metrics": {"http_reqs": {"count": 12}, "http_req_duration": {"p(95)": 41.5}, "http_req_failed": {}}}


@dataclass
class Context:
    """A task context whose programs end with a code, and write what k6 sums up."""

    root: Path
    tools: tuple[str, ...] = ("k6", "semgrep")
    code: int = 0
    summary: str = json.dumps(SUMMARY)
    arguments: tuple[str, ...] = ()
    ran: list[list[str]] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    def which(self, tool: str) -> str | None:
        return tool if tool in self.tools else None

    def run(self, argv: Sequence[str]) -> int:
        self.ran.append(list(argv))
        if "--summary-export" in argv:
            (self.root / argv[argv.index("--summary-export") + 1]).write_text(self.summary, "utf-8")
        return self.code

    def capture(self, argv: Sequence[str]) -> tuple[int, str, str]:
        self.ran.append(list(argv))
        return self.code, "", ""

    def record(self, name: str, value: object) -> None:
        self.figures[name] = value


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_require_answer", lambda _: None)


def names(root: Path, *files: str, taken: tuple[str, ...] = ()) -> list[str]:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(SCRIPT, "utf-8")
    return [task.name for task in common_tasks(DiskTree(root), Settings(), taken)]


@pytest.mark.parametrize(
    "line", ['import http from "k6/http";', "import { check } from 'k6'", 'const k = require("k6");']
)
def test_a_script_is_for_k6_when_it_imports_from_it(tmp_path: Path, line: str) -> None:
    (tmp_path / "load").mkdir()
    (tmp_path / "load/index.js").write_text("import express from 'express';\n", "utf-8")
    assert names(tmp_path) == []

    (tmp_path / "load/steady.ts").write_text(f"// What users do.\n{line}\n", "utf-8")
    [task] = common_tasks(DiskTree(tmp_path), Settings(load_url="http://127.0.0.1:4000"), ())

    assert isinstance(task.action, Call)
    assert task.action.arguments == {"script": "load/steady.ts", "url": "http://127.0.0.1:4000"}


def test_a_script_of_k6_and_rules_of_semgrep_make_tasks(tmp_path: Path) -> None:
    assert names(tmp_path, "tests/load/steady.js", ".semgrep/own.yml") == ["test:load", "test:semgrep"]


def test_a_load_test_that_the_language_brings_comes_first(tmp_path: Path) -> None:
    assert names(tmp_path, "tests/load/steady.js", taken=("test:load",)) == []


@pytest.mark.usefixtures("answers")
def test_what_k6_measured_is_remembered(tmp_path: Path) -> None:
    context = Context(tmp_path)
    run_k6(context, script="load.js", url="http://127.0.0.1:1")  # type: ignore[arg-type]

    assert context.figures == {"requests": 12, "p95 ms": 41.5}
    assert "BASE_URL=http://127.0.0.1:1" in context.ran[0]


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(("code", "kind"), [(99, TESTS_FAILED), (107, REPORT_MISSING)])
def test_a_crossed_threshold_is_a_no_and_a_broken_script_is_not(tmp_path: Path, code: int, kind: object) -> None:
    with pytest.raises(DevkitError) as caught:
        run_k6(Context(tmp_path, code=code, summary="{"), script="load.js", url="")  # type: ignore[arg-type]

    assert caught.value.kind == kind


def test_without_k6_it_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        run_k6(Context(tmp_path, tools=()), script="load.js", url="")  # type: ignore[arg-type]

    assert caught.value.kind == RUNNER_MISSING


def test_semgrep_reads_only_the_rules_of_the_project(tmp_path: Path) -> None:
    context = Context(tmp_path)
    scan(context, configs=[".semgrep", ".semgrep.yml"])  # type: ignore[arg-type]

    assert context.ran[0][:3] == ["semgrep", "scan", "--error"]
    assert context.ran[0][-4:] == ["--config", ".semgrep", "--config", ".semgrep.yml"]


@pytest.mark.parametrize(
    ("tools", "code", "kind"),
    [((), 1, RUNNER_MISSING), (("semgrep",), 1, TESTS_FAILED), (("semgrep",), 7, REPORT_MISSING)],
)
def test_semgrep_is_missing_finds_something_or_fails_itself(
    tmp_path: Path, tools: tuple[str, ...], code: int, kind: object
) -> None:
    with pytest.raises(DevkitError) as caught:
        scan(Context(tmp_path, tools=tools, code=code), configs=[".semgrep"])  # type: ignore[arg-type]

    assert caught.value.kind == kind


def test_locust_that_is_not_installed_is_named_with_its_group(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        run_locust(Context(tmp_path, code=1), argv=["python", "--host", "x"], failures=1, p95=500)  # type: ignore[arg-type]

    assert caught.value.kind == RUNNER_MISSING
    assert "env.groups" in caught.value.help


def test_what_speaks_no_http_is_no_application_that_answers() -> None:
    def speak() -> None:
        with server.accept()[0] as caller:
            caller.sendall(b"SSH-2.0-shop\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        speaker = threading.Thread(target=speak)
        speaker.start()
        with pytest.raises(DevkitError) as caught:
            run_k6(Context(Path(), tools=("k6",)), script="a.js", url=f"http://127.0.0.1:{server.getsockname()[1]}")  # type: ignore[arg-type]
        speaker.join()

    assert caught.value.kind == APPLICATION_SILENT


@pytest.mark.usefixtures("answers")
def test_figures_of_locust_without_a_sum_are_none(tmp_path: Path) -> None:
    class Headed(Context):
        def run(self, argv: Sequence[str]) -> int:
            if "--csv" in argv:
                (self.root / ".devkit/state/test/load_stats.csv").write_text("Type,Name,Request Count\n", "utf-8")
            return 0

    with pytest.raises(DevkitError) as caught:
        run_locust(Headed(tmp_path), argv=["python", "--host", "http://127.0.0.1:1"], failures=1, p95=500)  # type: ignore[arg-type]

    assert caught.value.kind == REPORT_MISSING
