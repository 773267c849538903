from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.engine.address import checked_ref, is_url, parse_address, without_credentials
from devkit.errors import USAGE, DevkitError


@pytest.mark.parametrize(
    ("location", "url", "ref", "shown"),
    [
        ("https://h/a/b.git", "https://h/a/b.git", "", "https://h/a/b.git"),
        ("https://h/a/b.git@v1.2", "https://h/a/b.git", "v1.2", "https://h/a/b.git@v1.2"),
        ("https://h/a/b@feature/x", "https://h/a/b", "feature/x", "https://h/a/b@feature/x"),
        ("https://h/@scope/b", "https://h/@scope/b", "", "https://h/@scope/b"),
        ("https://h/me@here/b.git", "https://h/me@here/b.git", "", "https://h/me@here/b.git"),
        ("https://me:pw@h/b@v1", "https://me:pw@h/b", "v1", "https://h/b@v1"),
        ("https://token@h/b", "https://token@h/b", "", "https://h/b"),
        ("git@h:a/b.git", "git@h:a/b.git", "", "git@h:a/b.git"),
        ("git@h:a/b.git@v1", "git@h:a/b.git", "v1", "git@h:a/b.git@v1"),
        ("ssh://git@h:22/a@main", "ssh://git@h:22/a", "main", "ssh://git@h:22/a@main"),
        ("ssh://me:pw@h/a", "ssh://me:pw@h/a", "", "ssh://me@h/a"),
        ("git+https://h/a", "https://h/a", "", "https://h/a"),
        ("HTTPS://h/a", "https://h/a", "", "https://h/a"),
        ("file:///srv/a.git@abc", "file:///srv/a.git", "abc", "file:///srv/a.git@abc"),
        ("gh:acme/t", "https://github.com/acme/t.git", "", "https://github.com/acme/t.git"),
        ("gh:acme/t@v2", "https://github.com/acme/t.git", "v2", "https://github.com/acme/t.git@v2"),
        ("gl:a/b/c", "https://gitlab.com/a/b/c.git", "", "https://gitlab.com/a/b/c.git"),
        ("bb:a/b", "https://bitbucket.org/a/b", "", "https://bitbucket.org/a/b"),
    ],
)
def test_an_address_is_taken_apart(location: str, url: str, ref: str, shown: str) -> None:
    address = parse_address(location)
    assert is_url(location)
    assert (address.url, address.ref, address.shown) == (url, ref, shown)


@pytest.mark.parametrize(
    "location",
    [
        "--upload-pack=touch owned", "-u", "ext::sh -c id", "ext::sh", "fd::17", "hg+https://h/a", "ftp://h/a",
        "rsync://h/a", "ext://h/a", "https://h/a@--upload-pack=x", "https://h/a@-x", "https://h/a@", "https://-h/a",
        "ssh://-oProxyCommand=id/a", "ssh://h/-oProxyCommand=id", "git@-oProxyCommand=id:a", "git@h:-x",
        "https://h", "https:///a", "https://h/a b", "https://h/a\nb", "gh:--x/y", "gh:x", "gh:x/../../y z",
        "https://h/a@a:b", "https://h/a@a..b", "https://h/a@x@{1}", "foo::bar", "https::https://h/a",
    ],
)  # fmt: skip
def test_what_git_could_take_for_something_else_is_refused(location: str) -> None:
    with pytest.raises(DevkitError) as caught:
        parse_address(location)
    assert (caught.value.kind, caught.value.exit) == (USAGE, 2)


@pytest.mark.parametrize("ref", ["-x", "--upload-pack=x", "a:b", "+a", "a b", "a\nb", "^a", "a..b", "HEAD@{1}", "/a"])
def test_a_revision_that_git_could_take_for_something_else_is_refused(ref: str) -> None:
    with pytest.raises(DevkitError) as caught:
        checked_ref(ref)
    assert caught.value.kind is USAGE


@pytest.mark.parametrize("ref", ["", "main", "v1.0", "feature/a-b_c", "0123abc", "release@2"])
def test_an_ordinary_revision_is_taken(ref: str) -> None:
    assert checked_ref(ref) == ref


@pytest.mark.parametrize("location", ["python-service", "./template", "/srv/t", "../a@b", "C:\\t", "a/b", ""])
def test_names_and_folders_are_no_urls(location: str) -> None:
    assert not is_url(location)


def test_credentials_are_taken_out_of_messages() -> None:
    text = "fatal: unable to access 'https://me:s3cret@h/a/': and ssh://git:pw@h/b"
    assert without_credentials(text) == "fatal: unable to access 'https://h/a/': and ssh://git@h/b"


@settings(max_examples=150)
@given(st.text(alphabet="-:/@.ghextfilpsuabc+ \n", max_size=24))
def test_no_address_that_passes_begins_like_an_option(location: str) -> None:
    with suppress(DevkitError):
        address = parse_address(location)
        assert not address.url.startswith("-")
        assert not address.ref.startswith("-")
        assert "::" not in address.url.partition("/")[0]
