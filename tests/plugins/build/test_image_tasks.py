from __future__ import annotations

import json
from typing import TYPE_CHECKING

from devkit_build.plugin import devkit_tasks
from devkit_build.request import request_from
from devkit_build.settings import BuildSettings, ExceptionSettings, Tag

from devkit.api import Call, Effect, Task
from tests.plugins.build.projects import LIBRARY, SERVICE, context

if TYPE_CHECKING:
    from pathlib import Path


def tasks(root: Path, settings: BuildSettings | None = None) -> dict[str, Task]:
    found = devkit_tasks(context(root, {"pyproject.toml": SERVICE}, settings or BuildSettings()))
    return {task.name: task for task in found}


def arguments(task: Task) -> dict[str, object]:
    assert isinstance(task.action, Call)
    return dict(task.action.arguments)


def test_a_service_has_an_image_that_is_built_looked_at_and_pushed(tmp_path: Path) -> None:
    found = tasks(tmp_path)

    assert list(found) == ["build:image", "build:check", "build:sbom", "build:scan", "build:hadolint", "build:push"]
    assert [task.name for task in found.values() if task.effect is Effect.PUBLISH] == ["build:push"]
    assert [task.name for task in found.values() if not task.is_manual] == ["build:image", "build:push"]
    for name in ("build:check", "build:sbom", "build:scan", "build:push"):
        assert "build:image" in found[name].needs


def test_what_a_task_is_given_can_be_printed_and_read_back(tmp_path: Path) -> None:
    settings = BuildSettings(
        registry="registry.example.org",
        tags=(Tag.COMMIT, Tag.LATEST),
        secrets=("id=npmrc,src=~/.npmrc",),
        exceptions={"CVE-1": ExceptionSettings(reason="not reachable", until="2026-12-31")},
    )
    found = tasks(tmp_path, settings)

    plain = json.loads(json.dumps(arguments(found["build:image"])))
    request = request_from(plain)
    assert (request.name, request.policy) == ("registry.example.org/shop", ("commit", "latest"))
    assert [secret.id for secret in request.secrets] == ["npmrc"]
    assert json.loads(json.dumps(arguments(found["build:scan"])))["exceptions"] == {
        "CVE-1": {"reason": "not reachable", "until": "2026-12-31"}
    }


def test_a_budget_is_held_before_anything_is_pushed(tmp_path: Path) -> None:
    found = tasks(tmp_path, BuildSettings(size_budget=200))

    assert "build:size" in found["build:push"].needs
    assert not found["build:size"].is_manual


def test_a_library_has_no_image(tmp_path: Path) -> None:
    found = devkit_tasks(context(tmp_path, {"pyproject.toml": LIBRARY}))

    assert "build:image" not in [task.name for task in found]
