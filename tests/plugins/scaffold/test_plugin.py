from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject


@pytest.mark.parametrize("facts", ['framework = "aiohttp"', 'framework = "aiohttp"\nport = 8080'])
def test_a_framework_that_nobody_knows_is_no_failure(
    devkit_project: Callable[..., DevkitProject], facts: str
) -> None:
    project = devkit_project({"devkit.toml": f"[facts]\n{facts}\n", "pyproject.toml": "[project]\nname = 'shop'\n"})
    assert project.run("add", "scaffold").code == 0

    assert project.run("plan").code == 0
