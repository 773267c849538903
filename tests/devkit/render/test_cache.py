from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devkit.config.directories import cache_folder
from devkit.render.answers import resolve
from devkit.render.cache import Pack
from devkit.render.tree import RenderedFile, render_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.render.source import TemplateSource

    Make = Callable[..., TemplateSource]

VARIABLES = {"slug": "shop", "name": "{{ cookiecutter.slug|upper }}"}
FILES = {"{{ cookiecutter.slug }}.txt": "{{ cookiecutter.name }}", "b": "{% if true %}b{% endif %}", "c": "plain"}


def render(source: TemplateSource) -> tuple[RenderedFile, ...]:
    return render_tree(source, resolve(source, {}, None))


def packs() -> list[Path]:
    return sorted(Path(cache_folder(), "compiled").iterdir())


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled."""
    from jinja2 import Environment

    names: list[str] = []
    compile_ = Environment.compile

    def counted(self: Environment, source: str, name: str, filename: str) -> object:
        names.append(name)
        return compile_(self, source, name, filename)

    monkeypatch.setattr(Environment, "compile", counted)
    return names


def test_nothing_is_compiled_twice(make_template: Make, compilations: list[str]) -> None:
    source = make_template(VARIABLES, FILES)
    first = render(source)
    assert len(compilations) == 3  # a default, once for each pack, and a text; the others only name variables
    compilations.clear()
    before = [path.stat() for path in packs()]
    assert render(source) == first
    assert compilations == []
    assert [path.stat().st_mtime_ns for path in packs()] == [each.st_mtime_ns for each in before]


def test_only_what_changed_is_compiled_anew(make_template: Make, compilations: list[str]) -> None:
    render(make_template(VARIABLES, FILES))
    compilations.clear()
    files = {
        file.path: file.content
        for file in render(make_template(VARIABLES, {"b": "new {{ cookiecutter.slug|upper }}"}))
    }
    assert files["b"] == b"new SHOP"
    assert compilations == ["{{cookiecutter.slug}}/b"]


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "folder", "unreadable-length"])
def test_a_damaged_pack_is_made_anew(make_template: Make, damage: str) -> None:
    source = make_template(VARIABLES, FILES)
    expected = render(source)
    for path in packs():
        content = path.read_bytes()
        path.unlink()
        if damage == "folder":
            path.mkdir()
        else:
            kept = {"cut": content[:-5], "flip": content[:-9] + b"\xff" + content[-8:], "empty": b""}
            path.write_bytes(kept.get(damage, content[:40]))
    assert render(source) == expected
    assert render(source) == expected


def test_a_cache_that_cannot_be_written_is_done_without(make_template: Make, tmp_path: Path) -> None:
    source = make_template(VARIABLES, FILES)
    (tmp_path / "cache").write_text("in the way")
    assert {file.path for file in render(source)} == {"shop.txt", "b", "c"}


def test_packs_are_for_their_owner_alone(make_template: Make) -> None:
    render(make_template(VARIABLES, FILES))
    assert [path.stat().st_mode & 0o777 for path in packs()] == [0o600, 0o600]
    assert os.stat(Path(cache_folder(), "compiled")).st_mode & 0o777 == 0o700


def test_a_pack_fits_only_the_settings_it_was_made_under() -> None:
    for settings, made in (("a", "a"), ("a", "a"), ("b", "b"), ("a", "a")):
        pack = Pack("test", "x", settings)
        assert pack.code("n", "text", lambda made=made: compile(repr(made), "n", "eval")).co_consts[0] == made  # type: ignore[misc]
        pack.save()


def test_what_is_not_used_any_more_is_dropped() -> None:
    for names in (("a", "b"), ("b", "c"), ("a",)):
        pack = Pack("test", "x")
        verdicts = [pack.verdict(name, b"", lambda: True) for name in names]
        pack.save()
        assert all(verdicts)
    made: list[str] = []
    pack = Pack("test", "x")
    for name in ("a", "b", "c"):
        pack.verdict(name, b"", lambda name=name: not made.append(name))  # type: ignore[func-returns-value, misc]
    assert made == ["b", "c"]
