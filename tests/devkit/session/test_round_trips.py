"""Generators and a user in turns through the whole engine: whatever was applied has nothing left to do."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from devkit.plan.splice import Format, parse

if TYPE_CHECKING:
    from devkit.testing import DevkitProject

EDITED = ("acme.txt", "acme.toml", ".gitignore", "bin/acme", "acme/start.txt")


def change_generator(project: DevkitProject, chance: Random) -> None:
    lines = "".join(f"{chance.choice(['one', 'two', 'three'])}\\n" for _ in range(chance.randint(1, 5)))
    project.write("devkit.toml", f'[acme]\ntext = "{lines}"\nlimit = {chance.randint(1, 9)}\n')


def edit(project: DevkitProject, chance: Random, token: str) -> str:
    """Let the user put a line with a word of their own into a file; return which, or delete a file."""
    path = chance.choice(EDITED)
    target = project.root / path
    if not target.is_file():
        return ""
    if chance.random() < 0.2:
        target.unlink()
        return ""
    lines = project.read(path).splitlines(keepends=True)
    at = chance.randint(0, len(lines))
    project.write(path, "".join([*lines[:at], f"# {token}\n", *lines[at:]]))
    return path


@pytest.mark.parametrize("seed", range(4))
def test_after_any_turns_nothing_of_the_users_is_lost_and_a_second_apply_changes_nothing(
    acme: DevkitProject, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - not for secrets
    mine: dict[str, str] = {}
    for turn in range(4):
        change_generator(acme, chance)
        if path := edit(acme, chance, f"mine{turn}x"):
            mine[f"mine{turn}x"] = path
        mine = {token: path for token, path in mine.items() if (acme.root / path).exists()}
        done = acme.run("apply")
        assert done.code in {0, 73}, done.stderr
        check(acme, mine, done.code)


def check(project: DevkitProject, mine: dict[str, str], code: int) -> None:
    for token, path in mine.items():
        assert token in project.read(path)
    if (project.root / "acme.toml").exists():
        parse(project.read("acme.toml"), Format.TOML)
    before = project.files()
    assert project.run("apply").code == code
    assert project.files() == before
    assert project.run("apply", "--check").code == code
