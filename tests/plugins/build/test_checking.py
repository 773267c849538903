from __future__ import annotations

import pytest
from devkit_build.checking import user_problem, written_outside


@pytest.mark.parametrize(
    ("user", "problem"),
    [
        ("10001:10001", ""),
        ("10001", ""),
        ("", "runs as root"),
        ("0", "runs as root"),
        ("root:root", "runs as root"),
        ("00:1", "runs as root"),
        ("node", "runs as `node`, and only a number can be told from root"),
    ],
)
def test_an_image_runs_as_a_number_that_is_not_roots(user: str, problem: str) -> None:
    assert user_problem(user) == problem


def test_what_was_written_outside_is_named_without_the_folders_above_it() -> None:
    changes = [
        {"Path": "/tmp", "Kind": 0},
        {"Path": "/tmp/cache", "Kind": 1},
        {"Path": "/app", "Kind": 0},
        {"Path": "/app/data", "Kind": 0},
        {"Path": "/app/data/db.sqlite", "Kind": 1},
        {"Path": "/var", "Kind": 0},
        {"Path": "/var/lib", "Kind": 0},
        {"Path": "/var/lib/volume", "Kind": 0},
        {"Path": "/var/lib/volume/x", "Kind": 1},
    ]

    assert written_outside(changes, ["/tmp", "/var/lib/volume/"]) == ["/app/data/db.sqlite"]
    assert written_outside([], ["/tmp"]) == []
