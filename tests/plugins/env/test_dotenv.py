from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devkit_env.dotenv import complete

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Context:
    root: Path
    said: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.said.append(line)


def completed(folder: Path, example: str, current: str | None = None) -> str:
    (folder / ".env.example").write_text(example)
    if current is not None:
        (folder / ".env").write_text(current)
    complete(Context(folder))  # type: ignore[arg-type]
    return (folder / ".env").read_text()


def test_a_new_file_is_the_example_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    assert completed(tmp_path, "# the port\nPORT=8000\n") == "# the port\nPORT=8000\n"
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_missing_keys_are_added_and_nothing_else_is_touched(tmp_path: Path) -> None:
    text = completed(tmp_path, "PORT=8000\nHOST=localhost\n", "# mine\nPORT='9000'")

    assert text == "# mine\nPORT='9000'\nHOST=localhost\n"


def test_a_value_over_several_lines_is_added_whole(tmp_path: Path) -> None:
    assert completed(tmp_path, '# key\nKEY="one\ntwo"\n', "") == 'KEY="one\ntwo"\n'


def test_a_file_with_every_key_stays_as_it_is(tmp_path: Path) -> None:
    assert completed(tmp_path, "PORT=8000\n", "PORT=1\nOTHER=2\n") == "PORT=1\nOTHER=2\n"


def test_a_file_with_line_ends_of_windows_keeps_to_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=1\r\n")
    (tmp_path / ".env.example").write_text("HOST=localhost\n")
    complete(Context(tmp_path))  # type: ignore[arg-type]

    assert (tmp_path / ".env").read_bytes() == b"PORT=1\r\nHOST=localhost\r\n"
