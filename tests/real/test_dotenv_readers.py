"""Values of `.env` files: set, then read by python-dotenv, `docker compose` and a POSIX shell as the very same."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from devkit_env.dotenv_text import parse, with_value
from devkit_env.quoting import UnwritableError, is_portable
from dotenv import dotenv_values

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real]

COUNT, IN_A_FILE = 10_000, 500
SEED = 20_261_125
SPECIAL = "'\"\\$`#= \t\n\r{}()&|;!~*?<>%@:,.[]^\x00\x01\x1b\x7f\x85\xa0\u2028\u2029\ufeff\u202e\ud800"
WORDS = (
    "${HOME}",
    "$HOME",
    "$(id)",
    "`id`",
    "\\n",
    "\\u0041",
    "''",
    '""',
    " #",
    "export ",
    "A=B",
    "\r\n",
    "$$",
    "\\$",
)


def random_value(source: random.Random) -> str:
    """Return a value of up to forty pieces: letters, what is special to some reader, and anything of Unicode."""

    def piece() -> str:
        match source.randrange(4):
            case 0:
                return source.choice(SPECIAL)
            case 1:
                return source.choice(WORDS)
            case 2:
                return chr(source.randrange(0x20, 0x7F))
            case _:
                return chr(source.randrange(0x110000))

    return "".join(piece() for _ in range(source.randrange(source.choice((2, 6, 40)))))


@pytest.fixture(scope="module")
def values() -> dict[str, str]:
    """Return the values that can be written, by name; what is refused is refused for a reason."""
    source = random.Random(SEED)  # noqa: S311 - the same values every time
    found, refused = {}, 0
    for number in range(COUNT):
        value = random_value(source)
        try:
            text = with_value("", ".env", f"V{number}", value)
        except UnwritableError:
            refused += 1
            assert "\0" in value or "${" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
        else:
            assert [entry.value for entry in parse(text, ".env")] == [value]
            found[f"V{number}"] = value
    assert COUNT * 0.3 < len(found) < COUNT
    assert refused + len(found) == COUNT
    return found


def files_of(values: dict[str, str], folder: Path) -> list[tuple[Path, dict[str, str]]]:
    """Write the values into files, many in each, as one after the other would be set."""
    names, made = list(values), []
    for start in range(0, len(names), IN_A_FILE):
        own = {name: values[name] for name in names[start : start + IN_A_FILE]}
        path = folder / f"{start}" / ".env"
        path.parent.mkdir()
        path.write_bytes("".join(with_value("", ".env", *each) for each in own.items()).encode())
        made.append((path, own))
    return made


def test_python_dotenv_reads_every_value_that_is_not_refused(values: dict[str, str], tmp_path: Path) -> None:
    for path, own in files_of(values, tmp_path):
        with path.open(encoding="utf-8", newline="") as stream:
            assert dotenv_values(stream=stream) == own


def test_setting_values_one_after_the_other_makes_the_same_file(values: dict[str, str], tmp_path: Path) -> None:
    own = dict(list(values.items())[:60])
    (path, _), *_ = files_of(own, tmp_path)
    text = ""
    for name, value in own.items():
        text = with_value(text, ".env", name, value)
    assert text.encode() == path.read_bytes()
    for name, value in reversed(own.items()):
        text = with_value(with_value(text, ".env", name, "other"), ".env", name, value)
    assert text.encode() == path.read_bytes()


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_a_shell_reads_every_portable_value(values: dict[str, str], tmp_path: Path, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not on PATH")
    for path, own in files_of(portable(values), tmp_path):
        argv = [program, "-c", "set -a; . ./.env; exec env -0"]
        done = subprocess.run(
            argv, cwd=path.parent, env={"PATH": os.environ["PATH"]}, check=True, capture_output=True
        )
        read = dict(line.split("=", 1) for line in done.stdout.decode().split("\0")[:-1])
        assert {name: read.get(name) for name in own} == own
        assert done.stderr == b""


def test_docker_compose_reads_every_portable_value(values: dict[str, str], tmp_path: Path) -> None:
    asked = subprocess.run(["docker", "compose", "version"], check=False, capture_output=True, text=True)
    if asked.returncode != 0:
        pytest.skip(f"docker compose does not answer: {asked.stderr.strip()}")
    for path, own in files_of(portable(values), tmp_path):
        (path.parent / "compose.yaml").write_text("services: {a: {image: b, env_file: [.env]}}\n")
        argv = ["docker", "compose", "config", "--format", "json"]
        done = subprocess.run(argv, cwd=path.parent, check=True, capture_output=True)
        read = json.loads(done.stdout)["services"]["a"]["environment"]
        assert {name: value.replace("$$", "$") for name, value in read.items()} == own


def portable(values: dict[str, str]) -> dict[str, str]:
    """Return the values that devkit says of that all readers read them alike."""
    found = {name: value for name, value in values.items() if is_portable(value)}
    assert len(found) > COUNT // 10
    return found
