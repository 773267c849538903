from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from devkit.api import Template
from devkit.errors import TEMPLATE_INVALID, TEMPLATE_MISSING, USAGE, DevkitError
from devkit.render.source import Fetched, open_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.render.source import TemplateSource

    Make = Callable[..., TemplateSource]


def failure(location: str, *known: Template) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        open_template(location, {each.name: each for each in known})
    return caught.value


def test_a_known_name_comes_before_a_folder_of_that_name(make_template: Make, tmp_path: Path) -> None:
    made = make_template(None, {}, {"template.toml": 'summary = "From its file."\n'})
    known = {"acme": Template(name="acme", summary="From the plugin.", folder=made.folder)}
    (tmp_path / "acme").mkdir()
    source = open_template("acme", known)
    assert (source.kind, source.name, source.location, source.folder) == ("builtin", "acme", "acme", made.folder)
    assert source.summary == "From its file."


def test_a_folder_is_known_by_its_whole_path(make_template: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_template()
    monkeypatch.chdir(made.folder.parent)
    source = open_template("./template", {})
    assert (source.kind, source.name, source.location) == ("folder", "template", str(made.folder))


def test_a_fetched_template_is_known_by_its_url(make_template: Make) -> None:
    fetched = Fetched(folder=make_template().folder, revision="abc", location="https://h/acme/web.git@v1")
    source = open_template("https://me:pw@h/acme/web.git@v1", {}, fetched=fetched)
    assert (source.kind, source.name, source.location, source.revision) == (
        "url", "web", "https://h/acme/web.git@v1", "abc",
    )  # fmt: skip


def test_a_name_that_is_nothing_is_missing_with_the_nearest(tmp_path: Path) -> None:
    error = failure("python-servce", Template(name="python-service", summary="", folder=tmp_path))
    assert (error.kind, error.exit, error.help) == (TEMPLATE_MISSING, 66, "did you mean `python-service`?")


def test_a_folder_without_variables_is_missing(tmp_path: Path) -> None:
    error = failure(str(tmp_path))
    assert error.kind is TEMPLATE_MISSING
    assert "cookiecutter.json" in error.message


def test_what_looks_like_an_option_is_refused() -> None:
    assert failure("--upload-pack=x").kind is USAGE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", 1), ("[]", None), ('{\n"a": }', 2), ("\xff", None), ("[" * 20_000, None),
        ('{"a":' * 600 + "1" + "}" * 600, None),
        ('{"a": ' + "[" * 50 + "]" * 50 + "}", None), ('{\n "_extensions": "x"}', 2),
        ('{"_jinja2_env_vars": {"loader": "x"}}', 1), ('{"_jinja2_env_vars": {"trim_blocks": 1}}', 1),
        ('{"_jinja2_env_vars": {"block_start_string": ""}}', 1), ('{"templates": {"a": 1}}', 1),
        ('{"templates": {"a": {"path": "../x"}}}', 1), ('{"template": ["no path"]}', 1),
        ('{"templates": {"a": {"path": "/etc"}}}', 1), ('{"templates": {"a": {"path": "."}}}', 1),
    ],
)  # fmt: skip
def test_variables_that_cannot_be_read_are_shown(make_template: Make, text: str, line: int | None) -> None:
    folder = make_template().folder
    (folder / "cookiecutter.json").write_bytes(text.encode("latin-1"))
    error = failure(str(folder))
    assert (error.kind, error.exit) == (TEMPLATE_INVALID, 65)
    assert error.place is not None
    assert error.place.path == f"{folder}/cookiecutter.json"
    assert error.place.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\nsumary = 'x'\n", 2), ("summary = 3", 1), ("seeded = 'src/**'", 1), ("seeded = [1]", 1), ("x = ", 1),
        ("[validate]\nslug = 3", 2), ("[validate]\nslug = '('", 2), ("[validate.slug]\npatern = 'x'", 1),
        ("validate = 1", 1), ("seeded = ['**/**/**/**']", 1), ("[validate]\nslug = '(a+)+'", None),
        ("[validate]\nslug = 'a*a*a*a*'", None),
    ],
)  # fmt: skip
def test_a_declaration_that_is_wrong_is_shown_at_its_line(make_template: Make, text: str, line: int | None) -> None:
    folder = make_template().folder
    (folder / "template.toml").write_text(text)
    error = failure(str(folder))
    assert error.kind is TEMPLATE_INVALID
    assert error.place is not None
    assert (error.place.path, error.place.line) == (f"{folder}/template.toml", line)


@pytest.mark.parametrize("name", ["cookiecutter.json", "template.toml"])
def test_a_pipe_or_link_for_a_file_is_refused_without_waiting(make_template: Make, name: str) -> None:
    folder = make_template().folder
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    assert failure(str(folder)).kind is TEMPLATE_INVALID
    (folder / name).unlink()
    (folder / name).symlink_to("/etc/passwd")
    assert failure(str(folder)).kind is TEMPLATE_INVALID


@pytest.mark.parametrize(
    ("variables", "files", "code"),
    [
        ({}, {"hooks/pre_gen_project.sh": "", "hooks/post_gen_project.py~": "", "hooks/other.py": ""},
         ("hooks/pre_gen_project.sh",)),
        ({"_extensions": ["jinja2.ext.do", "cookiecutter.extensions.SlugifyExtension"]}, {}, ()),
        ({"_extensions": ["local.X"]}, {"local.py": ""}, ("local.py",)),
        ({"_extensions": ["local.a.X"]}, {"local/a.py": "", "local/b/c.py": "", "local/d.txt": ""},
         ("local/a.py", "local/b/c.py")),
        ({"_extensions": ["acme_jinja.X"]}, {}, ("cookiecutter.json (acme_jinja.X)",)),
    ],
)  # fmt: skip
def test_code_is_listed(
    make_template: Make, variables: dict[str, Any], files: dict[str, str], code: tuple[str, ...]
) -> None:
    assert make_template({"slug": "x", **variables}, {}, files).code == code


def test_hooks_behind_a_link_are_refused(make_template: Make, tmp_path: Path) -> None:
    folder = make_template().folder
    (folder / "hooks").symlink_to(tmp_path)
    assert failure(str(folder)).kind is TEMPLATE_INVALID


def test_what_is_asked_is_what_is_not_private(make_template: Make) -> None:
    assert make_template({"a": "", "_b": "", "__c": "", "d": []}).asks == ("a", "d")


def test_the_folder_of_a_template_may_not_be_there(tmp_path: Path) -> None:
    assert failure("gone", Template(name="gone", summary="", folder=Path(tmp_path, "gone"))).kind is TEMPLATE_MISSING
