from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from devkit_build.address import find_address, variables

from devkit.api import NO_ENGINE, DevkitError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where Docker's own socket would be."""
    monkeypatch.setattr("devkit_build.address.DEFAULT_SOCKET", str(tmp_path / "docker.sock"))
    return tmp_path / "docker.sock"


def client(folder: Path, **configuration: Any) -> dict[str, str]:
    """Return the surroundings of a client of Docker's that knows a context of this machine and one far away."""
    endpoints: dict[str, dict[str, Any]] = {
        "rootless": {"Host": "unix:///run/user/7/docker.sock"},
        "far": {"Host": "tcp://docker.example.org:2376", "SkipTLSVerify": False},
    }
    for name, endpoint in endpoints.items():
        meta = folder / "contexts/meta" / sha256(name.encode()).hexdigest() / "meta.json"
        meta.parent.mkdir(parents=True)
        meta.write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}))
    (folder / "contexts/tls" / sha256(b"far").hexdigest() / "docker").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(configuration))
    return {"DOCKER_CONFIG": str(folder), "XDG_RUNTIME_DIR": str(folder)}


def test_the_current_context_of_the_client_says_where_the_engine_is(tmp_path: Path) -> None:
    environ = client(tmp_path, currentContext="rootless")

    assert find_address(environ).host == "unix:///run/user/7/docker.sock"
    assert find_address(environ).socket == "/run/user/7/docker.sock"
    assert find_address({**environ, "DOCKER_CONTEXT": "far"}).host == "tcp://docker.example.org:2376"
    assert find_address({**environ, "DOCKER_HOST": "tcp://127.0.0.1:1"}).host == "tcp://127.0.0.1:1"
    assert variables(environ) == {}, "Docker's own client knows its contexts"


def test_a_context_far_away_is_asked_with_its_certificates(tmp_path: Path) -> None:
    address = find_address(client(tmp_path, currentContext="far"))

    assert address.socket == ""
    assert address.variables["DOCKER_TLS_VERIFY"] == "1"
    assert address.variables["DOCKER_CERT_PATH"].endswith(f"/tls/{sha256(b'far').hexdigest()}/docker")


@pytest.mark.parametrize("context", ["", "default"])
def test_the_default_context_is_the_socket_of_this_machine(tmp_path: Path, socket: Path, context: str) -> None:
    environ = {**client(tmp_path, currentContext="rootless"), "DOCKER_CONTEXT": context}
    if not context:
        (tmp_path / "config.json").write_text("{}")

    assert find_address(environ).host == f"unix://{socket}"


def test_a_context_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="the context `gone` of docker does not exist") as caught:
        find_address(client(tmp_path, currentContext="gone"))

    assert caught.value.kind is NO_ENGINE


def test_podman_serves_where_there_is_no_docker(tmp_path: Path, socket: Path) -> None:
    (tmp_path / "podman").mkdir()
    (tmp_path / "podman/podman.sock").touch()
    environ = {"XDG_RUNTIME_DIR": str(tmp_path), "DOCKER_CONFIG": str(tmp_path)}
    podman = f"unix://{tmp_path}/podman/podman.sock"

    assert variables(environ) == {"DOCKER_HOST": podman}
    assert find_address(environ).host == podman
    assert variables({**environ, "DOCKER_HOST": "tcp://127.0.0.1:1"}) == {}
    socket.touch()
    assert variables(environ) == {}
    assert find_address(environ).host == f"unix://{socket}"
