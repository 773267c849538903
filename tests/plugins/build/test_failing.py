from __future__ import annotations

from collections import deque

import pytest
from devkit_build.dockerfile import HEADER
from devkit_build.failing import build_error
from devkit_build.steps import Step

from devkit.api import (
    BUILD_DISK_FULL,
    BUILD_FAILED,
    BUILDER_MISSING,
    DOCKERFILE_INVALID,
    ENGINE_DENIED,
    NO_ENGINE,
    REGISTRY_REFUSED,
    REGISTRY_UNAVAILABLE,
    DevkitError,
    Kind,
)

DOCKERFILE = "FROM base\nWORKDIR /app\nRUN make \\\n    all\n"
SNIPPET = [
    "Dockerfile:3",
    "--------------------",
    "   2 |     WORKDIR /app",
    "   3 | >>> RUN make \\",
    "   4 | >>>     all",
    "--------------------",
]


def error(*words: str, step: Step | None = None) -> DevkitError:
    return build_error("Dockerfile", words, step, DOCKERFILE)


def failed_step(*output: str) -> Step:
    reason = 'process "/bin/sh -c make all" did not complete successfully: exit code: 2'
    return Step(name="[3/3] RUN make     all", failure=reason, output=deque(output))


def test_a_failing_step_is_named_with_its_code_its_line_and_its_last_words() -> None:
    found = error(
        *SNIPPET,
        'ERROR: failed to solve: process "/bin/sh -c make all" did not complete successfully: exit code: 2',
        step=failed_step("compiling", "make: *** no rule", ""),
    )

    assert found.kind == BUILD_FAILED
    assert found.message == "`RUN make all` ended with exit code 2"
    assert (str(found.place), found.place and found.place.text) == ("Dockerfile:3", "RUN make \\")
    assert found.help == "it said last: make: *** no rule"


def test_the_line_of_a_step_is_found_without_the_builders_mark() -> None:
    assert str(error("ERROR: process failed: exit code: 2", step=failed_step()).place) == "Dockerfile:3"


def test_a_failing_step_is_the_projects_own_whatever_it_printed() -> None:
    step = failed_step("curl: (7) Failed to connect: connection refused", "401 unauthorized")

    assert error("ERROR: failed to solve: exit code: 2", step=step).kind == BUILD_FAILED


@pytest.mark.parametrize(
    "line",
    [
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))",
        "npm error code SELF_SIGNED_CERT_IN_CHAIN",
        "npm error self-signed certificate in certificate chain",
        "npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "  Caused by: invalid peer certificate: UnknownIssuer",
    ],
)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DOCKERFILE, "--secret id=ca,src=FILE, and in the Dockerfile: RUN --mount=type=secret,id=ca"),
        (
            f"{HEADER}\n{DOCKERFILE}",
            "devkit config set build.custom-ca true; devkit apply; devkit build",
        ),
        (f"{HEADER}\n{DOCKERFILE}RUN --mount=type=secret,id=ca,required=true x", "in the secret `ca`"),
    ],
)
def test_an_authority_that_a_step_does_not_know_has_a_way_out(line: str, text: str, said: str) -> None:
    step = failed_step(line, "error: could not fetch")

    found = build_error("Dockerfile", ["ERROR: failed to solve: exit code: 1"], step, text)

    assert found.kind == BUILD_FAILED
    assert said in found.help


def test_an_authority_that_the_engine_does_not_know_is_the_engines() -> None:
    words = (
        "ERROR: failed to do request: Head x: tls: failed to verify certificate: x509: certificate signed by unknown"
    )

    assert "certs.d" in error(words).help


def test_a_full_disk_is_told_even_by_the_output_of_a_step() -> None:
    step = failed_step("cp: error writing 'x': No space left on device")

    assert error("ERROR: failed to solve: exit code: 1", step=step).kind == BUILD_DISK_FULL


