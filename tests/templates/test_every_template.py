"""What holds for each Python template: plain rendering, whatever the answers are, into clean files."""

from __future__ import annotations

import fnmatch
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = ("python-library", "python-service")
ANSWERS = {
    "project_name": "Shop",
    "project_slug": "shop",
    "package_name": "shop",
    "description": "Sells things.",
    "author_name": "Ada",
    "author_email": "ada@example.org",
    "python_version": "3.12",
    "license": "MIT",
}
ODD = 'Say "no" \\ or\n\tyes: {{ 7 * 7 }} {% raw %} {# c #} <b> & \'é\' \N{GRINNING FACE} \x01\x7f \\u003c """ \\'

every_template = pytest.mark.parametrize("template", NAMES)


def files(project: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file."""
    for path in sorted(project.rglob("*")):
        if path.is_file():
            yield path.relative_to(project).as_posix(), path.read_text("utf-8")


def manifest(project: Path) -> dict[str, Any]:
    """Return the parsed pyproject.toml."""
    return tomllib.loads((project / "pyproject.toml").read_text("utf-8"))


@cache
def sandbox(template: str) -> Environment:
    """Return what loads the files of a template as devkit would: in a sandbox, strict, without extensions."""
    folder = TEMPLATES / template / "{{cookiecutter.project_slug}}"
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, keep_trailing_newline=True
    )


@every_template
def test_nothing_of_the_template_remains(template: str, render: Callable[..., Path]) -> None:
    for path, text in files(render(template)):
        assert not re.search(r"\{\{|\{%|\{#|cookiecutter", f"{path}\n{text}"), path


@every_template
@pytest.mark.parametrize("license_name", ["MIT", "Apache-2.0", "Proprietary"])
@pytest.mark.parametrize("author", ["", "Ada"])
@pytest.mark.parametrize("description", ["", "Sells things."])
def test_conditions_leave_no_ragged_blanks(
    template: str, license_name: str, author: str, description: str, render: Callable[..., Path]
) -> None:
    project = render(template, license=license_name, author_name=author, description=description)

    for path, text in files(project):
        assert not re.search(r"[ \t]+$", text, re.MULTILINE), path
        assert not text or re.search(r"[^\n]\n\Z", text), path
        if not path.endswith(".py"):
            assert "\n\n\n" not in text or path == "LICENSE", path
        if not path.endswith("LICENSE"):  # the text of Apache-2.0 begins with an empty line
            assert not text.startswith("\n"), path


@every_template
@pytest.mark.parametrize("name", ["NO", "3.10", "My Shop", "a_b-c", "x" * 40])
def test_all_python_compiles_whatever_the_name(template: str, name: str, render: Callable[..., Path]) -> None:
    project = render(template, project_name=name)

    sources = {path: text for path, text in files(project) if path.endswith(".py")}
    assert sources
    for path, text in sources.items():
        compile(text, path, "exec", dont_inherit=True)


@every_template
@pytest.mark.parametrize(
    ("name", "slug", "package"),
    [
        ("shop", "shop", "shop"),
        ("My Shop_app", "my-shop-app", "my_shop_app"),
        ("NO", "no", "no"),
        ("3.10", "3.10", "_3_10"),
    ],
)
def test_names_follow_from_the_first_answer(
    template: str, name: str, slug: str, package: str, render: Callable[..., Path]
) -> None:
    project = render(template, project_name=name)

    assert project.name == slug
    assert manifest(project)["project"]["name"] == slug
    assert (project / "src" / package / "__init__.py").is_file()
    assert (project / "src" / package / "py.typed").read_bytes() == b""
    assert manifest(project)["tool"]["coverage"]["run"]["source"] == [package]


@every_template
def test_odd_answers_arrive_in_the_manifest_as_they_are(template: str, render_as_given: Callable[..., Path]) -> None:
    odd = {"project_name": ODD, "description": ODD, "author_name": ODD}

    project = render_as_given(template, ANSWERS | odd)

    on_one_line = " ".join(ODD.split())
    table = manifest(project)["project"]
    assert table["description"] == on_one_line
    assert table["authors"] == [{"name": on_one_line, "email": "ada@example.org"}]
    assert on_one_line in (project / "README.md").read_text("utf-8").splitlines()
    for path, text in files(project):
        if path.endswith(".py"):
            compile(text, path, "exec", dont_inherit=True)


@every_template
@given(text=st.text(min_size=1).filter(str.strip))
def test_any_text_survives_into_the_manifest(template: str, text: str) -> None:
    answers = ANSWERS | {"description": text, "author_name": text, "author_email": text}

    rendered = sandbox(template).get_template("pyproject.toml").render(cookiecutter=answers)

    table = tomllib.loads(rendered)["project"]
    one_line = " ".join(text.split())
    assert (table["description"], table["authors"]) == (one_line, [{"name": one_line, "email": one_line}])


@every_template
@pytest.mark.parametrize(
    ("name", "email", "authors"),
    [
        ("", "", None),
        ("Ada", "", [{"name": "Ada"}]),
        ("", "ada@example.org", [{"email": "ada@example.org"}]),
    ],
)
def test_an_author_is_named_as_far_as_known(
    template: str, name: str, email: str, authors: object, render: Callable[..., Path]
) -> None:
    project = render(template, author_name=name, author_email=email)

    assert manifest(project)["project"].get("authors") == authors


@every_template
@pytest.mark.parametrize(
    ("answer", "expression", "beginning"),
    [
        ("MIT", "MIT", "MIT License\n\nCopyright (c) Ada\n"),
        ("Apache-2.0", "Apache-2.0", "\n                                 Apache License\n"),
        ("Proprietary", "LicenseRef-Proprietary", "Copyright (c) Ada. All rights reserved.\n"),
    ],
)
def test_the_license_is_the_chosen_one(
    template: str, answer: str, expression: str, beginning: str, render: Callable[..., Path]
) -> None:
    project = render(template, license=answer, author_name="Ada")

    assert manifest(project)["project"]["license"] == expression
    assert (project / "LICENSE").read_text("utf-8").startswith(beginning)


@every_template
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_oldest_python_is_the_chosen_one(template: str, version: str, render: Callable[..., Path]) -> None:
    found = manifest(render(template, python_version=version))

    assert found["project"]["requires-python"] == f">={version}"
    assert found["tool"]["mypy"]["python_version"] == version


@every_template
def test_the_first_choices_run_everywhere_and_every_question_is_explained(template: str) -> None:
    questions = json.loads((TEMPLATES / template / "cookiecutter.json").read_text("utf-8"))
    prompts = questions.pop("__prompts__")

    assert list(questions) == list(ANSWERS) == list(prompts)
    assert questions["python_version"][0] == "3.11"


@every_template
def test_seeded_patterns_match_files(template: str, render: Callable[..., Path]) -> None:
    paths = [path for path, _ in files(render(template))]
    about = tomllib.loads((TEMPLATES / template / "template.toml").read_text("utf-8"))

    assert about["summary"].endswith(".")
    for pattern in about["seeded"]:
        assert fnmatch.filter(paths, pattern), pattern


@every_template
def test_what_other_stages_write_is_left_to_them(template: str, render: Callable[..., Path]) -> None:
    project = render(template)

    ignored = (project / ".gitignore").read_text("utf-8").splitlines()
    assert not {".env", ".venv", ".venv/"} & set(ignored)
    assert not list(project.glob("*.lock"))
    assert not (project / "Dockerfile").exists()


@every_template
def test_a_sandbox_without_extensions_renders_the_same(template: str, render_as_given: Callable[..., Path]) -> None:
    environment = sandbox(template)
    rendered = {
        environment.from_string(name).render(cookiecutter=ANSWERS): environment.get_template(name).render(
            cookiecutter=ANSWERS
        )
        for name in environment.list_templates()
    }

    assert rendered == dict(files(render_as_given(template, ANSWERS)))


@pytest.mark.skipif(importlib.util.find_spec("ruff") is None, reason="ruff is not installed")
@every_template
@pytest.mark.parametrize("name", ["a", "shop", "3.10", "a-very-long-service-name-with-many-words"])
def test_the_rendered_code_is_linted_and_formatted(template: str, name: str, render: Callable[..., Path]) -> None:
    project = render(template, project_name=name)

    for arguments in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@every_template
def test_what_pytest_cannot_remove_of_an_earlier_run_fails_no_tests(
    render: Callable[..., Path], template: str
) -> None:
    """pytest looks after such folders at its end: without a word on it, a warning would hide all results."""
    project = render(template, project_name="shop")
    project.joinpath("stuck.py").write_text(
        "import warnings, pytest\n"
        "def pytest_sessionfinish(): warnings.warn(pytest.PytestWarning('(rm_rf) error removing /tmp/garbage'))\n"
        "def test_good(): pass\n",
        "utf-8",
    )
    words = ["-p", "stuck", "-p", "no:cacheprovider", "-o", "minversion=8.2", "stuck.py", "--noconftest"]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=project, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
