"""`devkit build` against a real engine and a real registry."""

from __future__ import annotations

import hashlib
import http.client
import json
import sqlite3
import time
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from devkit_build.content import read_content
from devkit_build.ignoring import read_ignoring

from tests.real.build_projects import SERVE, SMALL, Service, forget, generated, recording, small
from tests.real.engines import docker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(1800),
    pytest.mark.usefixtures("engine"),
]

CANARY = "canary-4711-of-the-build"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SECRETS = {"python-service": "netrc", "node-service": "npmrc"}
"""A secret that the generated Dockerfile mounts, for each template."""
TEXTS = {
    "netrc": f"machine registry.invalid login ada password {CANARY}\n",
    "npmrc": f"//registry.invalid/:_authToken={CANARY}\n",
}


@pytest.fixture(scope="module", params=["python-service", "node-service"])
def pushed(
    request: pytest.FixtureRequest, installed: Environment, registry: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, dict[str, Any], str]]:
    """Return a generated service after a push with a secret, what devkit said, and all that anybody could read."""
    above = tmp_path_factory.mktemp("pushed")
    service = generated(recording(installed, above / "bin"), above, request.param)
    secret = SECRETS[request.param]
    words = ("--push", f"--secret=id={secret},env=CANARY", "--tag=canary", "-v")
    variables = {"DEVKIT_BUILD__REGISTRY": registry, "CANARY": TEXTS[secret]}
    ended = service.devkit("build", *words, **variables).passed()
    document = service.document("build", *words[:-1], **variables)
    yield service, document, ended.stdout + ended.stderr + (above / "bin/argv").read_text("utf-8")
    forget(service)
    for reference in document["references"]:
        docker("image", "rm", "--force", reference)


