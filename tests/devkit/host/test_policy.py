from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.api import DevkitError
from devkit.host.policy import matches, policy_prefixes

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "https://git.example.com/acme/"


@pytest.mark.parametrize(
    "url", ["https://git.example.com/acme/a", "https://git.example.com/acme/a/b.git", "https://git.example.com/acme"]
)
def test_a_url_below_the_prefix_is_covered(url: str) -> None:
    assert matches(url, PREFIX)
    assert matches(url, PREFIX.rstrip("/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/acme-evil/a",
        "https://git.example.com/",
        "https://git.example.com.evil.com/acme/a",
        "https://git.example.com@evil.com/acme/a",
        "https://user@git.example.com/acme/a",
        "https://git.example.com:8443/acme/a",
        "https://evil.com/https://git.example.com/acme/a",
        "http://git.example.com/acme/a",
        "git@git.example.com:acme/a",
        "ssh://git.example.com/acme/a",
        "https://git.example.com/acme/../evil/a",
        "https://git.example.com/acme/%2e%2e/evil",
        "https://git.example.com/acme\\..\\evil",
        "https://git.example.com/acme/\u202ea",
        "https://[git.example.com/acme/a",
        "/acme/a",
        "",
    ],
)
def test_any_other_url_is_not(url: str) -> None:
    assert not matches(url, PREFIX)


@pytest.mark.parametrize("prefix", ["", "/", "https:", "https://", "git.example.com/acme/"])
def test_a_prefix_without_scheme_and_host_covers_nothing(prefix: str) -> None:
    assert not matches("https://git.example.com/acme/a", prefix)


def test_prefixes_come_from_the_named_files(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[trust]\nprefixes = ["{PREFIX}"]\n', "utf-8")
    assert policy_prefixes([str(tmp_path / "absent.toml"), str(file)]) == (PREFIX,)


def test_the_users_file_is_one_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "devkit").mkdir()
    (tmp_path / "devkit" / "config.toml").write_text(f'[trust]\nprefixes = ["{PREFIX}"]\n', "utf-8")
    assert PREFIX in policy_prefixes()


@pytest.mark.parametrize(
    "text", ["[trust", "[trust]\nprefixes = 'https://a/'", "trust = 1", "[trust]\nprefixes = [1]"]
)
def test_a_file_that_cannot_be_read_is_an_error_and_grants_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(DevkitError) as caught:
        policy_prefixes([str(file)])
    assert caught.value.exit == 78
    assert caught.value.place is not None
