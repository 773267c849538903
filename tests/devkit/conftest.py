from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject


@pytest.fixture
def committed() -> Callable[[DevkitProject], DevkitProject]:
    """Return a function that puts all of a project into the first commit of a new repository, and returns it."""

    def commit(project: DevkitProject) -> DevkitProject:
        project.git("init", "-q")
        project.git("add", "-A")
        project.git("commit", "-qm", "first")
        return project

    return commit
