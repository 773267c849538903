"""What holds for the template of a Node service without installing anything: see tests/real for the rest."""

from __future__ import annotations

import fnmatch
import json
import re
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
    from collections.abc import Callable

    from jinja2 import Environment

TEMPLATE = Path(__file__).parents[2] / "templates/node-service"
ANSWERS = {
    "project_name": "Shop",
    "project_slug": "shop",
    "description": "Sells things.",
    "author_name": "Ada",
    "author_email": "ada@example.org",
    "node_version": "22",
    "license": "MIT",
}
ODD = (
    'Say "no" \\ or\n\tyes: {{ 7 * 7 }} {% raw %} {# c #} <b> & \'é\' \N{GRINNING FACE} \x01\x7f \\u003c """ ${x} \\'
)
INSTALL_SCRIPTS = {"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"}


@pytest.fixture
def service(render: Callable[..., Path]) -> Path:
    """Return the folder of a rendered service."""
    return render("node-service", project_name="shop")


@cache
def sandbox() -> Environment:
    """Return what loads the template's files as devkit would: in a sandbox, strict, without extensions."""
    loader = FileSystemLoader(TEMPLATE / "{{cookiecutter.project_slug}}")
    return ImmutableSandboxedEnvironment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)


def files(project: Path) -> dict[str, str]:
    """Return the text of each file by its path."""
    found = sorted(path for path in project.rglob("*") if path.is_file())
    return {path.relative_to(project).as_posix(): path.read_text("utf-8") for path in found}


def manifest(project: Path) -> dict[str, Any]:
    """Return the parsed package.json."""
    found: dict[str, Any] = json.loads((project / "package.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", ["a", "NO", "3.10", "My Shop", "x" * 40])
def test_nothing_of_the_template_remains(name: str, render: Callable[..., Path]) -> None:
    for path, text in files(render("node-service", project_name=name)).items():
        assert not re.search(r"\{\{|\{%|\{#|cookiecutter", f"{path}\n{text}"), path


@pytest.mark.parametrize("license_name", ["MIT", "Apache-2.0", "Proprietary"])
@pytest.mark.parametrize("author", ["", " ", "Ada"])
@pytest.mark.parametrize("description", ["", " ", "Sells things."])
@pytest.mark.parametrize("version", ["20", "24"])
def test_conditions_leave_no_ragged_blanks(
    license_name: str, author: str, description: str, version: str, render: Callable[..., Path]
) -> None:
    answers = {"license": license_name, "author_name": author, "description": description, "node_version": version}
    project = render("node-service", **answers)

    assert manifest(project)["name"] == "my-service"
    for path, text in files(project).items():
        assert not re.search(r"[ \t]+$", text, re.MULTILINE), path
        assert re.search(r"[^\n]\n\Z", text), path
        assert "\n\n\n" not in text or path == "LICENSE", path
        assert not text.startswith("\n") or path == "LICENSE", path


@pytest.mark.parametrize(
    ("name", "slug"), [("shop", "shop"), ("My Shop_app", "my-shop-app"), ("NO", "no"), ("3.10", "3.10")]
)
def test_names_follow_from_the_first_answer(name: str, slug: str, render: Callable[..., Path]) -> None:
    project = render("node-service", project_name=name)

    assert (project.name, manifest(project)["name"]) == (slug, slug)


@pytest.mark.parametrize("slug", ["Shop", "_shop", ".shop", "@acme/shop", "shop!", "", "shop\n"])
def test_a_name_that_npm_would_refuse_breaks_the_rule(slug: str) -> None:
    rules = tomllib.loads((TEMPLATE / "template.toml").read_text("utf-8"))["validate"]

    assert not re.fullmatch(rules["project_slug"]["pattern"], slug)
    assert re.fullmatch(rules["project_slug"]["pattern"], "shop-2.api_v1")


def test_every_json_file_parses(service: Path) -> None:
    for path, text in files(service).items():
        if path.endswith(".json"):
            json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE) if path.startswith("tsconfig") else text)


def test_odd_answers_arrive_in_the_manifest_as_they_are(render_as_given: Callable[..., Path]) -> None:
    odd = {"project_name": ODD, "description": ODD, "author_name": ODD, "author_email": ODD}

    project = render_as_given("node-service", ANSWERS | odd)

    on_one_line = " ".join(ODD.split())
    found = manifest(project)
    assert found["description"] == on_one_line
    assert found["author"] == {"name": on_one_line, "email": on_one_line}
    assert on_one_line in (project / "README.md").read_text("utf-8").splitlines()


