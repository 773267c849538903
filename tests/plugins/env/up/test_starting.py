from __future__ import annotations

import json
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from devkit_env.up.address import LOOPBACK
from devkit_env.up.containers import Project

from devkit.api import SERVICE_FAILED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from devkit.testing import DevkitProject
    from tests.plugins.env.up.conftest import Docker

PRINT = "import os; print(os.environ['DATABASE_URL'].partition('@')[2], os.environ['POSTGRES_PORT'])"


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], docker: Docker) -> DevkitProject:
    """Return a project with two services, its files made, whose application says where the database is."""
    assert docker.folder.is_dir()
    start = json.dumps([sys.executable, "-c", PRINT])
    made = devkit_project({"devkit.toml": f'[env]\nservices = ["postgres", "redis"]\nstart = {start}\n'})
    made.git("init", "-q")
    assert made.run("add", "env").code == 0
    return made


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "POSTGRES_PORT", "REDIS_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_services_are_started_and_the_application_is_told_where_they_are(
    project: DevkitProject, docker: Docker
) -> None:
    ran = project.run("up")

    told = next(line.partition("| ")[2] for line in ran.stdout.splitlines() if line.startswith("project "))
    port = told.split()[-1]  # the names are padded when a service said something first
    assert told == f"127.0.0.1:{port}/app {port}"
    up = next(words for words in docker.asked() if " up " in words)
    assert up == "compose --project-name project --file compose.yaml up --detach postgres redis"
    assert (project.root / ".env").stat().st_mode & 0o777 == 0o600


def test_the_end_of_the_application_is_the_end_of_the_services(project: DevkitProject, docker: Docker) -> None:
    ran = project.run("up")

    assert ran.code == 1
    assert "stopped postgres, redis" in ran.stderr
    assert docker.running() == "{}"
    assert not (project.root / ".devkit/state/env/services.env").exists()


def test_what_ran_before_goes_on_running_on_its_ports(project: DevkitProject, docker: Docker) -> None:
    assert project.run("up", "--detach").code == 0
    before = json.loads(docker.running())

    ran = project.run("up")

    assert "ran before, and goes on" in ran.stderr
    assert json.loads(docker.running()) == before


def test_another_port_is_chosen_for_one_that_is_taken(project: DevkitProject) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        project.write(".env", f"POSTGRES_PORT={taken}\n").chmod(0o600)
        ran = project.run("up", "--detach", "--json")

    assert ran.document["services"]["POSTGRES_PORT"] != taken
    assert f"POSTGRES_PORT={taken}\n" in project.read(".env"), "no file of the user's holds the passing port"


