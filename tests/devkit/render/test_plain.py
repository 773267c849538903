from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.errors import DevkitError
from devkit.render.bounds import LARGEST
from devkit.render.cache import Pack
from devkit.render.jinja import Jinja
from devkit.render.plain import substituted

if TYPE_CHECKING:
    from pathlib import Path

HELD = OrderedDict(
    slug="shop", _own="own", yes=True, count=3, part=1.5, none=None, many=["a"], items="x", html="<{{&"
)
VARIABLES: dict[str, Any] = {"cookiecutter": HELD, "other": {"slug": "x"}}
PIECES = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "-", " ", "\n", "\t", "a", "cookiecutter", ".", "|upper", "'"),
    *(f"{{{{ cookiecutter.{name} }}}}" for name in (*HELD, "missing", "keys", "__class__")),
    *("{{cookiecutter.slug}}", "{{  cookiecutter.slug}}", "{{- cookiecutter.slug -}}", "{{ other.slug }}", "é"),
)


def jinja(text: str) -> str | None:
    """Return what jinja2 makes of a text, `None` when it refuses it."""
    renderer = Jinja(pack=Pack("test", "plain"), shown="t", find=lambda _: None, extensions=(), options={})
    try:
        return renderer.text("t", text, VARIABLES)
    except DevkitError:
        return None


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
def test_a_text_is_filled_in_as_jinja2_would(text: str) -> None:
    found = substituted(text, VARIABLES)

    assert found is None or found == jinja(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ cookiecutter.slug }}\nb {{cookiecutter.count}}{", "a shop\nb 3{"),
        ("{{ cookiecutter.yes }} {{ cookiecutter.part }} {{ cookiecutter.html }}", "True 1.5 <{{&"),
    ],
)
def test_texts_that_only_name_variables_need_no_jinja2(text: str, expected: str) -> None:
    assert substituted(text, VARIABLES) == expected == jinja(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% if true %}{% endif %}",
        "{# a remark #}",
        "{{ cookiecutter.slug|upper }}",
        "{{ cookiecutter.items }}",
        "{{ cookiecutter._own }}",
        "{{ cookiecutter.none }}",
        "{{ cookiecutter.missing }}",
        "{{{ cookiecutter.slug }}",
        "{{ other.slug }}",
        "{{ cookiecutter.slug }}\r\n",
    ],
)
def test_everything_else_is_left_to_jinja2(text: str) -> None:
    assert substituted(text, VARIABLES) is None


def test_a_text_beyond_the_bounds_is_left_to_jinja2_which_refuses_it() -> None:
    large = {"cookiecutter": {"large": "x" * (LARGEST // 2)}}

    assert substituted("{{ cookiecutter.large }}" * 3, large) is None


def test_a_template_that_only_names_variables_is_rendered_without_jinja2(tmp_path: Path) -> None:
    project = tmp_path / "{{cookiecutter.slug}}"
    project.mkdir()
    (tmp_path / "cookiecutter.json").write_text('{"slug": "shop"}', "utf-8")
    (project / "a.txt").write_text("{{ cookiecutter.slug }}\n", "utf-8")
    code = f"""
import sys
from devkit.render.answers import resolve
from devkit.render.source import open_template
from devkit.render.tree import render_tree
source = open_template({str(tmp_path)!r}, {{}})
print([file.content for file in render_tree(source, resolve(source, {{}}, None))], "jinja2" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout == "[b'shop\\n'] False\n"
