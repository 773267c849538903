"""A Docker engine, a registry on loopback, and stand-ins for published images, which `.ci/docker` prepares."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAND_INS = ("python", "node", "uv", "postgres", "redis", "mysql", "rabbitmq")
_LISTENING = re.compile(r'"listening on (127\.0\.0\.1:\d+)"')
_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)|--from=(\S+/\S+)", re.MULTILINE | re.IGNORECASE)


def docker(*words: str | Path, cwd: Path | None = None) -> str:
    """Return what a docker command prints, which has to succeed."""
    done = subprocess.run(
        ["docker", *(str(word) for word in words)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"docker {words}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def what_is_missing() -> str:
    """Return why no test can use an engine here, or nothing."""
    if shutil.which("docker") is None:
        return "docker is not installed"
    for words in (["info"], ["buildx", "version"], ["compose", "version"]):
        done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return f"`docker {' '.join(words)}` fails: {done.stderr.strip()}"
    names = [f"devkit-stand-in/{name}:latest" for name in STAND_INS]
    done = subprocess.run(["docker", "image", "inspect", *names], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"no stand-in images (.ci/docker makes them): {done.stderr.strip()}"


def lend_images(text: str) -> None:
    """Tag a stand-in as each published image that a Dockerfile builds from, by the last part of its name."""
    for match in _FROM.finditer(text):
        image = match.group(1) or match.group(2)
        kind = next((name for name in STAND_INS if name == image.rpartition("/")[2].partition(":")[0]), None)
        if kind is not None:
            docker("tag", f"devkit-stand-in/{kind}:latest", image.partition("@")[0])


def lend_image(kind: str, image: str) -> None:
    """Tag a stand-in as the image that a compose file names."""
    docker("tag", f"devkit-stand-in/{kind}:latest", image)


@contextmanager
def serving_registry(folder: Path, htpasswd: str = "") -> Iterator[str]:
    """Run a registry that stores in a folder; give its address, to which docker speaks plain HTTP.

    With `htpasswd`, a line of such a file, it serves only whom that names.
    """
    config = folder / "registry.yml"
    config.write_text(
        f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {folder / 'blobs'}\n"
        "  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:0\n" + _authentication(folder, htpasswd),
        "utf-8",
    )
    said = folder / "registry.log"
    with said.open("w") as log:
        process = subprocess.Popen(["docker-registry", "serve", str(config)], stdout=log, stderr=log)
        try:
            yield _address(said, process)
        finally:
            process.terminate()
            process.wait()


def _authentication(folder: Path, htpasswd: str) -> str:
    if not htpasswd:
        return ""
    (folder / "htpasswd").write_text(f"{htpasswd}\n", "utf-8")
    return f"auth:\n  htpasswd:\n    realm: tests\n    path: {folder / 'htpasswd'}\n"


def _address(said: Path, process: subprocess.Popen[bytes]) -> str:
    """Return where the registry says that it listens."""
    for _ in range(1200):
        assert process.poll() is None, f"the registry ended at once: {said.read_text('utf-8')}"
        if found := _LISTENING.search(said.read_text("utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError("the registry does not listen")
