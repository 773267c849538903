"""The README promises two commands for set-up, and the checks run what it promises."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def commands(page: str) -> list[str]:
    """Return the lines of the blocks of shell commands of a page."""
    blocks = re.findall(
        r"^```(?:sh|shell|bash|console)\n(.*?)^```$", (REPOSITORY / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [line for block in blocks for line in block.splitlines()]


def test_there_are_two_commands_for_set_up() -> None:
    install, check = commands("README.md")

    assert install.endswith(".venv/bin/devkit init ../shop --defaults")
    assert check.endswith(".venv/bin/tox")


def test_the_checks_run_the_readmes_test_command() -> None:
    _, check = commands("README.md")

    lines = (REPOSITORY / ".ci/run").read_text("utf-8").splitlines()

    assert [line for line in lines if line.replace(" --quiet", "") == check]
    assert f"`{check}`" in (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