@pytest.mark.parametrize(
    ("words", "kind", "place"),
    [
        (
            "ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: WORKDIRR",
            DOCKERFILE_INVALID,
            "Dockerfile:2",
        ),
        (
            "ERROR: failed to build: Dockerfile parse error line 3: unknown flag: moun",
            DOCKERFILE_INVALID,
            "Dockerfile:3",
        ),
        ("ERROR: failed to solve: file with no instructions", DOCKERFILE_INVALID, "None"),
        ("ERROR: write /var/lib: no space left on device", BUILD_DISK_FULL, "None"),
        ("ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", NO_ENGINE, "None"),
        (
            "ERROR: permission denied while trying to connect to the Docker daemon socket at unix:///x",
            ENGINE_DENIED,
            "None",
        ),
        ('ERROR: no builder "far" found', BUILDER_MISSING, "None"),
        ("ERROR: Multi-platform build is not supported for the docker driver.", BUILDER_MISSING, "None"),
        (
            (
                "ERROR: failed to solve: base: failed to resolve source metadata for docker.io/library/base:1: "
                "failed to do request: Head x: dial tcp: lookup registry-1.docker.io: no such host"
            ),
            REGISTRY_UNAVAILABLE,
            "Dockerfile:1",
        ),
        (
            (
                "ERROR: failed to solve: acme/base: pull access denied, repository does not exist or may require "
                "authorization: server message: insufficient_scope: authorization failed"
            ),
            REGISTRY_REFUSED,
            "None",
        ),
        (
            (
                "ERROR: failed to solve: rpc error: code = Unknown desc = failed to solve with frontend "
                "dockerfile.v0: failed to create LLB definition: base: failed to do request: connection refused"
            ),
            REGISTRY_UNAVAILABLE,
            "Dockerfile:1",
        ),
        ("ERROR: no FROM statement found", DOCKERFILE_INVALID, "None"),
        ("ERROR: COPY --from=x: no stage or image found with that name", DOCKERFILE_INVALID, "None"),
        ('ERROR: The target "x" was not found in the provided Dockerfile', DOCKERFILE_INVALID, "None"),
        ('ERROR: no contents in "/var/tmp/libpod_builder1/build/Dockerfile"', DOCKERFILE_INVALID, "None"),
        ("ERROR: something else", BUILD_FAILED, "None"),
        ("", BUILD_FAILED, "None"),
    ],
)
def test_the_builders_words_give_the_kind(words: str, kind: Kind, place: str) -> None:
    found = error(words)

    assert found.kind == kind
    assert str(found.place) == place


def test_a_base_image_is_known_by_the_address_that_it_would_come_from() -> None:
    words = (
        'ERROR: failed to do request: Head "http://127.0.0.1:1/v2/none/manifests/1": dial tcp 127.0.0.1:1: refused'
    )
    text = "FROM base AS first\nRUN make\nFROM 127.0.0.1:1/none:1\n"

    assert str(build_error("Dockerfile", [words], None, text).place) == "Dockerfile:3"


def test_the_reason_is_told_without_the_phrases_around_it() -> None:
    words = "ERROR: failed to solve: rpc error: code = Unknown desc = failed to create LLB definition: no such stage"

    assert error(words).message == "no such stage"


def test_a_failing_step_of_podman_is_named_with_its_code_and_its_line() -> None:
    reason = 'building at STEP "RUN make all": while running runtime: exit status 2'
    step = Step(name="[1/2 3/3] RUN make     all", failure=reason, output=deque(["no rule"]))

    found = error(f"ERROR: {reason}", step=step)

    assert (found.message, str(found.place)) == ("`RUN make all` ended with exit code 2", "Dockerfile:3")


def test_an_instruction_that_podman_does_not_know_is_told_in_words() -> None:
    reason = (
        'building at STEP "WORKDIR ": Build error: Unknown instruction: "WORKDIR" '
        '&imagebuilder.Step{Env:[]string{"PATH=/bin"}, Original:"WORKDIR /app"}'
    )

    found = error(f"ERROR: {reason}", step=Step(name="[2/3] WORKDIR /app", failure=reason))

    assert (found.kind, found.message) == (DOCKERFILE_INVALID, 'Unknown instruction: "WORKDIR"')
    assert str(found.place) == "Dockerfile:2"


def test_the_base_image_that_cannot_be_fetched_is_shown_where_it_is_named() -> None:
    step = Step(name="[1/3] FROM base", failure="failed to resolve source metadata")
    words = ["Dockerfile:1", "-----", "   1 | >>> FROM base", "-----", "ERROR: failed to solve: dial tcp: refused"]

    assert str(error(*words, step=step).place) == "Dockerfile:1"
