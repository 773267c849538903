from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from devkit_build import building, buildx
from devkit_build.building import build_image
from devkit_build.engine import Engine
from devkit_build.imagefile import find_image
from devkit_build.steps import Built, Steps

from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit_build.recipe import Recipe

BEFORE, MEANWHILE = "answer = 1\n", "answer = 2\n"


class Builder:
    """An engine that builds and holds one image, and counts; `save` is what happens while it builds."""

    def __init__(self, save: Callable[[], None]) -> None:
        self.save, self.count = save, 0
        self.references: tuple[str, ...] = ()

    def build(self, _context: object, recipe: Recipe, *_: object, **__: object) -> Built:
        self.count += 1
        self.references = recipe.references
        self.save()
        return Built(steps=Steps())

    def held(self, *_: object) -> dict[str, Any]:
        return {"Id": "sha256:1", "RepoTags": list(self.references)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "src").mkdir(parents=True)
    (root / "Dockerfile").write_text("FROM scratch\nCOPY src src\n")
    (root / "src/app.py").write_text(BEFORE)
    os.utime(root / "src/app.py", (0, 0))  # long before anything below
    return root


@pytest.fixture
def build(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], Callable[[], int]]:
    """Return what begins with a builder, given what happens in its first build: each call then counts its builds."""

    def begin(save: Callable[[], None]) -> Callable[[], int]:
        builder = Builder(save)
        monkeypatch.setattr(building, "find_engine", lambda *_: Engine(version="28", is_podman=False))
        monkeypatch.setattr(building, "find_held", builder.held)
        monkeypatch.setattr(buildx, "find_driver", lambda *_: "docker")
        monkeypatch.setattr(buildx, "build", builder.build)

        def again() -> int:
            surroundings = Surroundings(root=root, tell=lambda _: None)
            build_image(ProjectTaskContext(task="build:image", surroundings=surroundings), name="shop", title="shop")
            builder.save = lambda: None
            return builder.count

        return again

    return begin


def test_what_was_built_is_not_built_again(build: Callable[[Callable[[], None]], Callable[[], int]]) -> None:
    again = build(lambda: None)

    assert (again(), again()) == (1, 1)


@pytest.mark.parametrize("is_undone", [True, False])
def test_an_image_is_built_again_when_a_file_was_saved_meanwhile_and_put_back(
    root: Path, build: Callable[[Callable[[], None]], Callable[[], int]], *, is_undone: bool
) -> None:
    source = root / "src/app.py"

    def save() -> None:
        source.write_text(MEANWHILE)
        if is_undone:
            source.write_text(BEFORE)

    again = build(save)
    assert again() == 1

    source.write_text(BEFORE)
    assert (again(), again()) == (2, 2)
    assert getattr(find_image(root), "inputs", "")


def test_what_is_left_out_of_a_build_may_be_saved_meanwhile(
    root: Path, build: Callable[[Callable[[], None]], Callable[[], int]]
) -> None:
    (root / ".dockerignore").write_text(".devkit\n**/*.log\n**/__pycache__\n")

    def save() -> None:
        (root / "src/run.log").write_text("x")
        (root / "src/__pycache__").mkdir()

    again = build(save)

    assert (again(), again()) == (1, 1)
