"""Building with BuildKit, through `docker buildx build`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from devkit.api import BUILDER_MISSING, DevkitError
from devkit_build.address import variables
from devkit_build.buildkit_events import RawEvents
from devkit_build.documents import read_json
from devkit_build.ignoring import ignoring_text
from devkit_build.imagefile import FOLDER
from devkit_build.plain_events import PlainEvents
from devkit_build.steps import Built

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import TaskContext
    from devkit_build.recipe import Recipe
    from devkit_build.request import Request

_METADATA = f"{FOLDER}/metadata.json"
_KEPT_OUT = f"{FOLDER}/Dockerfile"
_DATING = frozenset({"docker-container", "kubernetes", "remote"})
"""Drivers whose BuildKit can date the files in an image."""
_NO_EVENTS = re.compile(r"invalid progress mode|unknown progress|rawjson", re.IGNORECASE)


def find_driver(context: TaskContext, builder: str) -> str | None:
    """Return what kind of builder the current or the named one is, `None` where buildx is not installed.

    BUILDER_MISSING when there is no builder of this name.
    """
    if context.which("docker") is None:
        return None
    argv = ["docker", "buildx", "inspect", *(["--", builder] if builder else [])]
    code, text, words = context.capture(argv, env=variables(os.environ))
    match = re.search(r"^Driver:\s*(\S+)", text, re.MULTILINE)
    if match:
        return match[1]
    is_absent = "unknown command" in words or "is not a docker command" in words or "Usage:" in text
    if builder and not is_absent:
        reason = " ".join(words.split()) or f"buildx ended with exit code {code}"
        message = f"there is no builder `{builder}`: {reason}"
        raise DevkitError(BUILDER_MISSING, message, help="docker buildx ls names the builders")
    return None if is_absent else "docker"


def build(context: TaskContext, recipe: Recipe, driver: str, *, output: str) -> Built:
    """Build with the current builder or the one that was named; an error says which step failed and where.

    `output` is `load` for the engine, `push` for the registry, `cache` for neither.
    """
    (context.root / FOLDER).mkdir(parents=True, exist_ok=True)
    (context.root / _METADATA).unlink(missing_ok=True)
    argv = command(recipe, driver, output=output, dockerfile=_dockerfile(context.root, recipe.request))
    events: RawEvents | PlainEvents = (raw := RawEvents(context.say))
    code = context.follow(argv, lambda _, line: raw.take(line), env=_variables(recipe))
    raw.finish()
    if code != 0 and not events.steps.found and _NO_EVENTS.search("\n".join(events.words)):
        events = PlainEvents(context.say)
        argv = ["--progress=plain" if word == "--progress=rawjson" else word for word in argv]
        code = context.follow(argv, lambda _, line: events.take(line), env=_variables(recipe))
    if code != 0:
        from devkit_build.failing import build_error

        dockerfile = recipe.request.dockerfile
        text = (context.root / dockerfile).read_text("utf-8", "replace")
        raise build_error(dockerfile, events.words, events.steps.failed(), text)
    for warning in filter(None, events.steps.warnings):
        context.say(f"warning: {warning}")
    return Built(steps=events.steps, digest=_digest(context.root, driver))


def command(recipe: Recipe, driver: str, *, output: str, dockerfile: str) -> list[str]:
    """Return the command line; a value is always part of its option's word, and never a secret."""
    request = recipe.request
    argv = ["docker", "buildx", "build", "--progress=rawjson", f"--metadata-file={_METADATA}", f"--file={dockerfile}"]
    argv += [f"--builder={request.builder}"] if request.builder else []
    argv += [f"--target={request.target}"] if request.target else []
    argv += [f"--platform={','.join(request.platforms)}"] if request.platforms else []
    argv += ["--no-cache"] if request.is_fresh else []
    argv += [f"--tag={reference}" for reference in recipe.references]
    argv += [f"--label={name}={value}" for name, value in recipe.labels.items()]
    argv += [f"--build-arg={name}={value}" for name, value in request.arguments.items()]
    argv += [] if recipe.epoch is None else [f"--build-arg=SOURCE_DATE_EPOCH={recipe.epoch}"]
    argv += [f"--secret={secret.specification}" for secret in request.secrets]
    argv += [f"--cache-from={source}" for source in request.cache_from]
    argv += [f"--cache-to={target}" for target in request.cache_to]
    dated = ",rewrite-timestamp=true" if driver in _DATING and recipe.epoch is not None else ""
    kinds = {"push": f"type=image,push=true{dated}", "load": f"type=docker{dated}", "cache": "type=cacheonly"}
    return [*argv, f"--output={kinds[output]}", "--provenance=false", "--", request.folder]


def _dockerfile(root: Path, request: Request) -> str:
    """Return the Dockerfile to build; without a `.dockerignore`, a copy beside which there is one."""
    names = (f"{request.dockerfile}.dockerignore", f"{request.folder}/.dockerignore")
    if any((root / name).is_file() for name in names):
        return request.dockerfile
    copy = root / _KEPT_OUT
    copy.write_bytes((root / request.dockerfile).read_bytes())
    copy.with_name("Dockerfile.dockerignore").write_text(ignoring_text(), "utf-8")
    return _KEPT_OUT


def _variables(recipe: Recipe) -> dict[str, str]:
    epoch = {} if recipe.epoch is None else {"SOURCE_DATE_EPOCH": str(recipe.epoch)}
    return {**variables(os.environ), **epoch, "BUILDX_NO_DEFAULT_ATTESTATIONS": "1", "DOCKER_CLI_HINTS": "false"}


def _digest(root: Path, driver: str) -> str:
    """Return the digest of the manifest that the builder wrote down, empty without one.

    An engine's own builder without a store of manifests writes its name for the image there.
    """
    metadata = read_json(root / _METADATA)
    has_manifest = driver != "docker" or "containerimage.config.digest" in metadata
    return str(metadata.get("containerimage.digest", "")) if has_manifest else ""
