from __future__ import annotations

import time
from typing import TYPE_CHECKING

from devkit.engine.digests import Digests

if TYPE_CHECKING:
    from pathlib import Path

LATER = time.time_ns() + 3600 * 10**9


def test_a_file_is_named_as_git_names_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"hello\n")

    assert Digests(tmp_path).of("a") == "100644 ce013625030ba8dba906f756967f9e9ca394464a"


def test_what_is_old_enough_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    digests = Digests(tmp_path, clock=lambda: LATER)
    digests.of("a")
    again = Digests(tmp_path, digests.known)

    assert again.of("a") == digests.of("a")
    assert again.reads == 0


def test_what_changed_just_now_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    digests = Digests(tmp_path, clock=lambda: (tmp_path / "a").stat().st_mtime_ns + 1)
    digests.of("a")
    digests.of("a")

    assert digests.reads == 2
    assert digests.known == {}


def test_a_file_from_the_future_is_always_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    digests = Digests(tmp_path, clock=lambda: 0)
    digests.of("a")

    assert digests.known == {}


def test_what_is_not_there_has_no_content(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken").symlink_to("gone")

    assert Digests(tmp_path).of("gone") is None
    assert Digests(tmp_path).of("folder") is None
    assert Digests(tmp_path).of("broken") is not None


def test_where_links_lead_is_told_even_if_they_lead_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("c")
    (tmp_path / "round").symlink_to("about")
    (tmp_path / "about").symlink_to("round")
    digests = Digests(tmp_path)
    for path in ("a", "round"):
        digests.of(path)

    assert digests.behind == {str(tmp_path / name) for name in ("b", "c", "round", "about")}
