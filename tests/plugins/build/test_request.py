from __future__ import annotations

import pytest
from devkit_build.choice import Choice, read_choice
from devkit_build.request import Request, chosen, request_from

from devkit.api import IMAGE_NAME_INVALID, USAGE, DevkitError

CHOICE = Choice(
    tags=("mine", "other"),
    platforms=("linux/amd64,linux/arm64",),
    arguments=("A=b c", "B"),
    secrets=("id=npm,env=NPM_TOKEN",),
    builder="far",
    cache_from=("type=local,src=cache",),
    cache_to=("type=local,dest=cache",),
    is_fresh=True,
)


def test_a_choice_survives_as_the_arguments_of_a_task() -> None:
    assert read_choice(CHOICE.words()) == CHOICE
    assert read_choice(()) == Choice()


@pytest.mark.parametrize("word", ["--bogus", "--help", "more", "--builder"])
def test_what_is_no_choice_is_usage(word: str) -> None:
    with pytest.raises(DevkitError) as raised:
        read_choice((word,))
    assert raised.value.kind is USAGE


def test_the_command_line_adds_to_the_settings_or_takes_their_place() -> None:
    request = request_from(
        {
            "name": "shop",
            "title": "shop",
            "policy": ["commit"],
            "platforms": ["linux/s390x"],
            "arguments": {"A": "1", "C": "3"},
            "secrets": ["id=npm,src=~/.npmrc", "id=ca,src=ca.pem"],
            "builder": "near",
        }
    )

    made = chosen(request, CHOICE, {"B": "two"})

    assert made.platforms == ("linux/amd64", "linux/arm64")
    assert made.arguments == {"A": "b c", "B": "two", "C": "3"}
    assert [secret.specification for secret in made.secrets] == ["id=npm,env=NPM_TOKEN", "id=ca,src=ca.pem"]
    assert (made.builder, made.is_fresh, made.is_loadable) == ("far", True, False)


@pytest.mark.parametrize(
    ("environ", "choice", "file"),
    [
        ({}, Choice(), "/etc/ssl/certs/ca-certificates.crt"),
        ({"SSL_CERT_FILE": "/srv/ca.pem"}, Choice(), "/srv/ca.pem"),
        ({"SSL_CERT_FILE": "/srv/ca.pem"}, Choice(secrets=("id=ca,src=mine.pem",)), "mine.pem"),
    ],
)
def test_the_authorities_are_those_of_this_machine_unless_others_are_named(
    environ: dict[str, str], choice: Choice, file: str
) -> None:
    request = Request(name="shop", title="shop", has_authorities=True)

    assert [secret.specification for secret in chosen(request, choice, environ).secrets] == [f"id=ca,src={file}"]
    assert chosen(Request(name="shop", title="shop"), Choice(), environ).secrets == ()


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("--privileged", Choice()),
        ("Shop", Choice()),
        ("shop", Choice(tags=("--push",))),
        ("shop", Choice(platforms=("--push",))),
        ("shop", Choice(builder="--push")),
    ],
)
def test_what_looks_like_an_option_is_refused(name: str, choice: Choice) -> None:
    with pytest.raises(DevkitError) as caught:
        chosen(Request(name=name, title="shop"), choice, {})

    assert caught.value.exit == 2
    assert caught.value.kind == IMAGE_NAME_INVALID


def test_the_options_tell_builds_apart_but_never_hold_a_secret() -> None:
    one = Request(
        name="shop",
        title="shop",
        arguments={"A": "1"},
        secrets=request_from({"name": "shop", "title": "shop", "secrets": ["id=npm,env=NPM_TOKEN"]}).secrets,
    )
    two = Request(name="shop", title="shop", arguments={"A": "2"})

    assert one.options() != two.options()
    assert "secret npm" in one.options()
