from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from devkit_build.plugin import devkit_checks, devkit_files, devkit_publish, devkit_tasks, devkit_tools
from devkit_build.settings import BuildSettings, Stack

from devkit.api import PYTHON, Block, Merge, Neighbour, RunCommand, Write
from devkit.plan.patterns import Patterns
from tests.plugins.build.projects import LIBRARY, NODE_SERVICE, SERVICE, context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from devkit.testing import DevkitProject


@pytest.mark.parametrize(
    "files",
    [{"pyproject.toml": SERVICE}, {"package.json": NODE_SERVICE}, {"index.html": ""}],
    ids=["python", "node", "site"],
)
def test_a_service_has_a_dockerfile_what_it_is_not_sent_and_a_compose_file(
    files: Mapping[str, str], tmp_path: Path
) -> None:
    dockerfile, ignored, compose = devkit_files(context(tmp_path, files))

    assert isinstance(dockerfile, Write)
    assert isinstance(ignored, Block)
    assert {".git", "**/.env", ".devkit"} < set(ignored.text.splitlines())
    assert isinstance(compose, Merge)
    assert [each.value for each in devkit_publish(context(tmp_path, files))]
    assert [tool.name for tool in devkit_tools(context(tmp_path, files))] == ["docker", "hadolint", "trivy", "grype"]


def test_a_dockerfile_of_the_users_own_is_left_alone(tmp_path: Path) -> None:
    files = {"pyproject.toml": SERVICE, "Dockerfile": "FROM x\n"}

    assert [each.path for each in devkit_files(context(tmp_path, files))] == [".dockerignore", "compose.yaml"]


def test_the_service_joins_the_compose_file_that_is_there(tmp_path: Path) -> None:
    files = {"pyproject.toml": SERVICE, "docker-compose.yml": "services: {}\n"}

    assert [each.path for each in devkit_files(context(tmp_path, files))][-1] == "docker-compose.yml"


def test_the_container_may_write_only_where_it_is_told(tmp_path: Path) -> None:
    settings = BuildSettings(writable=("/tmp", "/data"))
    compose = list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, settings)))[-1]

    assert isinstance(compose, Merge)
    services: Any = compose.data["services"]
    assert services["app"]["tmpfs"] == ["/tmp", "/data"]
    assert services["app"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


def test_the_container_is_told_of_its_neighbours_and_waits_for_them(tmp_path: Path) -> None:
    neighbours = [
        Neighbour(name="postgres", environment={"DATABASE_URL": "postgresql://app:${PW}@postgres:5432/app"}),
        Neighbour(name="redis", environment={"REDIS_URL": "redis://redis:6379/0"}),
    ]
    published = {"service.neighbours": neighbours}
    compose = list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, published=published)))[-1]

    assert isinstance(compose, Merge)
    services: Any = compose.data["services"]
    assert services["app"]["environment"] == {**neighbours[0].environment, **neighbours[1].environment}
    assert services["app"]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }


def test_the_secrets_of_every_build_reach_compose(tmp_path: Path) -> None:
    settings = BuildSettings(secrets=("id=npmrc,src=~/.npmrc", "id=token,env=TOKEN"), custom_ca=True)
    compose = list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, settings)))[-1]

    assert isinstance(compose, Merge)
    services: Any = compose.data["services"]
    assert services["app"]["build"]["secrets"] == ["ca", "npmrc", "token"]
    assert compose.data["secrets"] == {
        "npmrc": {"file": "~/.npmrc"},
        "token": {"environment": "TOKEN"},
        "ca": {"file": "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"},
    }


def test_an_authority_that_is_named_is_the_one_that_compose_is_told_of(tmp_path: Path) -> None:
    settings = BuildSettings(secrets=("id=ca,src=ca.pem",), custom_ca=True, arguments={"A": "1 ${B}"})
    compose = list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, settings)))[-1]

    assert isinstance(compose, Merge)
    services: Any = compose.data["services"]
    assert services["app"]["build"] == {"context": ".", "args": {"A": "1 $${B}"}, "secrets": ["ca"]}
    assert compose.data["secrets"] == {"ca": {"file": "ca.pem"}}


@pytest.mark.parametrize(
    ("folder", "ignored", "dockerfile"),
    [(".", ".dockerignore", None), ("app/", "app/.dockerignore", "../Dockerfile"), ("..", ".dockerignore", None)],
)
def test_a_context_of_its_own_has_the_files_that_a_builder_looks_for_in_it(
    folder: str, ignored: str, dockerfile: str | None, tmp_path: Path
) -> None:
    actions = list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, BuildSettings(context=folder))))

    (block,) = (each for each in actions if isinstance(each, Block))
    (merge,) = (each for each in actions if isinstance(each, Merge))
    services: Any = merge.data["services"]
    assert (block.path, services["app"]["build"].get("dockerfile")) == (ignored, dockerfile)


def test_the_classic_builder_is_told_of_no_secrets(tmp_path: Path) -> None:
    settings = BuildSettings(buildkit=False, custom_ca=True)
    compose = list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, settings)))[-1]

    assert isinstance(compose, Merge)
    assert "secrets" not in compose.data


def test_a_database_that_is_a_file_is_where_the_container_may_write(tmp_path: Path) -> None:
    files = {"pyproject.toml": SERVICE, ".env.example": "PORT=8000\nDATABASE_URL=\n"}
    compose = list(devkit_files(context(tmp_path, files)))[-1]

    assert isinstance(compose, Merge)
    services: Any = compose.data["services"]
    assert services["app"]["environment"] == {"DATABASE_URL": "${DATABASE_URL:-sqlite:////tmp/data.sqlite3}"}


