from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import pytest

from devkit.engine.lock import LOCK, writer_lock
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from devkit.engine.lock import writer_lock
with writer_lock(Path(sys.argv[1]), command="update"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(root: Path) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-c", HOLD, str(root)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert _stream(process.stdout).readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(DevkitError) as caught, writer_lock(tmp_path, command="apply", patience=0):
            pass
        assert caught.value.exit == 75
        assert caught.value.message == f"`devkit update` (process {process.pid}) is writing to this project"


def test_a_lock_ends_with_its_block_and_can_be_taken_again(tmp_path: Path) -> None:
    for command in ("apply", "update"):
        with writer_lock(tmp_path, command=command, patience=0):
            assert sorted(os.listdir(tmp_path / ".devkit/state")) == [".gitignore", "lock"]


def test_a_lock_dies_with_a_killed_holder(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
    with writer_lock(tmp_path, command="apply", patience=0):
        pass


def test_a_waiting_writer_gets_the_lock_when_the_holder_ends(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        argv = [sys.executable, "-c", HOLD.replace('"update"', '"apply", patience=60'), str(tmp_path)]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as waiting:
            _stream(process.stdin).close()
            assert _stream(waiting.stdout).readline() == "held\n"
            _stream(waiting.stdin).close()
            assert waiting.wait() == 0


def test_children_do_not_inherit_the_lock(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "print(flush=True); input()"]
    with writer_lock(tmp_path, command="apply"):
        child = subprocess.Popen(sleeper, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False, text=True)
        _stream(child.stdout).readline()
    with child, writer_lock(tmp_path, command="apply", patience=0):
        child.kill()


def test_a_failed_first_run_takes_the_state_folder_away(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"), writer_lock(tmp_path, command="apply"):
        raise OSError("disk")
    assert os.listdir(tmp_path) == []


def test_a_failed_later_run_keeps_the_state_folder(tmp_path: Path) -> None:
    (tmp_path / ".devkit/state").mkdir(parents=True)
    with pytest.raises(OSError, match="disk"), writer_lock(tmp_path, command="apply"):
        raise OSError("disk")
    assert sorted(os.listdir(tmp_path / ".devkit/state")) == [".gitignore", "lock"]


def test_a_folder_that_others_filled_meanwhile_stays(tmp_path: Path) -> None:
    def work() -> None:
        (tmp_path / ".devkit/state/ledger").write_text("")
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"), writer_lock(tmp_path, command="apply"):
        work()
    assert sorted(os.listdir(tmp_path / ".devkit/state")) == [".gitignore", "ledger", "lock"]


def test_a_lock_file_taken_away_under_a_waiting_writer_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from devkit.engine import lock

    def wait(handle: int, deadline: float) -> None:
        original(handle, deadline)
        if not seen:
            (tmp_path / LOCK).unlink()
        seen.append(handle)

    original, seen = lock._wait, list[int]()
    monkeypatch.setattr(lock, "_wait", wait)
    with writer_lock(tmp_path, command="apply", patience=0):
        assert (tmp_path / LOCK).exists()
    assert len(seen) == 2


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_something_else_in_place_of_the_lock_is_refused(tmp_path: Path, make: object) -> None:
    (tmp_path / LOCK).parent.mkdir(parents=True)
    assert callable(make)
    make(tmp_path / LOCK)
    with pytest.raises(DevkitError) as caught, writer_lock(tmp_path, command="apply", patience=0):
        pass
    assert caught.value.exit == 73


def test_an_empty_gitignore_of_a_killed_run_is_written_again(tmp_path: Path) -> None:
    (tmp_path / ".devkit/state").mkdir(parents=True)
    (tmp_path / ".devkit/state/.gitignore").touch()
    with writer_lock(tmp_path, command="apply"):
        assert (tmp_path / ".devkit/state/.gitignore").read_text() == "*\n"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    script = """
import os, sys
from pathlib import Path
from devkit.engine.lock import writer_lock
from devkit.errors import DevkitError
root = os.open(sys.argv[1], os.O_RDONLY)
os.setgid(65534)
os.setuid(65534)
os.fchdir(root)
try:
    with writer_lock(Path("."), command="apply"):
        pass
except DevkitError as error:
    print(error.exit, error.place)
"""
    tmp_path.chmod(0o755)
    argv = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("77 .devkit/state\n", "")


def test_a_disk_that_is_full_between_two_folders_leaves_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = os.mkdir

    def mkdir(name: str, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if name == "state":
            raise OSError(errno.ENOSPC, "No space left on device", name)
        make(name, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "mkdir", mkdir)

    with pytest.raises(DevkitError) as caught, writer_lock(tmp_path, command="add"):
        pass

    assert caught.value.exit == 74
    assert list(tmp_path.iterdir()) == []
