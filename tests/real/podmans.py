"""Podman behind a socket of its own, with a store of its own, and stand-ins for published images in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SETTINGS = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
exit_command_delay = 5
"""
"""Limits that root may set where it has no more rights than those of a container; and what a command in a container
leaves behind looks after it in seconds, not five minutes later, when it would mount the store again."""
ARCHIVED_REDIS = (
    *("docker", "run", "--rm", "devkit-stand-in/redis:latest", "sh", "-c"),
    "tar -chf - $(ldd /bin/sh /usr/bin/redis-server /usr/bin/redis-cli | grep -o '/[^ :]*' | sort -u)",
)
"""Prints an archive of Redis with nothing but its libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Podman:
    """A service of podman: its address, and how its program is told of its store."""

    host: str
    words: tuple[str, ...]
    variables: dict[str, str]

    def run(self, *words: str, given: Sequence[str] = ()) -> str:
        """Return what a podman command prints, which has to succeed; it reads what another command prints."""
        with subprocess.Popen(given or ["true"], stdout=subprocess.PIPE) as source:
            done = subprocess.run(
                [*self.words, *words],
                env={**os.environ, **self.variables},
                stdin=source.stdout,
                capture_output=True,
                text=True,
                check=False,
            )
        assert (source.returncode, done.returncode) == (0, 0), f"podman {words}: {done.stdout}{done.stderr}"
        return done.stdout.strip()


def why_there_is_none() -> str:
    """Return why no test can use podman here, or nothing."""
    if shutil.which("podman") is None:
        return "podman is not installed"
    return "" if os.getuid() == 0 else "podman runs as root here"


@contextmanager
def serving_podman(registry: str) -> Iterator[Podman]:
    """Run podman's service, which speaks plain HTTP to a registry, until the block ends.

    Its folder is none of pytest's: of a store that is still mounted, pytest could not take care.
    """
    with tempfile.TemporaryDirectory(prefix="podman-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "containers.conf").write_text(SETTINGS, "utf-8")
        (folder / "registries.conf").write_text(f'[[registry]]\nlocation = "{registry}"\ninsecure = true\n', "utf-8")
        made = Podman(
            host=f"unix://{folder}/podman.sock",
            words=("podman", f"--root={folder}/root", f"--runroot={folder}/run"),  # of 50 characters at most
            variables={
                "CONTAINERS_CONF": f"{folder}/containers.conf",
                "CONTAINERS_REGISTRIES_CONF": f"{folder}/registries.conf",
            },
        )
        with _served(made, folder):
            yield made


@contextmanager
def _served(podman: Podman, folder: Path) -> Iterator[None]:
    argv = [*podman.words, "system", "service", "--time=0", podman.host]
    with (folder / "log").open("w") as said:
        process = subprocess.Popen(argv, env={**os.environ, **podman.variables}, stdout=said, stderr=said)
        try:
            _wait_for(folder / "podman.sock", process)
            yield
        finally:
            process.terminate()
            process.wait()
            podman.run("rm", "--all", "--force")
            _unmount(folder)


def _unmount(folder: Path) -> None:
    """Undo what podman mounts in its store, once nothing of it runs that would mount it again."""
    _wait_until(lambda: not any(_runs_in(folder, each) for each in Path("/proc").glob("[0-9]*")), "podman still runs")
    mounted = [line.split()[1] for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    for path in sorted((path for path in mounted if Path(path).is_relative_to(folder)), reverse=True):
        subprocess.run(["umount", path], check=True)


def _runs_in(folder: Path, process: Path) -> bool:
    try:
        return os.fsencode(folder) in (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return False


def _wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    def is_there() -> bool:
        assert process.poll() is None, "podman ended at once"
        return socket.exists()

    _wait_until(is_there, "podman does not listen")


def _wait_until(is_so: Callable[[], bool], problem: str) -> None:
    for _ in range(2400):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError(problem)
