"""The main job, as a stranger does it: `devkit init shop --defaults`, and a repository that runs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import socket
import subprocess
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.real.environments import Environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.real.environments import Ended

pytestmark = [pytest.mark.real]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
LOCK_FILES = {"pip": "requirements.lock", "uv": "uv.lock"}
EXIT_UNAVAILABLE = 69


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A project that `devkit init shop` made, with what made it and how that ended."""

    environment: Environment
    above: Path
    installer: str
    ended: Ended

    @property
    def root(self) -> Path:
        """The folder of the project."""
        return self.above / "shop"

    def devkit(self, *words: str) -> Ended:
        """Run devkit beside the project, as the README does."""
        return self.environment.devkit("-C", "shop", *words, cwd=self.above)

    def git(self, *words: str) -> str:
        """Return what git prints."""
        return run(["git", *words], cwd=self.root, variables=self.environment.variables).passed().stdout


@pytest.fixture(scope="session")
def environments(installed: Environment, with_uv: Environment) -> dict[str, Environment]:
    """Return the environments that devkit is installed in, by what it installs dependencies with."""
    return {"pip": installed, "uv": with_uv}


@pytest.fixture(scope="session")
def make(
    environments: dict[str, Environment], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Shop]:
    """Return what makes a project from a template, with the dependencies from an installer, once each."""

    @cache
    def make_once(template: str, installer: str) -> Shop:
        above = tmp_path_factory.mktemp(f"{template}-{installer}")
        ended = environments[installer].devkit("init", "shop", "--defaults", "--template", template, cwd=above)
        return Shop(environment=environments[installer], above=above, installer=installer, ended=ended)

    return make_once


@pytest.fixture(
    scope="session",
    params=[(template, installer) for template in ("python-service", "python-library") for installer in LOCK_FILES],
    ids="-".join,
)
def shop(request: pytest.FixtureRequest, make: Callable[[str, str], Shop]) -> Shop:
    """Return a project that was made without a terminal."""
    template, installer = request.param
    return make(template, installer)


def test_it_is_made_without_a_prompt_and_says_what_to_type_next(shop: Shop) -> None:
    lines = shop.ended.passed().stdout.splitlines()

    assert lines[0].startswith("made shop from python-")
    following = [line.strip() for line in lines[lines.index("next:") + 1 :]]
    assert following[0] == "cd shop"
    for line in following[1:]:
        program, *words = shlex.split(line)
        shop.environment.run(program, *words, cwd=shop.root).passed()


def test_everything_is_in_one_commit(shop: Shop) -> None:
    assert shop.git("status", "--porcelain") == ""
    assert shop.git("rev-list", "--count", "--all") == "1\n"
    assert shop.git("log", "--format=%an <%ae>") == "Ada Lovelace <ada@example.org>\n"
    assert LOCK_FILES[shop.installer] in shop.git("ls-files").splitlines()
    assert not (shop.root / LOCK_FILES["uv" if shop.installer == "pip" else "pip"]).exists()


def test_its_tests_pass_twice_and_leave_the_tree_clean(shop: Shop) -> None:
    first = shop.devkit("run", "test", "--no-cache").passed()
    second = shop.devkit("run", "test", "--no-cache").passed()

    assert "done    test:unit" in first.stderr
    assert "done    test:unit" in second.stderr
    assert shop.git("status", "--porcelain") == ""


def test_a_second_run_does_nothing_and_says_why(shop: Shop) -> None:
    shop.devkit("run", "env", "test").passed()
    tasks = json.loads(shop.devkit("run", "env", "test", "--json").passed().stdout)["tasks"]

    assert len(tasks) > 3
    assert {(task["outcome"], task["reason"]) for task in tasks} == {("skipped", "nothing changed")}


def test_a_changed_source_runs_what_reads_it_and_nothing_else(shop: Shop) -> None:
    shop.devkit("run", "env", "test").passed()
    source = min((shop.root / "src").rglob("*.py"))
    before = source.read_text("utf-8")
    source.write_text(f"{before}# A comment.\n" if before else '"""A package."""\n', "utf-8")
    try:
        tasks = json.loads(shop.devkit("run", "env", "test", "--json").passed().stdout)["tasks"]
    finally:
        source.write_text(before, "utf-8")

    path = source.relative_to(shop.root).as_posix()
    done = {task["task"]: task["reason"] for task in tasks if task["outcome"] == "done"}
    assert set(done.values()) == {f"`{path}` changed"}
    assert done.keys() == {task["task"] for task in tasks if task["task"].startswith("test:")}


def test_arguments_reach_pytest(shop: Shop) -> None:
    ended = shop.devkit("-v", "run", "test", "--", "-k", "no_such_test", "--no-cov")

    assert ended.code == 1
    assert "deselected" in ended.stdout + ended.stderr


def test_nothing_is_left_to_do(shop: Shop) -> None:
    shop.devkit("apply", "--check").passed()
    before = modification_times(shop.root)

    assert "nothing to do" in shop.devkit("apply").passed().stdout
    shop.devkit("apply").passed()

    assert modification_times(shop.root) == before


