from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_env.requirements import install, requirement_files

from devkit.project.tree import DiskTree
from tests.plugins.env.test_python import Context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject


def write(folder: Path, **files: str) -> DiskTree:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.{'toml' if name == 'pyproject' else 'txt'}").write_text(text)
    return DiskTree(folder)


def test_a_project_table_comes_before_requirements_files(tmp_path: Path) -> None:
    tree = write(tmp_path, pyproject='[project]\nname = "a"\n', requirements="flask\n")

    assert requirement_files(tree) == ()


def test_without_a_project_table_the_requirements_files_are_installed(tmp_path: Path) -> None:
    tree = write(tmp_path, pyproject="[tool.ruff]\n", requirements="flask\n", requirements_dev="pytest\n")

    assert requirement_files(tree) == ("requirements.txt", "requirements-dev.txt")


def test_a_project_of_setuptools_is_installed_itself(tmp_path: Path) -> None:
    tree = write(tmp_path, requirements="six\n")
    (tmp_path / "setup.cfg").write_text("[flake8]\n")
    assert requirement_files(tree) == ("requirements.txt",)
    tree = write(tmp_path)
    (tmp_path / "setup.py").write_text("setup()\n")
    assert requirement_files(tree) == ("requirements.txt", "setup.py")

    context = Context(tmp_path)
    install(context, installer="pip", files=requirement_files(tree))  # type: ignore[arg-type]

    assert context.ran[-1][-4:] == ["--requirement", "requirements.txt", "--editable", "."]


@pytest.mark.parametrize(("tools", "last"), [(("uv",), "uv"), ((), "pip")])
def test_the_files_are_installed_once_by_uv_or_pip(tmp_path: Path, tools: tuple[str, ...], last: str) -> None:
    write(tmp_path, requirements="flask\n")
    context = Context(tmp_path, tools=tools)

    for _ in range(2):
        install(context, installer="auto", files=["requirements.txt"])  # type: ignore[arg-type]

    assert len(context.ran) == 2
    assert last in context.ran[-1][:3]
    assert context.ran[-1][-2:] == ["--requirement", "requirements.txt"]
    assert context.said == ["dependencies are current"]


def test_a_change_of_an_included_file_is_a_change(tmp_path: Path) -> None:
    write(tmp_path, requirements="-r base.txt\n-r requirements.txt\n", base="flask\n")
    context = Context(tmp_path)
    install(context, installer="pip", files=["requirements.txt"])  # type: ignore[arg-type]

    write(tmp_path, base="flask>=3\n")
    install(context, installer="pip", files=["requirements.txt"])  # type: ignore[arg-type]

    assert context.said == []


def test_a_project_of_requirements_alone_has_an_install_task(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"requirements.txt": "Flask==3.1\n", "devkit.toml": ""})
    assert project.run("add", "env").code == 0

    assert [task["name"] for task in project.run("--json", "plan").document["tasks"]] == ["env:install"]


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    write(tmp_path, requirements="flask\n")
    for tools in ((), ("uv",)):
        for _ in range(2):
            context = Context(tmp_path, tools=tools)
            install(context, installer="auto", files=["requirements.txt"])  # type: ignore[arg-type]
        assert context.said == ["dependencies are current"]
        python = tmp_path / ".venv/bin/python"
        python.unlink()
        python.symlink_to("/nowhere/python")

        context = Context(tmp_path, tools=tools)
        install(context, installer="auto", files=["requirements.txt"])  # type: ignore[arg-type]
        assert any("venv" in words for words in context.ran)
        assert python.is_file()


def test_files_that_include_each_other_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/base.txt").write_text("-r ../more/../requirements.txt\nflask\n")
    write(tmp_path, requirements="-r more/../more/base.txt\n")

    install(Context(tmp_path), installer="pip", files=["requirements.txt"])  # type: ignore[arg-type]


def test_a_file_that_is_included_in_one_word_counts_too(tmp_path: Path) -> None:
    write(tmp_path, requirements="-rbase.txt\n", base="flask\n")
    for text, count in (("flask\n", 2), ("flask\n", 0), ("django\n", 1)):
        write(tmp_path, base=text)
        context = Context(tmp_path)
        install(context, installer="pip", files=["requirements.txt"])  # type: ignore[arg-type]

        assert len(context.ran) == count
