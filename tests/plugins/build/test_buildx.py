from __future__ import annotations

import pytest
from devkit_build.buildx import command
from devkit_build.recipe import Recipe
from devkit_build.request import Request
from devkit_build.secrets import Secret

REQUEST = Request(
    name="shop",
    title="shop",
    target="app",
    platforms=("linux/amd64", "linux/arm64"),
    arguments={"A": "b c"},
    secrets=(Secret(id="npm", variable="NPM_TOKEN"),),
    builder="far",
    cache_from=("type=gha",),
    cache_to=("type=gha,mode=max",),
    is_fresh=True,
)


def recipe(request: Request = REQUEST, epoch: int | None = 5) -> Recipe:
    return Recipe(request=request, references=("shop:a", "shop:b"), labels={"l": "v"}, epoch=epoch)


def test_every_option_is_one_word_and_a_secret_is_only_named() -> None:
    argv = command(recipe(), "docker-container", output="push", dockerfile="Dockerfile")

    assert argv[:3] == ["docker", "buildx", "build"]
    assert argv[-2:] == ["--", "."]
    for word in (
        "--builder=far",
        "--target=app",
        "--platform=linux/amd64,linux/arm64",
        "--no-cache",
        "--tag=shop:a",
        "--tag=shop:b",
        "--label=l=v",
        "--build-arg=A=b c",
        "--build-arg=SOURCE_DATE_EPOCH=5",
        "--secret=id=npm,env=NPM_TOKEN",
        "--cache-from=type=gha",
        "--cache-to=type=gha,mode=max",
        "--output=type=image,push=true,rewrite-timestamp=true",
    ):
        assert word in argv


@pytest.mark.parametrize(
    ("driver", "epoch", "output", "word"),
    [
        ("docker", 5, "load", "--output=type=docker"),
        ("kubernetes", 5, "load", "--output=type=docker,rewrite-timestamp=true"),
        ("remote", None, "load", "--output=type=docker"),
        ("docker", 5, "cache", "--output=type=cacheonly"),
    ],
)
def test_files_are_dated_by_builders_that_can(driver: str, epoch: int | None, output: str, word: str) -> None:
    assert word in command(recipe(epoch=epoch), driver, output=output, dockerfile="Dockerfile")


def test_what_was_not_asked_for_is_not_there() -> None:
    argv = command(recipe(Request(name="shop", title="shop"), None), "docker", output="load", dockerfile="Dockerfile")

    assert not any(
        word.startswith(("--builder", "--platform", "--build-arg", "--secret", "--no-cache")) for word in argv
    )
