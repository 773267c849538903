from __future__ import annotations

import pytest
from devkit_build.labels import labels_for, source_date_epoch
from devkit_build.revision import Revision
from msgspec.structs import replace

CLEAN = Revision(commit="abc", branch="main", time=86400, is_dirty=False)


def labels(revision: Revision = CLEAN, epoch: int | None = 86400) -> dict[str, str]:
    return labels_for(
        revision, epoch=epoch, version="1.0", source="https://git.example.org/shop", title="shop", content="f00"
    )


def test_the_labels_are_those_of_the_specification() -> None:
    assert labels() == {
        "org.opencontainers.image.created": "1970-01-02T00:00:00Z",
        "org.opencontainers.image.revision": "abc",
        "org.opencontainers.image.source": "https://git.example.org/shop",
        "org.opencontainers.image.title": "shop",
        "org.opencontainers.image.version": "1.0",
        "dev.devkit.content": "f00",
    }


def test_what_was_not_committed_says_so() -> None:
    assert labels(replace(CLEAN, is_dirty=True))["org.opencontainers.image.revision"] == "abc-dirty"


def test_what_is_not_known_is_left_out() -> None:
    assert "org.opencontainers.image.created" not in labels(epoch=None)
    assert "org.opencontainers.image.revision" not in labels(Revision())


@pytest.mark.parametrize(
    ("given", "expected"), [("5", 5), ("", 86400), ("soon", 86400), ("-1", 86400), ("9" * 40, 86400)]
)
def test_the_time_of_a_build_is_given_or_that_of_the_commit(given: str, expected: int) -> None:
    assert source_date_epoch({"SOURCE_DATE_EPOCH": given}, CLEAN) == expected
    assert source_date_epoch({}, Revision()) is None
