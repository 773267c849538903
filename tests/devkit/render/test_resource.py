from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from devkit.api import Render
from devkit.errors import PLUGIN_INVALID, DevkitError
from devkit.render.resource import render_resource

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "acme_plugin_for_tests"
FILES = {
    "__init__.py": "",
    "files/a.j2": "port: {{ port }}\n{% include 'part.j2' %}\n",
    "files/part.j2": "part {{ name|slugify }}\r\n",
    "files/wrong.j2": "a\n{{ nope }}\n",
    "files/syntax.j2": "\n{% if %}",
    "files/out.j2": "{% include '../secret' %}",
    "files/hostile.j2": "{{ ''.__class__ }}",
    "secret": "s",
    "files/latin.j2": "caf\xe9",
}


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in FILES.items():
        target = tmp_path / PACKAGE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("latin-1"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)


def failure(template: str) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        render_resource(Render(path="x.yaml", template=template))
    return caught.value


def test_a_template_of_a_package_is_rendered() -> None:
    for _ in range(2):
        action = Render(path="x", template=f"{PACKAGE}:files/a.j2", values={"port": 80, "name": "A b"})
        assert render_resource(action) == "port: 80\npart a-b\n\n"


@pytest.mark.parametrize(("name", "line"), [("wrong", 2), ("syntax", 2), ("hostile", 1), ("out", 1)])
def test_what_is_wrong_in_it_names_template_and_line(name: str, line: int) -> None:
    error = failure(f"{PACKAGE}:files/{name}.j2")
    assert error.kind is PLUGIN_INVALID
    assert f"{PACKAGE}:files/{name}.j2" in error.message
    assert error.place is not None
    assert (error.place.path, error.place.line) == (f"{PACKAGE}:files/{name}.j2", line)


@pytest.mark.parametrize(
    "template", ["", "x", ":", f"{PACKAGE}:", f"{PACKAGE}:gone.j2", "no_such_package:a", f"{PACKAGE}:../x",
                 f"{PACKAGE}:files", f"{PACKAGE}:files/latin.j2", "os:path"],
)  # fmt: skip
def test_a_template_that_is_not_there_is_named(template: str) -> None:
    error = failure(template)
    assert error.kind is PLUGIN_INVALID
    assert f"`{template}`" in error.message
