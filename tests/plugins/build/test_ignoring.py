from __future__ import annotations

import pytest
from devkit_build.ignoring import ignoring_text, read_ignoring

from devkit.api import DevkitError


@pytest.mark.parametrize(
    ("text", "path", "is_out"),
    [
        ("*.log", "a.log", True),
        ("*.log", "sub/a.log", False),
        ("**/*.log", "sub/deep/a.log", True),
        ("**/*.log", "a.log", True),
        ("**.log", "sub/a.log", True),
        ("**.lo?", "sub/.log", True),
        ("**.lo?", "a.log", False),
        ("*\n/!a", "a", False),
        ("a/b\n!a\n", "a/b/c", True),
        ("a\n!a\n", "a/b/c", False),
        ("a**b", "ax/b", True),
        ("/build/", "build/x/y", True),
        ("build", "rebuild", False),
        ("sub/**", "sub/deep/a", True),
        ("sub/*", "sub/deep/a", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[ab].txt", "b.txt", True),
        ("[^ab].txt", "c.txt", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("# *\n", "anything", False),
        ("*\n!src\n", "src/a.py", False),
        ("*\n!src\nsrc/secret\n", "src/secret", True),
        ("*.md\n!README.md\n", "README.md", False),
        ("  build  \n\n!\n", "build", True),
        ("./build", "build", True),
        ("a\u2028b\r\nc", "c", True),
        ("a\u2028b\r\nc", "b", False),
    ],
)
def test_the_last_pattern_that_matches_decides(text: str, path: str, *, is_out: bool) -> None:
    assert read_ignoring(text).leaves_out(path) is is_out


def test_a_folder_is_looked_into_when_something_in_it_may_be_taken_back() -> None:
    ignoring = read_ignoring("*\n!src/app\n")

    assert not ignoring.leaves_out_all("src")
    assert ignoring.leaves_out_all("node_modules")


def test_without_a_file_secrets_and_history_stay_out_all_the_same() -> None:
    for ignoring in (read_ignoring(None), read_ignoring(ignoring_text())):
        for path in (".env", ".env.production", "services/api/.env", ".git/config", ".devkit/state/x"):
            assert ignoring.leaves_out(path), path
        assert not ignoring.leaves_out(".env.example")
        assert not ignoring.leaves_out("src/app.py")


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(DevkitError, match=r"`\[z-a\]` is no pattern"):
        read_ignoring("ok\n[z-a]\n")
