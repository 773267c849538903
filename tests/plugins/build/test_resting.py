from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from devkit_build.imagefile import Image
from devkit_build.resting import rest_on_image
from devkit_build.revision import DESCRIBE, read_revision

from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import Evidence

IMAGE = Image(reference="shop:a", references=("shop:a", "shop:latest"), image_id="sha256:1")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a committed project, beside an engine that holds its image."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    answering(tmp_path, 'echo \'["shop:latest", "shop:a"]\'')
    root = tmp_path / "shop"
    root.mkdir()
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for words in (("init", "--quiet"), ("commit", "--quiet", "--allow-empty", "--message=one")):
        subprocess.run(["git", *identity, *words], cwd=root, check=True)
    return root


def answering(folder: Path, script: str) -> None:
    """Let `docker` be a script."""
    (folder / "bin").mkdir(exist_ok=True)
    docker = folder / "bin/docker"
    docker.write_text(f"#!/bin/sh\n{script}\n")
    docker.chmod(0o755)


def evidence(root: Path, image: Image = IMAGE) -> Evidence | None:
    context = ProjectTaskContext(task="build:image", surroundings=Surroundings(root=root, tell=lambda _: None))
    rest_on_image(context, image, read_revision(context), ["./Dockerfile"], lambda _: True)
    return context.evidence


def test_an_image_rests_on_files_git_and_the_engine(root: Path) -> None:
    found = evidence(root)

    assert found is not None
    assert found.paths == ["Dockerfile", ".git/config"]
    assert found.answers[DESCRIBE].count("\n") == 3
    assert found.answers["docker", "image", "inspect", "--format", "{{json .RepoTags}}", "sha256:1"]
    assert "DOCKER_HOST" in found.variables


@pytest.mark.parametrize("script", ["exit 1", "echo '[\"shop:a\"]'", "echo null"])
def test_an_image_that_the_engine_does_not_hold_under_all_its_names_is_not_relied_on(root: Path, script: str) -> None:
    answering(root.parent, script)

    assert evidence(root) is None


def test_an_image_that_went_straight_to_a_registry_is_not_relied_on(root: Path) -> None:
    assert evidence(root, Image(reference="shop:a", references=("shop:a",))) is None


def test_nothing_is_relied_on_where_changes_are_not_seen(root: Path) -> None:
    (root / ".gitmodules").touch()
    assert evidence(root) is None


def test_without_a_commit_nothing_is_relied_on(root: Path) -> None:
    subprocess.run(["git", "update-ref", "-d", "HEAD"], cwd=root, check=True)
    assert evidence(root) is None
