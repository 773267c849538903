from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from devkit_build.engine import Engine, connected, find_engine, find_held, unreachable

from devkit.api import ENGINE_DENIED, ENGINE_OLD, NO_ENGINE, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def answering(path: Path, status: int, document: Any) -> Iterator[dict[str, str]]:
    """Serve one request on a socket as an engine would."""
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            stream, _ = server.accept()
            with stream:
                stream.recv(4096)
                stream.sendall(head.encode() + body)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield {"DOCKER_HOST": f"unix://{path}"}
        thread.join(10)


def test_an_engine_tells_its_version(tmp_path: Path) -> None:
    about = {"Version": "28.0", "ApiVersion": "1.48", "Components": [{"Name": "Engine"}]}
    with answering(tmp_path / "s", 200, about) as environ:
        assert find_engine(environ) == Engine(version="28.0", is_podman=False)


def test_an_engine_behind_a_context_of_the_client_is_asked(tmp_path: Path) -> None:
    about = {"Version": "28.0", "ApiVersion": "1.48", "Components": []}
    meta = tmp_path / "contexts/meta" / sha256(b"rootless").hexdigest() / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Endpoints": {"docker": {"Host": f"unix://{tmp_path}/s"}}}))
    (tmp_path / "config.json").write_text('{"currentContext": "rootless"}')
    environ = {"DOCKER_CONFIG": str(tmp_path)}

    with answering(tmp_path / "s", 200, about):
        assert find_engine(environ).version == "28.0"
    with answering(tmp_path / "t", 200, about):
        (tmp_path / "s").unlink()
        (tmp_path / "t").rename(tmp_path / "s")
        with connected(environ) as client:
            assert client.base_url == "http+docker://localhost"


def test_podman_is_told_from_docker(tmp_path: Path) -> None:
    about = {"Version": "5.4", "ApiVersion": "1.41", "Components": [{"Name": "Podman Engine"}]}
    with answering(tmp_path / "s", 200, about) as environ:
        assert find_engine(environ).is_podman


def test_an_engine_that_is_too_old_says_so(tmp_path: Path) -> None:
    about = {"Version": "17.3", "ApiVersion": "1.27"}
    with answering(tmp_path / "s", 200, about) as environ, pytest.raises(DevkitError) as caught:
        find_engine(environ)
    assert caught.value.kind == ENGINE_OLD
    assert caught.value.exit == 69


def test_an_image_is_held_or_not(tmp_path: Path) -> None:
    with answering(tmp_path / "s", 200, {"RepoTags": ["shop:a"]}) as environ:
        held = find_held("shop:a", environ)
    with answering(tmp_path / "t", 404, {"message": "No such image"}) as environ:
        missing = find_held("shop:a", environ)

    assert held == {"RepoTags": ["shop:a"]}
    assert missing is None


def test_an_engine_that_is_not_there_says_where_it_was_looked_for(tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": f"unix://{tmp_path}/none"}
    for ask in (lambda: find_engine(environ), lambda: find_held("shop", environ), lambda: _version(environ)):
        with pytest.raises(DevkitError) as caught:
            ask()
        assert caught.value.kind == NO_ENGINE
        assert f"{tmp_path}/none" in caught.value.message
        assert "DOCKER_HOST is right" in caught.value.help


def _version(environ: dict[str, str]) -> None:
    with connected(environ) as client:
        client.version()


def test_what_is_no_engine_is_not_taken_for_one(tmp_path: Path) -> None:
    with answering(tmp_path / "s", 200, ["not", "an", "engine"]) as environ:
        assert find_engine(environ).version == ""


def test_a_socket_that_is_not_ones_own_has_a_way_out() -> None:
    wrapped = OSError("aborted", PermissionError(13, "Permission denied"))

    error = unreachable(wrapped, {"DOCKER_HOST": "unix:///run/x"})

    assert (error.kind, error.exit) == (ENGINE_DENIED, 77)
    assert "usermod" in error.help