@given(text=st.text(min_size=1).filter(str.strip), version=st.sampled_from(["20", "22", "24"]))
def test_any_text_survives_into_a_manifest_that_npm_would_write_the_same(text: str, version: str) -> None:
    odd = {"description": text, "author_name": text, "author_email": text, "node_version": version}

    rendered = sandbox().get_template("package.json").render(cookiecutter=ANSWERS | odd)

    found = json.loads(rendered)
    one_line = " ".join(text.split())
    assert (found["description"], found["author"]) == (one_line, {"name": one_line, "email": one_line})
    assert rendered == json.dumps(found, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("name", "email", "author"),
    [("", "", None), ("Ada", "", {"name": "Ada"}), ("", "ada@example.org", {"email": "ada@example.org"})],
)
def test_an_author_is_named_as_far_as_known(
    name: str, email: str, author: object, render: Callable[..., Path]
) -> None:
    assert manifest(render("node-service", author_name=name, author_email=email)).get("author") == author


@pytest.mark.parametrize(
    ("answer", "expression", "beginning"),
    [
        ("MIT", "MIT", "MIT License\n\nCopyright (c) Ada\n"),
        ("Apache-2.0", "Apache-2.0", "\n                                 Apache License\n"),
        ("Proprietary", "UNLICENSED", "Copyright (c) Ada. All rights reserved.\n"),
    ],
)
def test_the_license_is_the_chosen_one(
    answer: str, expression: str, beginning: str, render: Callable[..., Path]
) -> None:
    project = render("node-service", license=answer, author_name="Ada")

    assert manifest(project)["license"] == expression
    assert (project / "LICENSE").read_text("utf-8").startswith(beginning)


@pytest.mark.parametrize(
    ("version", "needed", "dev"),
    [("20", ">=20.19", "tsx watch"), ("22", ">=22.18", "node --watch"), ("24", ">=24.11", "node --watch")],
)
def test_a_node_that_strips_types_itself_needs_no_tool_for_it(
    version: str, needed: str, dev: str, render: Callable[..., Path]
) -> None:
    found = manifest(render("node-service", node_version=version))

    assert found["engines"] == {"node": needed}
    assert found["scripts"]["dev"] == f"{dev} src/main.ts"
    assert ("tsx" in found["devDependencies"]) == ("allowScripts" in found) == (version == "20")
    assert found["devDependencies"]["@types/node"].startswith(f"^{version}.")


def test_installing_it_runs_no_script_of_its_own(service: Path) -> None:
    scripts = manifest(service)["scripts"]

    assert set(scripts) == {"dev", "build", "start", "test", "test:contract", "lint", "format"}
    assert not INSTALL_SCRIPTS & set(scripts)
    assert manifest(service)["private"] is True


def test_every_third_party_import_is_a_declared_dependency(service: Path) -> None:
    sources = [text for path, text in files(service).items() if path.startswith("src/")]
    imported = {name for text in sources for name in re.findall(r'\bfrom "([^."][^"]*)"', text)}
    packages = {"/".join(name.split("/")[: 2 if name.startswith("@") else 1]) for name in imported}

    assert {name for name in packages if not name.startswith("node:")} == set(manifest(service)["dependencies"])


def test_every_module_has_tests_and_a_sign_on_its_door(service: Path) -> None:
    modules = {path.stem: path.read_text("utf-8") for path in (service / "src").glob("*.ts")}

    assert all(text.startswith("// ") for text in modules.values())
    assert modules.keys() - {path.name.removesuffix(".test.ts") for path in service.glob("tests/*")} == {"main"}


def test_the_readme_names_every_module(service: Path) -> None:
    readme = (service / "README.md").read_text("utf-8")

    assert {path.name for path in (service / "src").iterdir()} == set(
        re.findall(r"^  ([\w-]+\.ts) ", readme, re.MULTILINE)
    )


def test_the_first_choice_runs_everywhere_and_every_question_is_explained() -> None:
    questions = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
    prompts = questions.pop("__prompts__")

    assert list(questions) == list(ANSWERS) == list(prompts)
    assert questions["node_version"] == ["20", "22", "24"]


def test_seeded_patterns_match_files(service: Path) -> None:
    about = tomllib.loads((TEMPLATE / "template.toml").read_text("utf-8"))

    for pattern in about["seeded"]:
        assert fnmatch.filter(files(service), pattern), pattern


def test_what_other_stages_write_is_left_to_them(service: Path) -> None:
    ignored = (service / ".gitignore").read_text("utf-8").splitlines()

    assert not {".env", "node_modules", "node_modules/"} & set(ignored)
    assert not {"package-lock.json", "npm-shrinkwrap.json", ".npmrc", "Dockerfile"} & set(files(service))


def test_it_listens_to_this_machine_only_unless_told_otherwise(service: Path) -> None:
    assert "\nHOST=127.0.0.1\n" in (service / ".env.example").read_text("utf-8")


def test_a_sandbox_without_extensions_renders_the_same(render_as_given: Callable[..., Path]) -> None:
    names = sandbox().list_templates()
    rendered = {name: sandbox().get_template(name).render(cookiecutter=ANSWERS) for name in names}

    assert rendered == files(render_as_given("node-service", ANSWERS))
