from __future__ import annotations

import doctest

import pytest

from devkit.api import hooks

NAMES = [name for name in vars(hooks) if name.startswith("devkit_")]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_hook_runs(name: str) -> None:
    example = doctest.DocTestFinder().find(getattr(hooks, name), name)[0]

    assert example.examples, f"{name} has no example"
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0
