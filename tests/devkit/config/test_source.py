from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.config.load import load
from devkit.config.source import LARGEST, Source, read_source
from devkit.errors import CONFIG_SYNTAX, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = ("pyproject.toml", "devkit.toml", "devkit.local.toml", "home/devkit/config.toml")


def refusal(file: Path) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        read_source(str(file), "devkit.toml")
    assert caught.value.kind is CONFIG_SYNTAX
    return caught.value


def written(folder: Path, content: bytes) -> Path:
    (folder / "devkit.toml").write_bytes(content)
    return folder / "devkit.toml"


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_source(str(tmp_path / "devkit.toml"), "devkit.toml") is None
    written(tmp_path, b"")
    assert read_source(str(tmp_path / "devkit.toml" / "config.toml"), "config.toml") is None


@pytest.mark.parametrize(
    ("content", "message", "line", "column"),
    [
        (b"a = 1\nb 2\n", "is not valid TOML: ", 2, 3),
        (b"a = 1\r\nb = [1,\r\n", "is not valid TOML: ", 3, 1),
        (b"[a\n", "is not valid TOML: ", 1, 3),
        (b"a = 1\na = 2\n", "is not valid TOML: ", 2, 6),
        (b"a = 1\n# caf\xe9 au lait\n", "is not UTF-8", 2, 6),
        (b"\xff\xfea\x00", "is not UTF-8", 1, 1),
        (b"x = 1\na = " + b"9" * 5000, "holds a value that cannot be read", 2, 5),
        (b"x = 1\na = " + b"[" * 3000, "is nested too deep", 2, 105),
        (b"x = 1\na = " + b"{a=" * 3000, "is nested too deep", 2, 305),
        (b"x = 1\na = " + b"[" * 150 + b"]" * 150, "is nested too deep", 2, 105),
        (b"x = 1\n" + b".".join([b"a"] * 100_000) + b" = 1", "is nested too deep", 2, 200),
    ],
)
def test_what_is_no_toml_is_refused_with_line_and_column(
    tmp_path: Path, content: bytes, message: str, line: int, column: int
) -> None:
    error = refusal(written(tmp_path, content))
    assert error.message.startswith(f"`devkit.toml` {message}")
    assert error.place is not None
    assert (error.place.path, error.place.line, error.place.column) == ("devkit.toml", line, column)
    assert error.exit == 78


def test_the_line_of_a_syntax_error_is_shown(tmp_path: Path) -> None:
    place = refusal(written(tmp_path, b"a = 1\r\n  b 2 # why\r\n")).place
    assert place is not None
    assert place.text == "  b 2 # why"


def test_a_folder_or_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        assert refusal(tmp_path / name).message == "`devkit.toml` is not a regular file"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "devkit.toml").symlink_to("devkit.toml")
    assert "cannot be read" in refusal(tmp_path / "devkit.toml").message


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, b"#" * (LARGEST + 1))).message == "`devkit.toml` is larger than 256 KiB"


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    source = read_source(str(written(tmp_path, b"\xef\xbb\xbfa = 1\n")), "devkit.toml")
    assert source is not None
    assert source.data == {"a": 1}


@pytest.mark.parametrize("name", FILES)
def test_any_bad_file_of_configuration_is_named(project: Callable[..., Path], name: str) -> None:
    root = project()
    (root / name).write_text("a = ", encoding="utf-8")
    with pytest.raises(DevkitError) as caught:
        load(root, environ={})
    assert caught.value.kind is CONFIG_SYNTAX
    assert caught.value.place is not None
    assert (root / caught.value.place.path, caught.value.place.line) == (root / name, 1)


def test_a_key_that_is_not_there_is_placed_at_the_table_above() -> None:
    source = Source("devkit.toml", "[test]\n")
    assert source.place(("test", "gone")) == Place(path="devkit.toml", line=1, column=2, text="[test]", width=4)
    assert source.place(("gone",)) == Place(path="devkit.toml")
