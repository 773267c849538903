from __future__ import annotations

import pytest
from devkit_build.references import as_tag, parse_reference, parse_tag
from hypothesis import given
from hypothesis import strategies as st

from devkit.api import IMAGE_NAME_INVALID, DevkitError

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("shop", "", "shop", "", ""),
        ("acme/shop:1.0", "", "acme/shop", "1.0", ""),
        ("localhost/shop", "localhost", "shop", "", ""),
        ("localhost:5000/acme/shop:a_B.c-d", "localhost:5000", "acme/shop", "a_B.c-d", ""),
        ("registry.example.org/a/b/c", "registry.example.org", "a/b/c", "", ""),
        ("[::1]:5000/shop", "[::1]:5000", "shop", "", ""),
        (f"ghcr.io/acme/shop:1@{DIGEST}", "ghcr.io", "acme/shop", "1", DIGEST),
        ("a__b--c.d", "", "a__b--c.d", "", ""),
    ],
)
def test_a_reference_has_a_registry_a_repository_a_tag_and_a_digest(
    text: str, registry: str, repository: str, tag: str, digest: str
) -> None:
    reference = parse_reference(text)

    assert (reference.registry, reference.repository, reference.tag, reference.digest) == (
        registry,
        repository,
        tag,
        digest,
    )
    assert str(reference) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Shop",
        "--privileged",
        "-shop",
        "shop:",
        "shop:-tag",
        "shop:" + "t" * 129,
        "a//b",
        "/shop",
        "shop/",
        "a___b",
        "a..b",
        "shop@sha256:12",
        "shop name",
        "shop\n",
        "https://registry.example.org/shop",
        "localhost:port/shop",
        "é",
        "a/" * 130 + "a",
    ],
)
def test_what_is_no_reference_is_a_usage_error(text: str) -> None:
    with pytest.raises(DevkitError) as caught:
        parse_reference(text)

    assert caught.value.kind == IMAGE_NAME_INVALID
    assert caught.value.exit == 2


@pytest.mark.parametrize("text", ["--push", "a b", "", "a:b", "x" * 129])
def test_what_is_no_tag_is_a_usage_error(text: str) -> None:
    with pytest.raises(DevkitError) as caught:
        parse_tag(text)

    assert caught.value.kind == IMAGE_NAME_INVALID


def test_another_tag_leaves_the_digest_behind() -> None:
    assert str(parse_reference(f"shop:1@{DIGEST}").tagged("2")) == "shop:2"


@given(st.text(max_size=300))
def test_any_text_becomes_a_tag_or_nothing(text: str) -> None:
    tag = as_tag(text)

    assert tag == "" or parse_tag(tag) == tag