def modification_times(root: Path) -> dict[str, tuple[int, int]]:
    """Return when each file and folder was changed last and what number it has, but for devkit's passing state."""
    state = root / ".devkit/state"
    entries = (path for path in root.rglob("*") if path not in {state.parent, state} and state not in path.parents)
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_ino) for path in entries}


def test_nothing_in_it_tells_where_it_was_made(shop: Shop) -> None:
    secrets = {str(shop.above), shop.environment.variables["HOME"], str(shop.environment.folder), str(Path.home())}

    for path in shop.git("ls-files", "-z").split("\0")[:-1]:
        text = (shop.root / path).read_text("utf-8").replace("target=/root/", "")  # the home in the image
        assert not [secret for secret in secrets if secret in text], path


@pytest.mark.parametrize("installer", LOCK_FILES)
def test_a_colleague_can_work_on_a_clone(make: Callable[[str, str], Shop], installer: str, tmp_path: Path) -> None:
    shop = make("python-library", installer)
    shop.git("clone", "--quiet", str(shop.root), str(tmp_path / "clone"))

    shop.environment.devkit("run", "test", cwd=tmp_path / "clone").passed()

    shop.environment.devkit("apply", "--check", cwd=tmp_path / "clone").passed()
    assert run(["git", "status", "--porcelain"], cwd=tmp_path / "clone", variables=os.environ).stdout == ""


@pytest.fixture(params=LOCK_FILES)
def address(request: pytest.FixtureRequest, make: Callable[[str, str], Shop]) -> Iterator[str]:
    """Return where the service listens, started as its README says, on a port that is free."""
    service = make("python-service", request.param)
    assert "| start | `.venv/bin/shop` |" in (service.root / "README.md").read_text("utf-8")
    variables = {**service.environment.variables, "PORT": "0"}
    with subprocess.Popen(
        [".venv/bin/shop"], cwd=service.root, env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            messages = (json.loads(line)["message"] for line in process.stdout)
            found = (re.search(r"running on (http://127\.0\.0\.1:\d+)", message) for message in messages)
            yield next(match[1] for match in found if match)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def test_the_service_answers_on_loopback(address: str) -> None:
    with DIRECT.open(f"{address}/health", timeout=30) as response:
        assert (response.status, json.load(response)) == (200, {"status": "ok"})
    with DIRECT.open(f"{address}/metrics", timeout=30) as response:
        metrics = response.read().decode()
    assert 'http_request_duration_seconds_count{method="GET",route="/health",status="200"} 1.0' in metrics


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Return a port of loopback that is taken and not listened on, so that every connection is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


LOCAL_SOURCES = re.compile(r"(PIP|UV)_(CONFIG_FILE|FIND_LINKS|INDEX|DEFAULT_INDEX|EXTRA_INDEX)|no_proxy$|NO_PROXY$")


def cut_off(environment: Environment, port: int, folder: Path) -> Environment:
    """Return an environment with empty caches, which reaches no index when a port is given that nobody listens on."""
    variables = {name: value for name, value in environment.variables.items() if not LOCAL_SOURCES.match(name)}
    variables |= {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
    variables |= {"PIP_CACHE_DIR": str(folder / "pip"), "UV_CACHE_DIR": str(folder / "uv")}
    if port:
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
        variables |= dict.fromkeys(names, f"http://127.0.0.1:{port}")
    return Environment(folder=environment.folder, variables=variables)


@pytest.mark.parametrize("installer", LOCK_FILES)
@pytest.mark.parametrize("is_told", [True, False], ids=["told to be offline", "without a network"])
def test_without_an_index_the_project_is_there_and_can_be_finished_later(
    environments: dict[str, Environment], installer: str, is_told: bool, closed_port: int, tmp_path: Path
) -> None:
    alone = cut_off(environments[installer], 0 if is_told else closed_port, tmp_path)
    words = ["--offline"] if is_told else []

    ended = alone.devkit(*words, "init", "shop", "--defaults", "--template", "python-library", cwd=tmp_path)

    shop = Shop(environment=environments[installer], above=tmp_path, installer=installer, ended=ended)
    assert ended.code == EXIT_UNAVAILABLE, ended
    assert "made shop from python-library" in ended.stdout
    assert shop.git("status", "--porcelain") == ""
    assert shop.git("rev-list", "--count", "--all") == "1\n"
    state = ended.stderr[ended.stderr.index("= state: ") :]
    assert f"the project is in {shop.root}" in state
    resume = re.search("resume with `(.+)`", state)
    assert resume is not None

    program, *rest = shlex.split(resume[1])
    shop.environment.run(program, *rest, cwd=tmp_path).passed()

    assert shop.git("status", "--porcelain") == f"?? {LOCK_FILES[installer]}\n"
    shop.devkit("run", "test").passed()
    shop.devkit("apply", "--check").passed()


def test_without_an_index_the_failure_is_one_json_document(
    installed: Environment, closed_port: int, tmp_path: Path
) -> None:
    alone = cut_off(installed, closed_port, tmp_path)

    ended = alone.devkit("--json", "init", "shop", "--defaults", cwd=tmp_path)

    document = json.loads(ended.stdout)
    assert (ended.code, document["error"]["exit"]) == (EXIT_UNAVAILABLE, EXIT_UNAVAILABLE)
    assert document["path"] == str(tmp_path / "shop")
    assert "resume with" in document["error"]["state"]
