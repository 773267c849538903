from __future__ import annotations

from devkit_build.dockerfile import Source, labels, quoted, step
from devkit_build.settings import BuildSettings

SOURCE = Source(cache="/cache", secrets=(("npmrc", "/root/.npmrc"),), authority="CA_FILE")


def test_a_step_mounts_cache_files_and_secrets() -> None:
    assert step("install", SOURCE, BuildSettings(), ["lock"]).splitlines() == [
        "RUN --mount=type=cache,target=/cache \\",
        "    --mount=type=bind,source=lock,target=lock \\",
        "    --mount=type=secret,id=npmrc,target=/root/.npmrc \\",
        "    install",
    ]


def test_an_authority_of_ones_own_is_a_secret_that_every_command_of_the_step_sees() -> None:
    text = step("one && two", SOURCE, BuildSettings(custom_ca=True))

    assert "--mount=type=secret,id=ca,required=true" in text
    assert text.endswith("export CA_FILE=/run/secrets/ca \\\n    && one && two")


def test_without_buildkit_nothing_is_mounted() -> None:
    text = step("install", SOURCE, BuildSettings(buildkit=False, custom_ca=True), ["lock"])

    assert text == "COPY lock ./\nRUN install"


def test_text_of_the_users_is_one_word_in_which_nothing_is_filled_in() -> None:
    assert quoted('a "b" $c \\d\nLABEL x') == '"a \\"b\\" \\$c \\\\d LABEL x"'
    assert labels("a$b", {"z": "1", "a": "2"}).splitlines()[-2:] == ['    "a"="2" \\', '    "z"="1"']
