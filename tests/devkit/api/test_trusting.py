from __future__ import annotations

import pytest

from devkit.api import way_to_trust

WORDS = """\
fatal: detected dubious ownership in repository at '/srv/shop'
To add an exception for this directory, call:

\tgit config --global --add safe.directory /srv/shop
"""


@pytest.mark.parametrize(
    ("said", "way"),
    [
        (WORDS, "git config --global --add safe.directory /srv/shop"),
        ("fatal: not a git repository (or any of the parent directories): .git\n", ""),
        ("", ""),
    ],
)
def test_the_way_is_what_git_itself_says(said: str, way: str) -> None:
    assert way_to_trust(said) == way
