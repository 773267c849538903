"""Why a build failed: the builder's own words as an error with its kind, its place in the Dockerfile, and a help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

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
    Place,
)
from devkit_build.dockerfile import HEADER
from devkit_build.steps import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import Kind
    from devkit_build.steps import Step

_SNIPPET_PLACE = re.compile(r"(?P<file>\S+):(?P<line>\d+)")
_SNIPPET_LINE = re.compile(r"\s*(?P<line>\d+) \| >>> ?(?P<text>.*)")
_PARSE_LINE = re.compile(
    r"(?:dockerfile parse error on|parse error|Dockerfile parse error) line (\d+)", re.IGNORECASE
)
_PREFIX = re.compile(
    r"(?:error: *|rpc error: code = \w+ desc = |failed to (?:solve|build)(?: with frontend \S+)?: *"
    r"|failed to create LLB definition: *|building at STEP \".*?\": |build error: )+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r" &imagebuilder\.Step\{.*")
"""What podman adds for its own developers."""
_BASE = re.compile(
    r"\s*FROM\s+(?:--\S+\s+)*(?P<image>\S+)|\s*(?:COPY|ADD|RUN)\s.*?\bfrom=(?P<other>[^\s,]+)", re.IGNORECASE
)
_SHOWN_OUTPUT = 20


class _Cause(Struct, frozen=True):
    """A kind of failure, the words that tell it, and what helps."""

    kind: Kind
    words: re.Pattern[str]
    help: str


def _cause(kind: Kind, words: str, help_text: str) -> _Cause:
    return _Cause(kind, re.compile(words, re.IGNORECASE), help_text)


_UNTRUSTED = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|self[- ]signed certificate|SELF_SIGNED_CERT|unable.to.get(?:.local)?.issuer.cert"
    r"|UNABLE_TO_VERIFY_LEAF|invalid peer certificate|x509: certificate|server certificate verification failed",
    re.IGNORECASE,
)
"""How Python, pip, npm, uv, git and others say that they do not know who signed a certificate."""
_CAUSES = (
    _cause(
        BUILD_DISK_FULL,
        r"no space left on device|disk quota exceeded",
        "make room: docker system df; docker builder prune",
    ),
    _cause(
        ENGINE_DENIED,
        r"permission denied while trying to connect|dial unix .*permission denied",
        "sudo usermod -aG docker $USER, then log in again",
    ),
    _cause(
        NO_ENGINE,
        r"cannot connect to the docker daemon|error during connect|is the docker daemon running",
        "start the engine: sudo systemctl start docker",
    ),
    _cause(
        BUILDER_MISSING,
        r"no builder \S+ found|failed to find driver|no valid drivers found|not supported for the docker driver",
        "docker buildx ls names the builders; docker buildx create --use makes one that can do everything",
    ),
    _cause(
        DOCKERFILE_INVALID,
        r"dockerfile parse error|unknown instruction|invalid reference format|unknown flag|no build stage"
        r"|circular dependency|should not be blank|failed to parse (?:stage|platform)|duplicate name"
        r"|requires (?:exactly|at least)|file with no instructions|dockerfile cannot be empty|syntax error - "
        r"|stage name .* not found|failed to process|no FROM statement found|no stage or image found"
        r"|not found in the provided Dockerfile|no contents in",
        "docs.docker.com/reference/dockerfile says what each instruction takes",
    ),
    _cause(
        REGISTRY_REFUSED,
        r"pull access denied|authorization failed|insufficient_scope|unauthorized|authentication required"
        r"|403 forbidden|denied: ",
        "docker login REGISTRY, or mend the name",
    ),
    _cause(
        REGISTRY_UNAVAILABLE,
        r"x509: certificate",
        "the engine has to know who signed it: /etc/docker/certs.d/REGISTRY/ca.crt",
    ),
    _cause(
        REGISTRY_UNAVAILABLE,
        r"failed to resolve source metadata|failed to do request|dial tcp|i/o timeout|tls handshake|no such host"
        r"|connection refused|connection reset|toomanyrequests|failed to fetch|manifest unknown"
        r"|failed to resolve reference",
        "see that the registry answers, or set `mirrors`",
    ),
)


def build_error(dockerfile: str, words: Sequence[str], step: Step | None, text: str | None) -> DevkitError:
    """Return the error of a failed build.

    `words` is what the builder printed beside its events, `step` the one that failed, `text` the Dockerfile.
    """
    whole = "\n".join(words)
    reason = _reason(words) or (step.failure if step else "") or "the builder gave no reason"
    place = _place(dockerfile, whole, step, text)
    output = tuple(step.output)[-_SHOWN_OUTPUT:] if step else ()
    if step is not None and step.instruction.startswith("RUN") and not _is_full(whole, output):
        return _failed_step(step, reason, place, _untrusted_help(output, text or "") or _help(output))
    cause = next((each for each in _CAUSES if each.words.search("\n".join((whole, reason, *output)))), None)
    if cause is None:
        return DevkitError(BUILD_FAILED, reason, place=place, help=_help(output))
    is_about_file = cause.kind in {DOCKERFILE_INVALID, REGISTRY_REFUSED, REGISTRY_UNAVAILABLE}
    return DevkitError(cause.kind, reason, place=place if is_about_file else None, help=cause.help)


def _failed_step(step: Step, reason: str, place: Place | None, help_text: str) -> DevkitError:
    code = re.search(r"(?:exit code:|returned a non-zero code:|exit status) (\d+)", reason)
    number = code[1] if code else ""
    ending = f" ended with exit code {number}" if number else f" failed: {reason}"
    return DevkitError(BUILD_FAILED, f"`{shortened(step.instruction)}`{ending}", place=place, help=help_text)


def _untrusted_help(output: Sequence[str], text: str) -> str:
    """Return what helps where a step does not know who signed a certificate, empty where that is not why."""
    if not any(_UNTRUSTED.search(line) for line in output):
        return ""
    if "id=ca," in text:
        return "the authority that signed the certificate is not in the secret `ca`: --secret id=ca,src=FILE"
    if text.startswith(HEADER):
        return (
            "devkit config set build.custom-ca true; devkit apply; devkit build, --secret id=ca,src=FILE if need be"
        )
    return "--secret id=ca,src=FILE, and in the Dockerfile: RUN --mount=type=secret,id=ca, with the tool's variable"


def _is_full(whole: str, output: Sequence[str]) -> bool:
    return bool(_CAUSES[0].words.search("\n".join((whole, *output))))


def _help(output: Sequence[str]) -> str:
    last = next((line.strip() for line in reversed(output) if line.strip()), "")
    return f"it said last: {shortened(last)}" if last else "the output of the build is above"


def _reason(words: Sequence[str]) -> str:
    """Return the builder's last error without the phrases that it begins with."""
    errors = [line for line in words if re.match(r"error:", line, re.IGNORECASE)]
    if not errors:
        return " ".join(word.strip() for word in words[-1:])
    prefix = _PREFIX.match(errors[-1])
    return _SUFFIX.sub("", errors[-1][prefix.end() if prefix else 0 :]).strip()


