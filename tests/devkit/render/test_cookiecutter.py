"""Whatever cookiecutter renders, devkit renders to the same bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from devkit.render.answers import resolve
from devkit.render.tree import render_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from devkit.render.source import TemplateSource

    Made = dict[str, tuple[bytes, bool]]


def by_cookiecutter(folder: Path, tmp_path: Path, given: Mapping[str, Any]) -> Made:
    from cookiecutter.main import cookiecutter  # type: ignore[import-untyped]

    (tmp_path / "config.yaml").write_text(f"replay_dir: {tmp_path}/replay\ncookiecutters_dir: {tmp_path}/cc\n")
    made = cookiecutter(
        str(folder),
        no_input=True,
        extra_context=dict(given),
        output_dir=str(tmp_path / "theirs"),
        config_file=str(tmp_path / "config.yaml"),
    )
    found = {}
    for above, _, names in os.walk(made):
        for name in names:
            path = os.path.join(above, name)
            with open(path, "rb") as opened:
                found[os.path.relpath(path, made)] = (opened.read(), os.access(path, os.X_OK))
    return found


def by_devkit(source: TemplateSource, given: Mapping[str, Any]) -> Made:
    files = render_tree(source, resolve(source, given, None))
    return {file.path: (file.content, file.executable) for file in files}


EVERYTHING: dict[str, Any] = {
    "slug": "my-shop",
    "name": "My {{ cookiecutter.slug|upper }}",
    "count": 3,
    "ratio": 1.5,
    "nothing": None,
    "is_big": True,
    "is_small": False,
    "license": ["MIT", "{{ cookiecutter.slug }}-license", "None"],
    "options": {
        "a": "{{ cookiecutter.slug }}",
        "{{ cookiecutter.slug }}": {"deep": ["x", "{{ cookiecutter.name }}"]},
    },
    "_private": "{{ raw }}",
    "_list": ["{{ raw }}", 2],
    "__derived": "{{ cookiecutter.name|lower }}",
    "__path": "deep/{{ cookiecutter.slug }}",
    "__dict": {"x": "{{ cookiecutter.slug }}"},
    "__prompts__": {"slug": "The slug"},
    "_copy_without_render": ["*.tpl", "raw", "docs/assets/*"],
    "_extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols"],
}

TEMPLATES: dict[str, tuple[dict[str, Any], dict[str, str | bytes], dict[str, str | bytes]]] = {
    "variables": (
        EVERYTHING,
        {
            "all.txt": "{% for k, v in cookiecutter.items() if k not in "
            "['_template', '_repo_dir', '_output_dir'] %}{{ k }}={{ v }}\n{% endfor %}",
            "raw.txt": "{{ _cookiecutter.name }} {{ _cookiecutter.license }} {{ _cookiecutter|length }}",
            "json.txt": "{{ cookiecutter.options|jsonify }} {{ cookiecutter._list|jsonify(2) }}",
            "slug.txt": "{{ 'Ünï cödé & more'|slugify }} {{ 'a b c'|slugify(separator='_') }}",
            "private.txt": "{{ cookiecutter._private }} {{ cookiecutter.__derived }} {{ cookiecutter.__dict.x }}",
            "do.txt": "{% set l = [] %}{% do l.append(1) %}{% set _ = l.append(2) %}{{ l }}"
            "{% for x in [1, 2, 3] %}{% if x == 2 %}{% continue %}{% endif %}{{ x }}{{ loop.last }}{% endfor %}",
            "shared.txt": "{% set _ = cookiecutter.update({'added': 'x'}) %}{{ cookiecutter.added }}",
        },
        {},
    ),
    "names": (
        EVERYTHING,
        {
            "{{cookiecutter.slug}}/{{ cookiecutter.license }}.txt": "x",
            "{% if cookiecutter.is_big %}big.txt{% endif %}": "big",
            "{% if cookiecutter.is_small %}small.txt{% endif %}": "small",
            "{{ cookiecutter.__path }}/deep.txt": "deep",
            "plain/{{ cookiecutter.count }}-{{ cookiecutter.ratio }}": "",
            ".hidden/.file": "{{ cookiecutter.slug }}",
        },
        {},
    ),
    "copies": (
        EVERYTHING,
        {
            "{{ cookiecutter.slug }}.tpl": "{{ not rendered }}\r\nmixed\n",
            "raw/{{ cookiecutter.slug }}.txt": "{{ not rendered }}",
            "raw/more/{{nope}}": "{% nope %}",
            "docs/assets/logo.svg": "{{ nope }}",
            "docs/assets/{{cookiecutter.slug}}/x": "{{ nope }}",
            "docs/index.md": "{{ cookiecutter.slug }}",
        },
        {},
    ),
    "bytes": (
        {"slug": "shop"},
        {
            "logo.png": b"\x89PNG\r\n\x1a\n\0\0{{ nope }}\xff\xfe",
            "data.bin": bytes(range(256)) + b"{{ nope }}",
            "named.jpg": "{{ text in a picture",
            "empty": "",
            "newline": "\n",
            "no-end": "{{ cookiecutter.slug }}",
            "bom.txt": "\ufeff{{ cookiecutter.slug }}\n",
            "crlf.txt": "a\r\n{{ cookiecutter.slug }}\r\nb\r\n",
            "cr.txt": "a\r{{ cookiecutter.slug }}\rb",
            "crlf-plain.txt": "a\r\nb\r\n",
            "cr-plain.txt": "a\rb\r",
            "mixed.txt": "a\r\nb\nc\r{{ cookiecutter.slug }}\r\n",
            "mixed-plain.txt": "a\nb\r\nc\n",
            "mixed-crcrlf.txt": "a\rb\r\nc\r",
            "late.txt": "a\n" + "x\n" * 9000 + "b\r\nc\n",
            "unicode.txt": "ä {{ '€' }} \u2028 \x85 \x0c 𝄞\n",
            "comment.txt": "a{# gone #}b\n",
            "braces.txt": "{ { } } {a}\n",
        },
        {},
    ),
    "newlines": (
        {"slug": "shop", "_new_lines": "\r\n"},
        {"a.txt": "a\n{{ cookiecutter.slug }}\n", "b.txt": "b\r\nc\n", "c.png": b"\x89PNG\r\n\x1a\n\0\n", "d": "x"},
        {},
    ),
    "delimiters": (
        {
            "slug": "shop",
            "list": ["a", "b"],
            "_jinja2_env_vars": {
                "block_start_string": "<%",
                "block_end_string": "%>",
                "trim_blocks": True,
                "lstrip_blocks": True,
                "line_statement_prefix": "%%",
            },
        },
        {
            "a.txt": "<% if true %>\nyes {{ cookiecutter.slug }}\n  <% endif %>\n{% not a block %}\n",
            "b.txt": "%% for x in [1, 2]\n{{ x }}\n%% endfor\n",
        },
        {},
    ),
    "includes": (
        {"slug": "shop"},
        {
            "a.txt": "{% include 'b.txt' %}{% include 'shared.txt' %}{% include './sub/c.txt' %}",
            "b.txt": "b {{ cookiecutter.slug }}\n",
            "sub/c.txt": "{% extends 'base.txt' %}{% block body %}c{{ super() }}{% endblock %}",
            "m.txt": "{% from 'macros.txt' import m with context %}{{ m('x') }}",
        },
        {
            "templates/shared.txt": "shared {{ cookiecutter.slug }}\r\n",
            "templates/base.txt": "<{% block body %}base{% endblock %}>",
            "templates/macros.txt": "{% macro m(x) %}{{ x }}{{ cookiecutter.slug }}{% endmacro %}",
        },
    ),
    "time": (
        {"slug": "shop"},
        {
            "year.txt": "{% now 'utc', '%Y' %} {% now 'utc' + 'years=1', '%Y' %} {% now 'utc' - 'years=1', '%Y' %}",
            "random.txt": "{{ random_ascii_string(7)|length }} {{ uuid4()|length }}",
        },
        {},
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_feature_renders_to_the_same_bytes(
    name: str, tmp_path: Path, make_template: Callable[..., TemplateSource]
) -> None:
    variables, files, beside = TEMPLATES[name]
    source = make_template(variables, files, beside)
    if name == "bytes":
        (source.folder / "{{cookiecutter.slug}}/no-end").chmod(0o755)
        (source.folder / "{{cookiecutter.slug}}/data.bin").chmod(0o755)
    given = {"is_big": "yes", "license": "None"} if "is_big" in variables else {}
    theirs = by_cookiecutter(source.folder, tmp_path, given)
    for _ in range(2):  # the second time with kept code
        assert by_devkit(source, given) == theirs
