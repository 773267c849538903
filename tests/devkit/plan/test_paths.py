from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.errors import BAD_PATH, COLLIDING_PATH, DevkitError, Place
from devkit.plan.paths import check_collisions, checked, problem_of


@pytest.mark.parametrize(
    "path", ["a", "README.md", "src/app/__init__.py", ".github/x.yml", ".gitignore", "a b", "ä/é"]
)
def test_an_ordinary_path_is_returned_as_it_is(path: str) -> None:
    assert checked(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "../a", "a/../b", "..", ".", "./a", "/etc/passwd", "\\a", "a\\..\\b", "C:/x", "c:x", "a/C:/b", "", "a//b",
        ".git/config", "sub/.git", ".GIT/hooks/x", ".git./x", ".git /x", "git~1/x", ".g\u200cit/x", ".git::$INDEX/x",
        "a/", "a\nb", "a\0", "\x1b[31m",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(DevkitError) as caught:
        checked(path)
    assert (caught.value.kind, caught.value.exit) == (BAD_PATH, 77)


@pytest.mark.parametrize(
    "path", ["CON", "aux.txt", "a/nul", "com1.log", "LPT9", "name.", "name ", "a?b", "ab:c", "a\u202eb", "x" * 256]
)
def test_a_name_that_other_systems_do_not_take_is_refused(path: str) -> None:
    with pytest.raises(DevkitError) as caught:
        checked(path)
    assert (caught.value.kind, caught.value.exit) == (COLLIDING_PATH, 65)


def test_the_place_where_the_path_was_given_is_named() -> None:
    place = Place(path="template/x")
    with pytest.raises(DevkitError, match=r"'\.\./x' has the part `\.\.`") as caught:
        checked("../x", place)
    assert caught.value.place == place


@pytest.mark.parametrize(
    "paths",
    [
        ("README", "readme"),
        ("Docs/a", "docs/b"),
        (unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")),
        ("straße", "STRASSE"),
        ("a", "a/b"),
        ("A/b", "a"),
    ],
)
def test_names_that_are_one_elsewhere_collide(paths: tuple[str, str]) -> None:
    for order in (paths, paths[::-1]):
        with pytest.raises(DevkitError) as caught:
            check_collisions(order)
        assert caught.value.kind is COLLIDING_PATH
        assert all(ascii(path)[1:-1] in ascii(caught.value.message) for path in paths if "/" not in path)


def test_files_of_one_folder_do_not_collide() -> None:
    check_collisions(["a/b", "a/c", "a/d/e", "b", "src/app.py", "src/app/x.py"])


@settings(max_examples=150)
@given(st.text(alphabet="./\\:aA~ \u200b\0gitGIT", max_size=12))
def test_no_path_that_passes_has_a_part_that_leads_up_or_out(path: str) -> None:
    if problem_of(path) is None:
        parts = path.split("/")
        assert not path.startswith("/")
        assert not {"", ".", "..", ".git"} & {part.lower() for part in parts}
        assert "\\" not in path