@pytest.mark.parametrize(
    ("files", "argv"),
    [
        ({"uv.lock": ""}, ("uv", "build", "--out-dir", "dist")),
        ({"poetry.lock": ""}, ("poetry", "build", "--no-interaction")),
        ({}, (".venv/bin/python", "-m", "pip", "wheel", "--no-deps", "--wheel-dir", "dist", ".")),
    ],
)
def test_a_library_is_built_by_the_program_that_it_is_locked_with(
    files: Mapping[str, str], argv: tuple[str, ...], tmp_path: Path
) -> None:
    seen = context(tmp_path, {"pyproject.toml": LIBRARY, **files}, published={PYTHON.name: ".venv/bin/python"})
    [task] = devkit_tasks(seen)

    assert isinstance(task.action, RunCommand)
    assert (task.name, task.action.argv) == ("build:wheel", argv)
    [ignored] = devkit_files(seen)
    assert isinstance(ignored, Block)
    assert "/dist/" in ignored.text
    assert list(devkit_publish(seen)) == []


@pytest.mark.parametrize(("backend", "are_known"), [("hatchling", True), ("setuptools_scm[toml]>=8", False)])
def test_a_library_is_built_anew_after_any_change_that_may_count(
    tmp_path: Path, backend: str, *, are_known: bool
) -> None:
    text = LIBRARY.replace('"hatchling"', f'"{backend}"', 1)
    [task] = devkit_tasks(context(tmp_path, {"pyproject.toml": text}, published={PYTHON.name: "python"}))

    patterns = Patterns(task.inputs)
    assert bool(task.inputs) is are_known
    for path in ("shop/data.json", "shop/page.html", "setup.cfg", "MANIFEST.in", "shop/py.typed"):
        assert patterns.matches(path) is are_known
    assert not patterns.matches("dist/shop.whl")


@pytest.mark.parametrize(("line", "count"), [("dist/", 0), ("/dist/", 0), ("distance/", 1)])
def test_a_project_that_keeps_its_distributions_out_of_git_is_left_alone(
    tmp_path: Path, line: str, count: int
) -> None:
    files = {"pyproject.toml": LIBRARY, ".gitignore": f"{line}\n"}
    seen = context(tmp_path, files, published={PYTHON.name: ".venv/bin/python"})

    assert len(list(devkit_files(seen))) == count


def test_a_project_of_setuptools_is_built_and_stays_as_it_is(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"setup.py": "setup(name='shop')\n", "devkit.toml": ""})

    assert project.run("add", "scaffold", "env", "build").code == 0

    assert "build:wheel" in project.run("--json", "plan").stdout
    assert "\n/dist/\n" in project.read(".gitignore")
    assert project.run("apply", "--check").code == 0


@pytest.mark.parametrize(
    ("files", "stack"), [({"setup.py": ""}, "python"), ({"package.json": "{}"}, "node"), ({}, "static")]
)
def test_what_has_no_image_is_told_how_to_get_one(
    devkit_project: Callable[..., DevkitProject], files: dict[str, str], stack: str
) -> None:
    project = devkit_project({**files, "devkit.toml": ""})
    project.run("add", "build")

    refused = project.run("build", "--push")

    assert (refused.code, f"devkit config set build.stack {stack}" in refused.stderr) == (66, True)


def test_nothing_is_pushed_to_where_only_docker_may(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"pyproject.toml": SERVICE, "devkit.toml": ""})
    project.run("add", "scaffold", "build")

    refused = project.run("build", "--push")

    assert (refused.code, "devkit config set build.registry" in refused.stderr) == (77, True)


def test_a_library_that_depends_on_build_is_built_by_it(tmp_path: Path) -> None:
    text = f'{LIBRARY}[dependency-groups]\ndev = ["build>=1.2", {{ include-group = "x" }}]\n'
    [task] = devkit_tasks(context(tmp_path, {"pyproject.toml": text}, published={PYTHON.name: "python"}))

    assert isinstance(task.action, RunCommand)
    assert task.action.argv == ("python", "-m", "build", "--outdir", "dist")


def test_no_image_is_made_of_what_is_told_to_have_none(tmp_path: Path) -> None:
    settings = BuildSettings(stack=Stack.NONE)

    assert list(devkit_files(context(tmp_path, {"pyproject.toml": SERVICE}, settings))) == []


def test_a_mirror_reaches_the_dockerfile_of_a_real_project(devkit_project: Callable[..., DevkitProject]) -> None:
    mirrors = '[mirrors]\n"docker.io" = "mirror.example/hub"\n'
    project = devkit_project({"pyproject.toml": SERVICE, "devkit.toml": mirrors})

    assert project.run("add", "scaffold", "build").code == 0

    text = project.read("Dockerfile")
    assert text.count("FROM mirror.example/hub/library/python:3.13-slim-trixie") == 2
    assert project.run("apply", "--check").code == 0


def test_what_is_added_to_the_ignored_files_stays(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"pyproject.toml": SERVICE, "devkit.toml": "", ".dockerignore": "data/\n"})

    assert project.run("add", "scaffold", "build").code == 0

    assert project.read(".dockerignore").splitlines()[0] == "data/"


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ('CMD ["python", "manage.py", "runserver", "--noreload", "0.0.0.0:8000"]', [2]),
        ('CMD ["flask", "--app", "app:app", "run"]', [2]),
        ("CMD flask run", [2]),
        ('CMD ["gunicorn", "flask_shop:app"]', []),
    ],
)
def test_a_server_for_development_in_an_image_is_found(tmp_path: Path, command: str, lines: list[int]) -> None:
    seen = context(tmp_path, {"Dockerfile": f"FROM python:3.13\n{command}\n"})

    assert [found.place.line for found in devkit_checks(seen) if found.place] == lines
