"""A Node service as a stranger makes it: `devkit init shop -t node-service --defaults`, with npm and its registry."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.real.environments import REPOSITORY, Environment, path_without, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.real.environments import Ended

pytestmark = [pytest.mark.real]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
EXIT_UNAVAILABLE = 69
ODD = "Say \"no\" \\ or\n\tyes: 'é' \N{GRINNING FACE} \x01\x7f \\u003c <b> & \\"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A project in a folder `shop`, and the environment that devkit is installed in."""

    environment: Environment
    root: Path

    def devkit(self, *words: str) -> Ended:
        """Run devkit beside the project."""
        return self.environment.devkit("-C", "shop", *words, cwd=self.root.parent)

    def program(self, *words: str) -> Ended:
        """Run a program from the search path in the project."""
        return run(words, cwd=self.root, variables=self.environment.variables)

    def git(self, *words: str) -> str:
        """Return what git prints."""
        return self.program("git", *words).passed().stdout


@pytest.fixture(scope="module")
def with_npm(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return the environment with npm's settings and cache of this machine; skip where no registry answers."""
    names = [name for name in os.environ if re.match("npm_config_|NODE_EXTRA_CA_CERTS$", name, re.IGNORECASE)]
    own = {name: os.environ[name] for name in names}
    if shutil.which("npm") is None:
        pytest.skip("npm is not on PATH")
    for setting in ("cache", "userconfig"):
        found = subprocess.run(["npm", "config", "get", setting], check=True, capture_output=True, text=True)
        own.setdefault(f"npm_config_{setting}", found.stdout.strip())
    environment = installed.having(**own)
    folder = tmp_path_factory.mktemp("registry")
    ended = run(["npm", "view", "fastify", "version"], cwd=folder, variables=environment.variables)
    if ended.code != 0:
        pytest.skip(f"no package registry answers: {ended.stderr.strip().splitlines()[-1:]}")
    return environment


@pytest.fixture(scope="module")
def shop(with_npm: Environment, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a service that was made without a terminal."""
    above = tmp_path_factory.mktemp("node-service")
    with_npm.devkit("init", "shop", "-t", "node-service", "--defaults", cwd=above).passed()
    return Shop(environment=with_npm, root=above / "shop")


def test_everything_is_in_one_commit(shop: Shop) -> None:
    tracked = shop.git("ls-files").splitlines()

    assert shop.git("status", "--porcelain") == ""
    assert shop.git("rev-list", "--count", "--all") == "1\n"
    assert "package-lock.json" in tracked
    assert not [path for path in tracked if path.startswith("node_modules/")]


def test_its_tests_pass_twice_and_nothing_is_installed_again(shop: Shop) -> None:
    shop.devkit("run", "test").passed()
    before = (shop.root / "node_modules/.package-lock.json").stat()

    shop.devkit("run", "test").passed()

    after = (shop.root / "node_modules/.package-lock.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert shop.git("status", "--porcelain") == ""


def test_a_second_run_does_nothing_and_a_changed_source_runs_what_reads_it(shop: Shop) -> None:
    shop.devkit("run", "env", "test").passed()
    tasks = json.loads(shop.devkit("run", "env", "test", "--json").passed().stdout)["tasks"]
    assert {(task["outcome"], task["reason"]) for task in tasks} == {("skipped", "nothing changed")}

    source = min((shop.root / "src").rglob("*.ts"))
    before = source.read_text("utf-8")
    source.write_text(f"{before}// A comment.\n", "utf-8")
    try:
        tasks = json.loads(shop.devkit("run", "env", "test", "--json").passed().stdout)["tasks"]
    finally:
        source.write_text(before, "utf-8")

    done = {task["task"]: task["reason"] for task in tasks if task["outcome"] == "done"}
    assert set(done.values()) == {f"`{source.relative_to(shop.root).as_posix()}` changed"}
    assert done.keys() == {task["task"] for task in tasks if task["task"].startswith("test:")}


def test_an_answer_that_the_description_does_not_promise_fails_the_contract_test(shop: Shop) -> None:
    source = shop.root / "src/notes.ts"
    before = source.read_text("utf-8")
    source.write_text(before.replace("reply.code(404)", "reply.code(410)"), "utf-8")
    try:
        ended = shop.devkit("test", "--kind", "contract")
    finally:
        source.write_text(before, "utf-8")

    assert ended.code == 1, ended
    assert "1 of 10 tests failed" in ended.stderr
    assert "GET /notes/{id} 404 is as promised" in ended.stderr


def test_without_k6_the_load_test_says_how_to_get_it(shop: Shop, tmp_path: Path) -> None:
    path = path_without("k6", shop.environment.variables["PATH"], tmp_path / "tools")

    ended = Shop(environment=shop.environment.having(PATH=path), root=shop.root).devkit("test", "--kind", "load")

    assert ended.code == EXIT_UNAVAILABLE, ended
    assert "`tests/load/notes.js` is for k6, which is not on PATH" in ended.stderr


def test_arguments_reach_the_test_script(shop: Shop) -> None:
    words = ("-v", "run", "test:unit", "--", "tests/health.test.ts", "--coverage.enabled=false", "-t", "is alive")

    ended = shop.devkit(*words).passed()

    assert re.search(r"1 passed \| 4 skipped", ended.stdout + ended.stderr)


def test_a_part_of_the_tests_passes_without_the_coverage_of_the_whole(shop: Shop) -> None:
    shop.devkit("run", "test:unit", "--", "tests/health.test.ts").passed()


@pytest.mark.parametrize("script", ["lint", "build"])
def test_its_own_checks_have_nothing_to_say(shop: Shop, script: str) -> None:
    shop.program("npm", "run", script).passed()

    assert shop.git("status", "--porcelain") == ""


def test_nothing_is_left_to_do(shop: Shop) -> None:
    shop.devkit("apply", "--check").passed()


def test_a_changed_requirement_is_locked_and_installed(shop: Shop) -> None:
    shop.git("clone", "--quiet", ".", "../clone/shop")
    clone = Shop(environment=shop.environment, root=shop.root.parent / "clone/shop")
    manifest = json.loads((clone.root / "package.json").read_text("utf-8"))
    del manifest["devDependencies"]["tsx"]
    (clone.root / "package.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")

    clone.devkit("run", "env").passed()

    assert "package-lock.json" in clone.git("diff", "--name-only").splitlines()
    assert not (clone.root / "node_modules/tsx").exists()
    assert (clone.root / "node_modules/fastify").is_dir()


@pytest.mark.parametrize("name", ["a", "3.10", "a-very-long-service-name-with-many-words-in-it-for-a-service"])
@pytest.mark.parametrize("version", ["20", "24"])
def test_the_format_holds_whatever_the_answers_are(shop: Shop, name: str, version: str, tmp_path: Path) -> None:
    template = str(REPOSITORY / "templates/node-service")
    odd = {"description": ODD, "author_name": ODD, "author_email": ODD}
    data = {"project_name": "shop", "project_slug": name, "node_version": version, **odd}
    (tmp_path / "data.json").write_text(json.dumps(data), "utf-8")
    words = ("--defaults", "--no-env", "--no-git", "--data-file", "data.json")
    shop.environment.devkit("init", "odd", "-t", template, *words, cwd=tmp_path).passed()

    prettier = str(shop.root / "node_modules/prettier/bin/prettier.cjs")
    ended = run(["node", prettier, "--check", "."], cwd=tmp_path / "odd", variables=shop.environment.variables)

    ended.passed()


@pytest.fixture
def running(shop: Shop) -> Iterator[subprocess.Popen[str]]:
    """Return the service, built and started on a port that is free."""
    shop.program("npm", "run", "build").passed()
    variables = {**shop.environment.variables, "PORT": "0"}
    command = ["node", "dist/main.js"]
    with subprocess.Popen(command, cwd=shop.root, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def test_the_service_answers_on_loopback_and_stops_when_told(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    listening = json.loads(running.stdout.readline())["message"]
    address = re.search(r"http://(127\.0\.0\.1:\d+)$", listening)
    assert address is not None, listening

    with DIRECT.open(f"http://{address[1]}/health", timeout=30) as response:
        assert (response.status, json.load(response)) == (200, {"status": "ok"})
    request = urllib.request.Request(f"http://{address[1]}/notes", headers={"X-Request-ID": "abc"})
    with DIRECT.open(request, timeout=30) as response:
        assert (json.load(response), response.headers["X-Request-ID"]) == ([], "abc")
    with DIRECT.open(f"http://{address[1]}/metrics", timeout=30) as response:
        metrics = response.read().decode()
    assert 'http_request_duration_seconds_count{method="GET",route="/health",status="200"} 1' in metrics
    assert "http_requests_in_flight 0" in metrics
    assert "nodejs_eventloop_lag_seconds" in metrics

    running.send_signal(signal.SIGTERM)
    rest, _ = running.communicate(timeout=30)

    assert running.returncode == 0
    lines = [json.loads(line) for line in rest.splitlines()]
    assert [line["message"] for line in lines] == ["GET /notes 200", "Service stopping", "Service stopped"]
    assert lines[0]["request_id"] == "abc"


def test_a_wrong_setting_stops_the_process_before_it_listens(shop: Shop) -> None:
    shop.program("npm", "run", "build").passed()
    environment = shop.environment.having(PORT="many")

    ended = run(["node", "dist/main.js"], cwd=shop.root, variables=environment.variables)

    assert ended.code == 1
    assert json.loads(ended.stdout)["error"]["message"] == "PORT must be integer"
    assert "many" not in ended.stdout + ended.stderr


def test_without_a_registry_the_project_is_there_and_can_be_finished_later(
    with_npm: Environment, tmp_path: Path
) -> None:
    alone = with_npm.having(npm_config_cache=str(tmp_path / "empty"))

    ended = alone.devkit("--offline", "init", "shop", "-t", "node-service", "--defaults", cwd=tmp_path)

    shop = Shop(environment=with_npm, root=tmp_path / "shop")
    assert ended.code == EXIT_UNAVAILABLE, ended
    assert "could not get the dependencies" in ended.stderr
    assert shop.git("status", "--porcelain") == ""
    assert not (shop.root / "package-lock.json").exists()
    resume = re.search("resume with `(.+)`", ended.stderr)
    assert resume is not None

    program, *rest = shlex.split(resume[1])
    with_npm.run(program, *rest, cwd=tmp_path).passed()

    assert shop.git("status", "--porcelain") == "?? package-lock.json\n"
    assert (shop.root / "node_modules/fastify").is_dir()


def test_a_full_cache_is_enough(shop: Shop, tmp_path: Path) -> None:
    """The shop has been installed before, so that all it needs is in npm's cache."""
    ended = shop.environment.devkit(
        "--offline", "init", "shop", "-t", "node-service", "--defaults", cwd=tmp_path
    ).passed()

    assert "made shop from node-service" in ended.stdout
    assert (tmp_path / "shop/node_modules/.devkit-installed").is_file()


def test_without_npm_the_way_to_get_it_is_named(with_npm: Environment, tmp_path: Path) -> None:
    path = path_without("npm", with_npm.variables["PATH"], tmp_path / "tools")

    ended = with_npm.having(PATH=path).devkit("init", "shop", "-t", "node-service", "--defaults", cwd=tmp_path)

    assert ended.code == EXIT_UNAVAILABLE, ended
    assert "`npm` is not on PATH" in ended.stderr
    assert "https://nodejs.org" in ended.stderr
    assert (tmp_path / "shop/package.json").is_file()
