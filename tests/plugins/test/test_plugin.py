from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devkit_test.plugin import TestSettings as Settings
from devkit_test.plugin import devkit_tasks

from devkit.api import RunCommand

if TYPE_CHECKING:
    from devkit.api import Key


@dataclass
class Context:
    """A context of a Python project that measures coverage."""

    arguments: tuple[str, ...] = ()

    @property
    def tree(self) -> Context:
        return self

    def read_text(self, _: str) -> str:
        return '[dependency-groups]\ndev = ["pytest-cov"]\n'

    def find(self, _: Key[str]) -> str:
        return ".venv/bin/python"

    def settings(self, _: type[Settings]) -> Settings:
        return Settings(arguments=self.arguments)


def test_no_argument_is_taken_for_what_coverage_measures() -> None:
    [task] = devkit_tasks(Context(arguments=("tests/unit",)))  # type: ignore[arg-type]

    assert isinstance(task.action, RunCommand)
    words = task.action.argv
    assert words[words.index("--cov") + 1].startswith("-")
    assert words[-1] == "tests/unit"
    assert not words[-2].startswith("-")


def test_a_part_of_the_tests_need_not_reach_the_coverage_of_the_whole() -> None:
    [task] = devkit_tasks(Context())  # type: ignore[arg-type]

    assert isinstance(task.action, RunCommand)
    assert task.action.partial == ("--cov-fail-under=0",)