def test_a_port_that_somebody_takes_before_the_engine_does_is_replaced(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, rivals = Project.start, list[socket.socket]()

    def start_late(self: Project, names: Sequence[str], env: Mapping[str, str], secrets: Collection[str]) -> None:
        if not rivals:
            rivals.append(socket.create_server((LOOPBACK, int(env["POSTGRES_PORT"]))))
            raise DevkitError(SERVICE_FAILED, "port is already allocated")
        start(self, names, env, secrets)

    monkeypatch.setattr(Project, "start", start_late)

    ran = project.run("up", "--detach", "--json")

    with rivals[0] as rival:
        assert ran.document["services"]["POSTGRES_PORT"] != rival.getsockname()[1]


def test_no_password_is_printed_or_given_to_a_program(project: DevkitProject, docker: Docker) -> None:
    ran = project.run("-v", "up", "--detach")

    values = dict(line.split("=", 1) for line in project.read(".env").splitlines() if "=" in line and line[0] != "#")
    assert values["POSTGRES_PASSWORD"]
    assert values["POSTGRES_PASSWORD"] not in ran.stdout + ran.stderr + "".join(docker.asked())
    assert "POSTGRES_PASSWORD=********" in ran.stderr


def test_down_removes_containers_and_data(project: DevkitProject, docker: Docker) -> None:
    project.run("up", "--detach")

    ran = project.run("down", "--volumes")

    assert ran.stdout == "stopped postgres, redis\nremoved the data: project_postgres-data\n"
    assert docker.running() == "{}"
    assert "volume rm project_postgres-data" in docker.asked()
    assert project.run("down").stdout == "nothing was running\n"


STUCK = "postgres, redis cannot be removed: Error response from daemon: device or resource busy"


def test_what_cannot_be_removed_is_not_told_of_as_stopped(project: DevkitProject, docker: Docker) -> None:
    project.run("up", "--detach")
    docker.hold()

    ran = project.run("down")

    assert ran.code == 69
    assert "stopped postgres" not in ran.stdout + ran.stderr
    assert f"error[DK1113]: {STUCK}" in ran.stderr
    assert "state: postgres, redis are still there" in ran.stderr


def test_the_reason_for_which_all_ends_decides_and_what_cannot_be_removed_is_told_too(
    project: DevkitProject, docker: Docker
) -> None:
    docker.hold()

    ran = project.run("up")

    assert ran.code == 1
    assert "error[DK1111]: project ended with exit code 0" in ran.stderr
    assert f"error[DK1113]: {STUCK}" in ran.stderr
    assert "state: postgres, redis are still there" in ran.stderr
    assert "is stopped" not in ran.stderr


def test_a_service_that_is_unwell_and_cannot_be_removed_either_is_told_of_as_both(
    project: DevkitProject, docker: Docker
) -> None:
    docker.sicken()
    docker.hold()

    document = project.run("up", "--json").document

    assert document["error"]["message"].startswith("postgres does not become healthy")
    assert document["error"]["state"] == "postgres, redis are still there"
    assert STUCK in [finding["message"] for finding in document["findings"]]


def test_a_signal_decides_as_well(project: DevkitProject, docker: Docker) -> None:
    docker.hold()
    kill = json.dumps([sys.executable, "-c", "import os, signal; os.kill(os.getppid(), signal.SIGTERM)"])
    project.write("devkit.toml", f'[env]\nservices = ["postgres", "redis"]\nstart = {kill}\n')

    ran = project.run("up")

    assert ran.code == 143
    assert f"error[DK1113]: {STUCK}" in ran.stderr
    assert "postgres, redis are still there" in ran.stderr


def test_logs_stand_behind_the_name_of_their_service(project: DevkitProject) -> None:
    project.run("up", "--detach")

    assert project.run("logs", "redis").stdout == "redis | a line of redis\n"
    assert "postgres | a line of postgres\n" in project.run("logs").stdout
    assert project.run("logs", "oracle").code == 2


def test_a_service_that_stays_unwell_is_a_failure_with_its_lines(project: DevkitProject, docker: Docker) -> None:
    docker.sicken()

    ran = project.run("up")

    assert ran.code == 69
    assert "a line of postgres" in ran.stderr
    assert "postgres does not become healthy: it is unhealthy" in ran.stderr
    assert docker.running() == "{}"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("Cannot connect to the Docker daemon at unix:///x", 69, "docker does not answer: Cannot connect"),
        ("permission denied while trying to connect", 77, "you may not use the socket of docker"),
        ("client version 1.50 is too new. Maximum supported API version is 1.41", 69, "is too old: client version"),
    ],
)
def test_an_engine_that_does_not_serve_is_named_with_the_reason(
    project: DevkitProject, docker: Docker, words: str, code: int, said: str
) -> None:
    docker.complain(words)

    ran = project.run("up")

    assert ran.code == code
    assert said in ran.stderr
    assert "state: nothing was changed" in ran.stderr


def test_an_engine_without_compose_says_what_to_install(project: DevkitProject, docker: Docker) -> None:
    docker.lose_compose()

    ran = project.run("up")

    assert ran.code == 69
    assert "neither `docker compose` nor `docker-compose` works" in ran.stderr


