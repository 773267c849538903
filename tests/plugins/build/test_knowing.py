from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from devkit_build import knowing
from devkit_build.content import read_content
from devkit_build.ignoring import read_ignoring
from devkit_build.imagefile import Image, image_document, write_image

from devkit.engine.runner import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IGNORING = read_ignoring(".git\n.devkit\nignored\n")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a committed project whose files were left alone for long, and whose image the engine holds."""
    monkeypatch.setattr("time.time_ns", lambda: 1 << 62)
    monkeypatch.setattr("devkit_build.engine.find_held", lambda *_: {"RepoTags": ["shop:a"]})
    (tmp_path / "src/empty").mkdir(parents=True)
    (tmp_path / "ignored").mkdir()
    (tmp_path / ".devkit/state/build").mkdir(parents=True)
    (tmp_path / "src/app.py").write_text("one")
    (tmp_path / ".gitignore").write_text(".devkit\nignored\n*.secret\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    _git(tmp_path, "init", "--quiet")
    _commit(tmp_path)
    return tmp_path


def _git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    return subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True).stdout


def _commit(root: Path) -> None:
    _git(root, "add", ".")
    _git(root, "commit", "--quiet", "--allow-empty", "--message=one")


def _context(root: Path) -> ProjectTaskContext:
    return ProjectTaskContext(task="build", surroundings=Surroundings(root=root, tell=lambda _: None))


def _remember(root: Path, environ: dict[str, str]) -> dict[str, Any]:
    configuration = knowing.look_at_configuration(root, environ)
    content = read_content(root, IGNORING)
    commit = _git(root, "rev-parse", "HEAD").strip()
    image = Image(reference="shop:a", references=("shop:a",), image_id="sha256:1", commit=commit, is_dirty=False)
    write_image(root, image)
    knowing.look_at_context(root, ".", {**content.folders, **content.stamps})
    document = image_document(image)
    knowing.remember_known(_context(root), environ, document, configuration)
    return document


def test_an_image_is_known_while_all_looks_as_it_did(root: Path) -> None:
    document = _remember(root, {})

    found = knowing.find_known(_context(root), {})

    assert found is not None
    assert found["reference"] == document["reference"]
    (root / "ignored/file").write_text("made")
    assert knowing.find_known(_context(root), {"PATH": "/elsewhere"}) is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "src/app.py").write_text("two"),
        lambda root: (root / "src/app.py").chmod(0o755),
        lambda root: (root / "src/new.py").write_text(""),
        lambda root: (root / "src/empty/x.secret").write_text("git does not see it, the builder does"),
        lambda root: (root / "src/app.py").unlink(),
        lambda root: (root / "pyproject.toml").write_text("[project]\nname = 'other'\n"),
        lambda root: (root / "devkit.local.toml").write_text(""),
        lambda root: _git(root, "tag", "v1.0"),
        _commit,
        lambda root: (root / ".devkit/state/build/image.json").unlink(),
        lambda root: (root / ".devkit/state/build/known.json").write_text("{"),
    ],
)
def test_any_change_leaves_the_answer_to_the_build(root: Path, change: Callable[[Path], object]) -> None:
    _remember(root, {})

    change(root)

    assert knowing.find_known(_context(root), {}) is None


@pytest.mark.parametrize(
    "environ", [{"DEVKIT_BUILD__REGISTRY": "x"}, {"DOCKER_HOST": "x"}, {"SOURCE_DATE_EPOCH": "1"}]
)
def test_a_variable_that_matters_leaves_the_answer_to_the_build(root: Path, environ: dict[str, str]) -> None:
    _remember(root, {})

    assert knowing.find_known(_context(root), environ) is None


@pytest.mark.parametrize("held", [None, {"RepoTags": ["shop:other"]}])
def test_an_image_that_the_engine_lost_is_not_known(
    root: Path, monkeypatch: pytest.MonkeyPatch, held: dict[str, Any] | None
) -> None:
    _remember(root, {})
    monkeypatch.setattr("devkit_build.engine.find_held", lambda *_: held)

    assert knowing.find_known(_context(root), {}) is None


def test_what_was_touched_a_moment_ago_is_not_remembered(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: (root / "src/app.py").stat().st_mtime_ns)

    _remember(root, {})

    assert not (root / ".devkit/state/build/known.json").exists()


def test_what_is_not_committed_is_not_known_under_the_name_of_the_commit(root: Path) -> None:
    (root / "README.md").write_text("new")

    _remember(root, {})

    assert knowing.find_known(_context(root), {}) is None
