from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING

import pytest

from devkit.errors import DevkitError, Place
from devkit.project.state import ABSENT, FileState, digest, read_file, read_state

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_known_by_its_digest_and_mode(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "a").chmod(0o750)
    assert read_state(tmp_path, "a") == FileState(kind="file", digest=digest(b"one"), mode=0o750)


def test_a_file_is_read_once_for_its_state_and_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "folder").mkdir()
    assert read_file(tmp_path, "a") == (read_state(tmp_path, "a"), b"one")
    assert [read_file(tmp_path, name)[1] for name in ("folder", "b", "a/b", "\0")] == [None] * 4


@pytest.mark.parametrize("path", ["a", "no/such/folder/a", "file/a", "a\0b", "a" * 300, "a\0b/c"])
def test_nothing_there_is_absent(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert read_state(tmp_path, path) == ABSENT


def test_a_link_is_a_link_whatever_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"")
    (tmp_path / "a").symlink_to("target")
    (tmp_path / "b").symlink_to("missing")
    assert [read_state(tmp_path, name).kind for name in "ab"] == ["link", "link"]


def test_what_lies_behind_a_linked_folder_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a").write_bytes(b"")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/folder").symlink_to("../outside")
    assert read_state(tmp_path / "project", "folder/a") == FileState(kind="link")


def test_a_pipe_or_a_socket_is_something_else_and_nothing_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert [read_state(tmp_path, name).kind for name in ("pipe", "socket")] == ["other", "other"]


def test_a_folder_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert read_state(tmp_path, "a").kind == "folder"


@pytest.mark.parametrize(("number", "code"), [(errno.EACCES, 77), (errno.EIO, 74)])
def test_what_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    (tmp_path / "a").touch()
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DevkitError) as caught:
        read_state(tmp_path, "a")
    monkeypatch.undo()
    assert caught.value.exit == code
    assert caught.value.place == Place(path="a")