@pytest.mark.parametrize(("compose", "program"), [("docker-compose", "docker"), ("podman-compose", "podman")])
def test_the_classic_compose_and_podman_serve_as_well(
    project: DevkitProject, docker: Docker, compose: str, program: str
) -> None:
    docker.become(compose, program=program)

    assert project.run("up", "--detach").code == 0
    assert "compose --project-name project --file compose.yaml up --detach postgres redis" in docker.asked()
    assert project.run("down").stdout == "stopped postgres, redis\n"
    assert ("pod rm --ignore pod_project" in docker.asked()) is (program == "podman")


def test_without_an_engine_a_service_cannot_be_had(project: DevkitProject, docker: Docker) -> None:
    (docker.folder / "docker").unlink()

    ran = project.run("up")

    assert ran.code == 69
    assert "neither docker nor podman is on PATH" in ran.stderr


def test_the_name_of_the_project_and_the_secrets_need_no_example(project: DevkitProject, docker: Docker) -> None:
    (project.root / ".env.example").unlink()
    project.write(".env", "COMPOSE_PROJECT_NAME=mine\n").chmod(0o600)

    assert project.run("up", "--detach").code == 0
    assert "compose --project-name mine --file compose.yaml up --detach postgres redis" in docker.asked()
    assert "POSTGRES_PASSWORD=" in project.read(".env")


def test_a_service_that_was_not_applied_yet_says_so(project: DevkitProject) -> None:
    project.write("devkit.toml", project.read("devkit.toml").replace('"redis"', '"redis", "mailpit"'))

    ran = project.run("up")

    assert ran.code == 78
    assert "`compose.yaml` has no service mailpit" in ran.stderr
    assert "help: devkit apply" in ran.stderr


COMPOSE = """\
# redis:
volumes:
    redis:
services: {definitions}
"""


@pytest.mark.parametrize(
    ("definitions", "code"),
    [
        ("{\"postgres\": {image: postgres}, 'redis': {image: redis}}", 0),
        ("\n    postgres:\n        image: postgres\n    redis: {image: redis}", 0),
        ("{postgres: {image: postgres}}", 78),
        ("[", 0),  # compose itself says why
    ],
)
def test_the_services_are_the_keys_of_the_compose_file(project: DevkitProject, definitions: str, code: int) -> None:
    project.write("compose.yaml", COMPOSE.replace("{definitions}", definitions))

    assert project.run("up", "--detach").code == code


def test_the_services_of_another_folder_are_left_alone(
    project: DevkitProject, docker: Docker, tmp_path: Path
) -> None:
    project.run("up", "--detach")
    moved = docker.running().replace(str(project.root), str(tmp_path / "elsewhere"))
    (docker.folder / "running").write_text(moved)

    ran = project.run("up")

    assert ran.code == 75
    assert "runs in another folder" in ran.stderr
    assert docker.running() == moved


def test_a_database_is_brought_up_to_date_and_filled_once(project: DevkitProject) -> None:
    word = "import os; print(os.environ['DATABASE_URL'][:10], end=' '); open('{}', 'a').write('x')"
    steps = {name: json.dumps([sys.executable, "-c", word.format(name)]) for name in ("migrate", "seed")}
    lines = "".join(f"{name} = {words}\n" for name, words in steps.items())
    project.write("devkit.toml", project.read("devkit.toml") + lines)

    for _ in range(2):
        assert project.run("up", "--detach").code == 0
    assert (project.read("migrate"), project.read("seed")) == ("xx", "x")
    project.run("down", "--volumes")
    project.run("up", "--detach")
    assert project.read("seed") == "xx"


def test_a_program_that_is_run_beside_the_services_is_told_where_they_are(project: DevkitProject) -> None:
    project.run("up", "--detach")
    code = "import os; open('said', 'w').write(os.environ['DATABASE_URL'].partition('@')[2])"

    assert project.run("env", "run", "--", sys.executable, "-c", code).code == 0
    assert project.read("said").startswith("127.0.0.1:")
