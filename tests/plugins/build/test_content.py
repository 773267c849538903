from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from devkit_build.content import read_content
from devkit_build.ignoring import read_ignoring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IGNORING = read_ignoring(".state\nout\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("one")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/big").write_text("made")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "link").symlink_to("src/app.py")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def test_what_is_left_out_does_not_count(project: Path) -> None:
    content = read_content(project, IGNORING)

    assert set(content.digests) == {"src", "src/app.py", "link", "pipe", "Dockerfile"}


def test_the_digest_follows_content_permissions_names_and_links(project: Path) -> None:
    def digest() -> str:
        return read_content(project, IGNORING).digest()

    seen = {digest()}
    (project / "out/big").write_text("made again")
    assert digest() in seen
    changes: list[Callable[[], object]] = [
        lambda: (project / "src/app.py").write_text("two"),
        lambda: (project / "src/app.py").chmod(0o700),
        lambda: (project / "src/app.py").rename(project / "src/main.py"),
        lambda: (project / "link").rename(project / "link2"),
        lambda: (project / "Dockerfile").write_text("FROM other\n"),
        (project / "src/empty").mkdir,
        lambda: (project / "src").chmod(0o700),
    ]
    for change in changes:
        change()
        assert digest() not in seen
        seen.add(digest())


def test_further_texts_are_part_of_the_digest(project: Path) -> None:
    content = read_content(project, IGNORING)

    assert content.digest("linux/amd64") != content.digest("linux/arm64")


def test_changes_are_named(project: Path) -> None:
    before = read_content(project, IGNORING).digests
    (project / "src/app.py").write_text("two")
    (project / "new").write_text("")
    (project / "link").unlink()

    assert read_content(project, IGNORING).changes_since(before) == ["link", "new", "src/app.py"]


def test_what_looks_the_same_is_not_read_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = project / ".state/files.json"
    path = project / "src/app.py"
    monkeypatch.setattr("devkit_build.content.time.time_ns", lambda: 1 << 62)
    first = read_content(project, IGNORING, memory)
    known = json.loads(memory.read_text())
    known["src/app.py"][1] = "remembered"
    memory.write_text(json.dumps(known))

    assert first.digests["src/app.py"] != "remembered"
    assert read_content(project, IGNORING, memory).digests["src/app.py"] == "remembered"
    path.write_text("two")
    assert read_content(project, IGNORING, memory).digests["src/app.py"] != "remembered"


def test_what_was_touched_a_moment_ago_is_not_trusted(project: Path) -> None:
    memory = project / ".state/files.json"
    (project / "src/app.py").write_text("just now")

    read_content(project, IGNORING, memory)

    assert not memory.exists() or "src/app.py" not in json.loads(memory.read_text())


@pytest.mark.parametrize("text", ["", "[]", '{"src/app.py": 1}', "{", "\xff"])
def test_a_memory_that_cannot_be_read_is_made_anew(project: Path, text: str) -> None:
    memory = project / ".state/files.json"
    memory.parent.mkdir()
    memory.write_text(text, "latin-1")

    assert read_content(project, IGNORING, memory).digests == read_content(project, IGNORING).digests
