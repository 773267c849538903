from __future__ import annotations

import pytest
from devkit_build.references import parse_tag
from devkit_build.revision import Revision
from devkit_build.tags import tags_for
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONTENT = "fedcba98765432100"
CLEAN = Revision(commit=COMMIT, branch="feature/Größe", tags=("v1.2.0",), time=1, is_dirty=False)


ALL = ("commit", "version", "branch", "latest")


def test_a_clean_commit_is_named_by_commit_version_branch_and_latest() -> None:
    assert tags_for(CLEAN, CONTENT, ALL) == ("0123456789ab", "1.2.0", "feature-Gr-e", "latest")


def test_the_policy_leaves_out_what_it_does_not_name() -> None:
    assert tags_for(CLEAN, CONTENT, ("commit",)) == ("0123456789ab",)


def test_what_was_not_committed_gets_a_tag_of_its_own_only() -> None:
    assert tags_for(replace(CLEAN, is_dirty=True), CONTENT, ALL) == ("0123456789ab-dirty-fedcba987654",)


def test_without_a_commit_the_content_names_the_image() -> None:
    assert tags_for(Revision(), CONTENT, ALL) == ("unversioned-fedcba987654",)


@pytest.mark.parametrize(
    ("tags", "is_latest"), [((), True), (("stable",), True), (("v1.2.0",), True), (("v1.2.0-rc.1",), False)]
)
def test_latest_is_not_moved_to_a_prerelease(tags: tuple[str, ...], *, is_latest: bool) -> None:
    assert ("latest" in tags_for(replace(CLEAN, tags=tags), CONTENT, ALL)) is is_latest


def test_further_tags_are_added_once() -> None:
    assert tags_for(CLEAN, CONTENT, ALL, further=("1.2.0", "mine")).count("1.2.0") == 1
    assert "mine" in tags_for(replace(CLEAN, is_dirty=True), CONTENT, ALL, further=("mine",))


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_tag_is_one_whatever_git_calls_things(branch: str, tag: str) -> None:
    revision = replace(CLEAN, branch=branch, tags=(tag, f"v1.0-{tag}"))

    for name in tags_for(revision, CONTENT, ALL):
        assert parse_tag(name) == name