@pytest.fixture(scope="module")
def shop(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a small service that the tests change."""
    above = tmp_path_factory.mktemp("small")
    service = small(recording(installed, above / "bin"), above)
    service.devkit("build").passed()
    yield service
    forget(service)


@pytest.fixture(autouse=True)
def _unchanged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give every test the small service as it was."""
    yield
    if "shop" in request.fixturenames:
        service: Service = request.getfixturevalue("shop")
        service.environment.run(service.git, "reset", "--quiet", "--hard", cwd=service.root).passed()
        service.environment.run(service.git, "clean", "--quiet", "-fd", cwd=service.root).passed()


def argv(service: Service) -> list[str]:
    return (service.root.parent / "bin/argv").read_text("utf-8").splitlines()


def built_anew(service: Service, act: Callable[[], object]) -> bool:
    """Whether the builder was started while something was done."""
    before = len(argv(service))
    act()
    return any(line.startswith("buildx build") for line in argv(service)[before:])


def manifest_digest(reference: str) -> str:
    """Return the digest of what a registry serves under a name, computed from its bytes."""
    address, _, rest = reference.partition("/")
    name, _, tag = rest.rpartition(":")
    accepted = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
    with closing(http.client.HTTPConnection(address)) as connection:
        connection.request("GET", f"/v2/{name}/manifests/{tag}", headers={"Accept": accepted})
        answer = connection.getresponse()
        assert answer.status == 200
        return f"sha256:{hashlib.sha256(answer.read()).hexdigest()}"


def test_what_was_pushed_is_in_the_registry_the_output_file_and_the_ledger(
    pushed: tuple[Service, dict[str, Any], str],
) -> None:
    service, document, _ = pushed
    image = service.image()

    assert [reference.rpartition(":")[2] for reference in image["pushed"]] == [image["commit"][:12], "canary"]
    assert {manifest_digest(reference) for reference in image["pushed"]} == {image["digest"]}
    assert document["digest"] == image["digest"]
    with closing(sqlite3.connect(service.root / ".devkit/state/ledger.sqlite3")) as ledger:
        assert any(image["digest"] in line for line in ledger.iterdump())


def test_the_container_answers_and_is_not_root(pushed: tuple[Service, dict[str, Any], str]) -> None:
    service, _, _ = pushed
    port = "3000" if (service.root / "package.json").exists() else "8000"
    container = docker("run", "--detach", "--publish", f"127.0.0.1::{port}", service.image()["reference"])
    try:
        address = f"http://{docker('port', container, port)}"
        for path in ("/health", "/metrics"):
            assert _answer(f"{address}{path}") == 200
        uid = docker("exec", container, "id", "-u")
        assert uid == "10001"
    finally:
        docker("rm", "--force", container)


def test_a_secret_leaves_no_trace(pushed: tuple[Service, dict[str, Any], str], tmp_path: Path) -> None:
    service, document, seen = pushed
    reference = service.image()["reference"]
    docker("save", "--output", tmp_path / "image.tar", reference)
    state = b"".join(path.read_bytes() for path in (service.root / ".devkit").rglob("*") if path.is_file())

    assert CANARY not in docker("history", "--no-trunc", reference)
    assert CANARY.encode() not in (tmp_path / "image.tar").read_bytes()
    assert CANARY not in seen + json.dumps(document)
    assert CANARY.encode() not in state
    assert "buildx build" in seen


def test_the_image_passes_its_check_and_lists_its_packages(pushed: tuple[Service, dict[str, Any], str]) -> None:
    service, _, _ = pushed
    registry = service.image()["reference"].partition("/")[0]

    service.devkit("run", "build:check", "build:sbom", DEVKIT_BUILD__REGISTRY=registry).passed()

    document = json.loads((service.root / ".devkit/state/build/sbom.spdx.json").read_text("utf-8"))
    names = {package["name"] for package in document["packages"]}
    assert "libc6" in names
    assert names & {"fastapi", "express", "fastify"}
    left = ("--filter=label=dev.devkit.throwaway", f"--filter=ancestor={service.image()['reference']}")
    assert docker("ps", "--all", "--quiet", *left) == ""


def test_labels_and_tags_say_what_it_is_made_of(shop: Service) -> None:
    shop.environment.run(shop.git, "tag", "v1.2.0", cwd=shop.root).passed()
    variables = {"DEVKIT_BUILD__TAGS": '["commit", "version", "branch", "latest"]'}

    document = shop.document("build", **variables)

    commit = document["commit"]
    name = shop.environment.variables["DEVKIT_BUILD__REPOSITORY"]
    assert document["references"] == [f"{name}:{tag}" for tag in (commit[:12], "1.2.0", "main", "latest")]
    labels = json.loads(docker("image", "inspect", "--format", "{{json .Config.Labels}}", f"{name}:1.2.0"))
    assert labels["org.opencontainers.image.revision"] == commit
    assert labels["org.opencontainers.image.created"].endswith("Z")
    for reference in document["references"][1:]:
        docker("image", "rm", reference)
    shop.environment.run(shop.git, "tag", "--delete", "v1.2.0", cwd=shop.root).passed()


def test_what_is_there_is_not_built_again(shop: Service) -> None:
    shop.devkit("build").passed()
    image = shop.image()

    assert not built_anew(shop, lambda: shop.devkit("build").passed())
    assert not built_anew(shop, lambda: shop.devkit("run", "build:image").passed())
    docker("image", "rm", "--force", image["reference"])
    assert built_anew(shop, lambda: shop.devkit("build").passed())
    assert shop.image()["image_id"] == image["image_id"]


@pytest.mark.parametrize("words", [("build",), ("run", "build:image")])
def test_what_is_there_is_told_without_the_plugin_until_something_changes(
    shop: Service, words: tuple[str, ...]
) -> None:
    shop.devkit("build").passed()
    shop.devkit(*words).passed()
    reference = shop.image()["reference"]

    assert shop.devkit(*words).passed().stderr == "skipped build:image  nothing changed\n"
    shop.environment.run(shop.git, "tag", "v1.0", cwd=shop.root).passed()
    try:
        assert shop.devkit(*words).passed().stderr != "skipped build:image  nothing changed\n"
        docker("image", "rm", reference)
        assert built_anew(shop, lambda: shop.devkit(*words).passed())
    finally:
        shop.environment.run(shop.git, "tag", "--delete", "v1.0", cwd=shop.root).passed()


def test_what_is_not_committed_has_a_name_of_its_own(shop: Service) -> None:
    shop.devkit("build").passed()
    clean = shop.image()
    shop.write("src/serve.py", f"{SERVE}\n# {uuid4()}\n")  # what an earlier run has not left in the engine's cache

    assert built_anew(shop, lambda: shop.devkit("build").passed())
    dirty = shop.image()
    assert dirty["reference"].startswith(f"{clean['reference']}-dirty-")
    lines = shop.devkit("build", "--explain").passed().stdout
    assert "because these changed: src/serve.py" in lines
    assert "the base image" in lines


@pytest.mark.parametrize(
    ("change", "code", "place", "words"),
    [
        (("RUN echo built", "RUN echo broken; exit 3; echo"), 1, "Dockerfile:4", "ended with exit code 3"),
        (("WORKDIR /app", "WROKDIR /app"), 65, "Dockerfile:2", "WROKDIR"),
        (("COPY src src", "COPY none src"), 1, "Dockerfile:7", "none"),
        (("FROM devkit-stand-in/python:latest", "FROM 127.0.0.1:1/none:1"), 69, "Dockerfile:1", "127.0.0.1:1"),
    ],
)
def test_a_build_that_fails_shows_the_line(
    shop: Service, change: tuple[str, str], code: int, place: str, words: str
) -> None:
    shop.write("Dockerfile", SMALL.replace(*change))

    ended = shop.devkit("build")

    assert ended.code == code, ended.stderr
    assert f"--> {place}" in ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "variables", "code"),
    [
        (("--tag=--privileged",), {}, 2),
        (("--platform=--privileged",), {}, 2),
        (("--builder=--privileged",), {}, 2),
        ((), {"DEVKIT_BUILD__REPOSITORY": "--privileged"}, 2),
        (("--build-arg=NPM_TOKEN=x",), {}, 77),
        (("--secret=id=npm,env=NOT_SET",), {}, 66),
        (("--builder=nobody", "--no-cache"), {}, 69),
        ((), {"DOCKER_HOST": "unix:///nowhere/docker.sock"}, 69),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_built(
    shop: Service, words: tuple[str, ...], variables: dict[str, str], code: int
) -> None:
    ended = None

    def build() -> None:
        nonlocal ended
        ended = shop.devkit("build", *words, **variables)

    assert not built_anew(shop, build)
    assert ended is not None
    assert ended.code == code, ended.stderr
    assert "state: " in ended.stderr


def test_secrets_and_history_stay_out_without_a_dockerignore(shop: Service) -> None:
    (shop.root / ".dockerignore").unlink()
    shop.write(".env", f"SECRET={CANARY}\n")
    shop.write("Dockerfile", "FROM devkit-stand-in/python:latest\nCOPY . /context\n")

    shop.devkit("build").passed()

    names = docker("run", "--rm", shop.image()["reference"], "ls", "-A", "/context").split()
    assert "pyproject.toml" in names
    assert not {".env", ".git", ".devkit"} & set(names)


def test_the_engines_own_builder_serves_where_there_is_no_docker_command(shop: Service, tmp_path: Path) -> None:
    shop.write("src/serve.py", f"{SERVE}\n# classic\n")
    shop.write("Dockerfile", f"{SMALL}COPY . /context\n")
    (shop.root / "src/twin.py").hardlink_to(shop.root / "src/serve.py")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").symlink_to(shop.git)

    shop.devkit("build", PATH=str(tmp_path / "bin")).passed()

    reference = shop.image()["reference"]
    assert {"serve.py", "twin.py"} <= set(docker("run", "--rm", reference, "ls", "/context/src").split())
    assert ".devkit-Dockerfile" not in docker("run", "--rm", reference, "ls", "-A", "/context").split()
    assert docker("image", "inspect", "--format", "{{.Id}}", reference) == shop.image()["image_id"]
    shop.write("Dockerfile", SMALL.replace("RUN echo built", "RUN --mount=type=cache,target=/c echo built"))
    ended = shop.devkit("build", PATH=str(tmp_path / "bin"))
    assert ended.code == 69
    assert "--> Dockerfile:4" in ended.stderr
    shop.write("Dockerfile", SMALL.replace("RUN echo built", "RUN exit 4; echo built"))
    ended = shop.devkit("build", PATH=str(tmp_path / "bin"))
    assert (ended.code, "exit code 4" in ended.stderr) == (1, True), ended.stderr


@pytest.mark.parametrize(
    ("dockerfile", "serve", "words"),
    [
        (SMALL.replace("USER 10001:10001\n", ""), SERVE, "runs as root"),
        (SMALL, SERVE.replace("signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))", ""), "does not stop"),
        (
            SMALL.replace("COPY src src", "COPY src src\nRUN chmod 777 /app"),
            f"open('/app/written', 'w')\n{SERVE}",
            "/app/written",
        ),
        (SMALL, "raise SystemExit('no good')", "ends with exit code 1"),
    ],
)
def test_a_container_that_misbehaves_fails_its_check(shop: Service, dockerfile: str, serve: str, words: str) -> None:
    shop.write("Dockerfile", dockerfile)
    shop.write("src/serve.py", serve)

    ended = shop.devkit("run", "build:check", DEVKIT_BUILD__STOP_SECONDS="2")

    assert ended.code == 1, ended.stderr
    assert words in ended.stderr


def test_an_image_over_its_budget_names_its_layers(shop: Service) -> None:
    ended = shop.devkit("build", DEVKIT_BUILD__SIZE_BUDGET="1")

    assert ended.code == 1
    assert "the base image" in ended.stderr


def test_two_builds_of_one_commit_are_one_image(shop: Service, tmp_path: Path) -> None:
    shop.devkit("build").passed()
    first = shop.image()
    clone = tmp_path / "shop"
    shop.environment.run(shop.git, "clone", "--quiet", str(shop.root), str(clone), cwd=tmp_path).passed()

    other = Service(root=clone, environment=shop.environment)
    other.environment.run(shop.git, "remote", "remove", "origin", cwd=clone).passed()
    other.devkit("build").passed()

    assert other.image()["image_id"] == first["image_id"]


def _answer(address: str) -> int:
    """Return the status of an answer, once there is one."""
    for _ in range(300):
        try:
            with DIRECT.open(address, timeout=5) as answer:
                status: int = answer.status
                return status
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


@pytest.mark.parametrize(
    "text",
    [
        "**.log\n!a/**.log\nb/**\n",
        "**.lo?\n[a-c]/x y\n\\*s\n",
        "*\n/!a\na/b\n!.env\n",
        ".*/\\*s\n!.env\n# a\n  b  \na/../c\n",
    ],
)
def test_devkit_and_the_builder_leave_out_the_same(text: str, tmp_path: Path) -> None:
    source, sent = tmp_path / "source", tmp_path / "sent"
    for name in ("a/b/a.log", "a/.log", "a.log", "b/c/d", "c/x y", "*s", ".env/*s/.env/b", ".env/c"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / "Dockerfile.dockerignore").write_text(text)
    docker("buildx", "build", f"--file={tmp_path / 'Dockerfile'}", f"--output=type=local,dest={sent}", str(source))

    content = read_content(source, read_ignoring(text))

    taken = {name for name in content.digests if not (source / name).is_dir()}
    assert taken == {str(path.relative_to(sent)) for path in sent.rglob("*") if not path.is_dir()}