def _place(dockerfile: str, whole: str, step: Step | None, text: str | None) -> Place | None:
    """Return the place in the Dockerfile: marked by the builder, named in its error, or where the step stands."""
    lines = (text or "").splitlines()
    marked = next((match for line in whole.splitlines() if (match := _SNIPPET_LINE.fullmatch(line))), None)
    named = _PARSE_LINE.search(whole)
    if marked:
        number = int(marked["line"])
    elif named:
        number = int(named[1])
    else:
        number = _line_of(step, lines) or _line_of_snippet(whole) or _line_of_base(whole, lines)
    if not number:
        return Place(path=dockerfile) if step is not None and step.instruction else None
    shown = lines[number - 1] if number <= len(lines) else (marked["text"] if marked else "")
    return Place(path=dockerfile, line=number, text=shown, width=max(1, len(shown)))


def _line_of_snippet(whole: str) -> int:
    match = next((match for line in whole.splitlines() if (match := _SNIPPET_PLACE.fullmatch(line.strip()))), None)
    return int(match["line"]) if match else 0


def _line_of_base(whole: str, lines: Sequence[str]) -> int:
    """Return the line with the base image that an error is about, 0 without one."""
    for number, line in enumerate(lines, 1):
        match = _BASE.match(line)
        image = (match["image"] or match["other"]) if match else ""
        if image and _is_named(image, whole):
            return number
    return 0


def _is_named(image: str, whole: str) -> bool:
    """Whether an error names an image, perhaps as the address from which it would come."""
    name = re.sub(r"(?:@.*|:[^:/]+)$", "", image)
    edges = "./-" if "/" not in name else ".-"
    return all(re.search(rf"(?<![\w{edges}]){re.escape(part)}(?![\w-])", whole) for part in name.split("/"))


def _line_of(step: Step | None, lines: Sequence[str]) -> int:
    """Return the first line that begins like the instruction of a step, 0 without one."""
    words = " ".join(step.instruction.split()[:2]) if step is not None else ""
    found = (number for number, line in enumerate(lines, 1) if words and " ".join(line.split()).startswith(words))
    return next(found, 0)
