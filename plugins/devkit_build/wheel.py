"""The distribution of a Python package, as a task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit.api import PYTHON, Block, RunCommand, Task, requirement_name, table, texts, toml_table
from devkit_build.python import is_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from devkit.api import Context, FileAction, Tree

_OURS = re.compile(r"^# >>> devkit: build >>>$.*?^# <<< devkit: build <<<$", re.MULTILINE | re.DOTALL)
_BUILDERS = {
    "uv.lock": ("uv", "build", "--out-dir", "dist"),
    "poetry.lock": ("poetry", "build", "--no-interaction"),
    "pdm.lock": ("pdm", "build", "--quiet"),
}
_INPUTS = ("**", "!build/**", "!dist/**", "!**/*.egg-info/**", "!**/*.pyc")
"""Any file may be data of the package; a distribution of the source holds all of them."""
_VERSIONS_OF_GIT = frozenset({"hatch-vcs", "poetry-dynamic-versioning", "setuptools-scm", "versioningit"})


def wheel_files(context: Context) -> Iterable[FileAction]:
    """Return what keeps a distribution out of git, unless the project sees to that itself."""
    own_lines = _OURS.sub("", context.tree.read_text(".gitignore") or "").splitlines()
    if _is_distribution(context) and not {"dist", "dist/", "/dist", "/dist/"} & set(own_lines):
        yield Block(path=".gitignore", name="build", text="/build/\n/dist/\n*.egg-info/\n")


def wheel_tasks(context: Context) -> Iterable[Task]:
    """Return the task that builds the distribution, with the program that the project has for it."""
    manifest, python = toml_table(context.tree.read_text("pyproject.toml")), context.find(PYTHON)
    if python is None or not _is_distribution(context):
        return
    argv = _builder(context.tree, manifest, python)
    yield Task(
        name="build:wheel",
        summary="Build the distribution into `dist`.",
        action=RunCommand(argv=argv),
        needs=("env:install?",),
        inputs=() if _is_versioned_by_git(manifest) else _INPUTS,
        outputs=("dist/*.whl",),
        tools=() if argv[0] == python else argv[:1],
    )


def _is_versioned_by_git(manifest: Mapping[str, object]) -> bool:
    """Whether the version comes from commits and tags, which no file tells of."""
    required = texts(table(manifest.get("build-system")).get("requires"))
    return any(requirement_name(item) in _VERSIONS_OF_GIT for item in required)


def _is_distribution(context: Context) -> bool:
    """Whether a Python project is something to install."""
    if context.find(PYTHON) is None:
        return False
    manifest = toml_table(context.tree.read_text("pyproject.toml"))
    return is_package(context.tree, manifest) or context.tree.exists("setup.py")


def _builder(tree: Tree, manifest: Mapping[str, object], python: str) -> tuple[str, ...]:
    for lock, argv in _BUILDERS.items():
        if tree.exists(lock):
            return argv
    groups = table(manifest.get("dependency-groups")).values()
    if any(requirement_name(item) == "build" for group in groups for item in texts(group)):
        return (python, "-m", "build", "--outdir", "dist")
    return (python, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", "dist", ".")
