from __future__ import annotations

import pytest

from devkit.api import fits, lowest_version, node_range, pinned_range, semver_range


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("^1.2.3", ("1.2.3", "1.9.0"), ("1.2.2", "2.0.0")),
        ("^0.2.3", ("0.2.3", "0.2.9"), ("0.3.0",)),
        ("^0.0.3", ("0.0.3",), ("0.0.4",)),
        ("^20", ("20.0.0", "20.11.1"), ("21.0.0", "19.9.9")),
        ("~1.2.3", ("1.2.9",), ("1.3.0",)),
        ("~1", ("1.9.0",), ("2.0.0",)),
        ("20.x", ("20.11.0",), ("21.0.0",)),
        (">=18.17 <21", ("18.17.0", "20.9.0"), ("18.16.9", "21.0.0")),
        (">= 18.17, < 21", ("18.17.0",), ("21.0.0",)),
        ("^18.18 || >=20", ("18.20.0", "22.1.0"), ("18.17.0", "19.0.0")),
        ("18 - 20", ("18.0.0", "20.19.0"), ("17.9.9", "21.0.0")),
        ("1.2.3 - 2.3.4", ("2.3.4",), ("2.3.5",)),
        (">20", ("21.0.0",), ("20.9.0",)),
        ("<=20", ("20.9.0",), ("21.0.0",)),
        (">1.2.3", ("1.2.4",), ("1.2.3",)),
        ("v20.11.1", ("20.11.1",), ("20.11.0",)),
        ("=20", ("20.1.0",), ("21.0.0",)),
    ],
)
def test_a_range_of_npm_means_the_same_versions(text: str, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    wanted = semver_range(text)

    assert wanted is not None
    assert [version for version in (*right, *wrong) if fits(version, wanted)] == [*right]


@pytest.mark.parametrize("text", ["*", "", "x", "latest", ">=16 || *", "<=*", "^*"])
def test_any_version_does(text: str) -> None:
    assert semver_range(text) == ""


@pytest.mark.parametrize("text", ["file:../node", "next", "20 ||| 21", "https://example.com", ">=abc"])
def test_what_is_no_range_asks_for_nothing(text: str) -> None:
    assert semver_range(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("3.12", "==3.12.*"), ("3.12.4", "==3.12.4"), ("cpython-3.12", "==3.12.*"), ("system", ""), ("pypy3.10", None)],
)
def test_a_pin_names_a_release_or_a_line_of_them(text: str, wanted: str | None) -> None:
    assert pinned_range(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lts/iron", "==20.*"),
        ("lts/*", ""),
        ("node", ""),
        ("v20.11.1", "==20.11.1"),
        ("20", "==20.*"),
        ("lts/x", None),
    ],
)
def test_nvm_names_long_term_releases(text: str, wanted: str | None) -> None:
    assert node_range(text) == wanted


def test_an_installer_is_asked_for_where_a_range_begins() -> None:
    assert lowest_version(">=3.11,<4") == "3.11"
    assert lowest_version("<4") == ""
