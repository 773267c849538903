from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_build.documents import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path


def test_a_document_is_read_as_it_was_written_and_leaves_no_other_file(tmp_path: Path) -> None:
    write_json(tmp_path / "folder/file.json", {"a": [1, "ä"]})

    assert read_json(tmp_path / "folder/file.json") == {"a": [1, "ä"]}
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["file.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_object_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)

    assert read_json(tmp_path / "file") == {}
    assert read_json(str(tmp_path / "none")) == {}
