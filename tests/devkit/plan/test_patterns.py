from __future__ import annotations

import pytest

from devkit.plan.patterns import Patterns, is_below


@pytest.mark.parametrize(
    ("pattern", "path", "is_meant"),
    [
        ("src/**", "src/a.py", True),
        ("src/**", "src/a/b/c.py", True),
        ("src/**", "srca/b.py", False),
        ("src/**/*.py", "src/a.py", True),
        ("src/**/*.py", "src/a/b.py", True),
        ("src/**/*.py", "src/a/b.txt", False),
        ("*.py", "a.py", True),
        ("*.py", "a/b.py", False),
        ("src", "src/a/b", True),
        ("src/", "src/a/b", True),
        ("./src/a.py", "src/a.py", True),
        ("**", "a/b", True),
        (".", "a/b", True),
        ("src/?.py", "src/a.py", True),
        ("src/[ab].py", "src/b.py", True),
        ("src/[!ab].py", "src/b.py", False),
        ("a[1.py", "a[1.py", True),
        ("[z-a]", "[z-a]", True),
        ("src/**", "src/.hidden", False),
        ("src/**", "src/.cache/a", False),
        ("src/.cache/**", "src/.cache/a", True),
        ("src/**", "src/__pycache__/a.pyc", False),
        ("node_modules/a/*.json", "node_modules/a/package.json", True),
        ("src/*", "src/a/b", False),
        ("a+b(c).txt", "a+b(c).txt", True),
        ("ä/**", "ä/ö\n.py", True),
    ],
)
def test_a_pattern_means_the_paths_that_people_expect(pattern: str, path: str, *, is_meant: bool) -> None:
    assert Patterns([pattern]).matches(path) is is_meant


def test_an_exclamation_mark_takes_away_wherever_it_stands() -> None:
    patterns = Patterns(["!src/gen/**", "src/**"])

    assert patterns.matches("src/a.py")
    assert not patterns.matches("src/gen/a.py")


def test_patterns_that_fit_nothing_are_told() -> None:
    assert Patterns(["a/*", "b/*", "!c"]).unmatched(["a/1", "c"]) == ("b/*",)


def test_a_prefix_ends_at_the_first_wildcard() -> None:
    assert Patterns(["a/b/*.py", "**/c", "d/e"]).prefixes == ("a/b", "", "d/e")


def test_everything_is_below_the_root() -> None:
    assert is_below("a", "")
    assert is_below("a/b", "a")
    assert not is_below("ab", "a")
