"""The pytest plugin for authors of plugins and templates, and for the tests of devkit itself.

Installed with devkit, it is there without being named. `devkit_project({...}).run("plan")` makes a project,
runs a command in process and answers with what it printed; `devkit_plugin("name", source)` puts a plugin
where the host finds it, through the same entry points as an installed one.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_OWN_VARIABLES = ("DEVKIT_", "GIT_", "XDG_", "CI", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_", "OTEL_", "TRACE")


class Ran(Struct, frozen=True, kw_only=True):
    """A command that ended: its exit code and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """What it printed with `--json`."""
        return json.loads(self.stdout)


class DevkitProject(Struct, frozen=True):
    """A folder to run devkit in."""

    root: Path

    def run(self, *words: str) -> Ran:
        """Run a devkit command in this folder, in this process, without a terminal."""
        return run_devkit("-C", str(self.root), *words)

    def write(self, path: str, text: str) -> Path:
        """Write a file, making its folders; return where it is."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        return target

    def read(self, path: str) -> str:
        """Return the text of a file, its line ends as they are."""
        return (self.root / path).read_bytes().decode()

    def files(self) -> dict[str, bytes]:
        """Return every file but git's own and devkit's passing state, by path: for comparing before and after."""
        return snapshot(self.root)

    def git(self, *words: str) -> str:
        """Run git in this folder; return what it printed."""
        done = subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout


def run_devkit(*words: str) -> Ran:
    """Run a devkit command in this process; return its exit code and what it printed."""
    from devkit.cli.main import main

    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        code = main(words)
    texts = (stream.buffer.getvalue().decode() for stream in (stdout, stderr))
    return Ran(code=code, stdout=next(texts), stderr=next(texts))


def snapshot(root: Path) -> dict[str, bytes]:
    """Return every regular file below a folder by path, but for `.git` and `.devkit/state`."""
    found = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and parts[0] != ".git" and parts[:2] != (".devkit", "state"):
            found["/".join(parts)] = path.read_bytes()
    return found


@pytest.fixture
def devkit_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home of its own: no configuration, cache or trust of the user's is read or written."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_OWN_VARIABLES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n", "utf-8"
    )
    return home


@pytest.fixture
def devkit_project(
    devkit_home: Path,  # noqa: ARG001 - every project needs the home
    tmp_path: Path,
) -> Callable[..., DevkitProject]:
    """Return a function that makes a project from file texts: `devkit_project({"pyproject.toml": "…"})`."""

    def make(files: Mapping[str, str] | None = None, name: str = "project") -> DevkitProject:
        project = DevkitProject(tmp_path / name)
        project.root.mkdir()
        for path, text in (files or {}).items():
            project.write(path, text)
        return project

    return make


@pytest.fixture
def devkit_plugin(
    devkit_home: Path,  # noqa: ARG001 - the index is the test's own
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Path]]:
    """Return a function that installs a plugin from its source: `devkit_plugin("audit", "…", version="1.0")`."""
    made: list[str] = []

    def install(name: str, source: str, version: str = "1.0") -> Path:
        site = tmp_path_factory.mktemp("site")
        module = f"{name}_plugin"
        (site / f"{module}.py").write_text(source, "utf-8")
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[devkit.plugins]\n{name} = {module}\n", "utf-8")
        monkeypatch.syspath_prepend(str(site))
        made.append(module)
        return site

    yield install
    for module in made:
        sys.modules.pop(module, None)
