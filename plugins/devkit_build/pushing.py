"""Pushing an image to its registry: all tags at once, tried again, and done when the registry shows the digest."""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from devkit.api import (
    IMAGE_MISSING,
    NETWORK_NEEDED,
    PUSH_DIFFERS,
    REGISTRY_REFUSED,
    REGISTRY_SLOW,
    REGISTRY_UNAVAILABLE,
    DevkitError,
)
from devkit_build import buildx
from devkit_build.address import variables
from devkit_build.building import recipe_of
from devkit_build.engine import connected, find_held
from devkit_build.imagefile import Image, read_image, write_image
from devkit_build.problems import causes_of
from devkit_build.references import DEFAULT_REGISTRY, parse_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from devkit.api import TaskContext

_PAUSES = (1.0, 2.0, 4.0)
"""Seconds before each further try."""
_REFUSED = re.compile(
    r"unauthorized|authentication required|denied|forbidden|no basic auth credentials|insufficient_scope|\b40[13]\b",
    re.IGNORECASE,
)
_DIGEST = re.compile(r": digest: (sha256:[0-9a-f]{64}) ")
"""How podman says under which digest an image is in its registry."""
_TICK = 0.1
_PATIENCE = 60
"""Seconds in which neither the engine nor the registry says anything before a push is given up."""


class _Lane(Struct):
    """One tag on its way: where it is, and how it ended."""

    reference: str
    digest: str = ""
    failure: DevkitError | None = None


def push_image(context: TaskContext, **values: Any) -> None:
    """Push all tags of the image that was built, and put the digest into the output file and the ledger."""
    if context.offline:
        message = "pushing needs the registry, and --offline forbids that"
        raise DevkitError(NETWORK_NEEDED, message, help="leave --offline away")
    image = read_image(context.root)
    pushed = _push_held(context, image) if image.image_id else _push_from_builder(context, image, values)
    context.record("image", pushed.reference)
    context.record("digest", pushed.digest)
    for reference in pushed.pushed:
        context.say(f"pushed {reference}@{pushed.digest}")


def _push_held(context: TaskContext, image: Image) -> Image:
    """Push what the engine holds."""
    if find_held(image.image_id, os.environ) is None:
        message = f"the engine has lost `{image.reference}`"
        raise DevkitError(IMAGE_MISSING, message, help="devkit build --push builds it again")
    lanes = [_Lane(reference) for reference in image.references]
    _run(context, lanes, lambda lane, tell: push_reference(lane.reference, image, tell))
    done = [lane for lane in lanes if lane.digest]
    digest = done[0].digest if done else image.digest
    image = replace(image, digest=digest, pushed=tuple(lane.reference for lane in done))
    write_image(context.root, image)
    _refuse_failures(lanes, image)
    return image


def push_reference(
    reference: str, image: Image, tell: Callable[[str], None], pause: Callable[[float], None] = time.sleep
) -> str:
    """Push one tag and return the digest under which the registry holds it; what passes is tried again."""
    if reference in image.pushed and image.digest and _held_by_registry(reference) == image.digest:
        tell("is there already")
        return image.digest
    for wait in (*_PAUSES, None):
        try:
            return _push_once(reference, tell)
        except DevkitError as problem:
            if wait is None or problem.kind is not REGISTRY_UNAVAILABLE:
                raise
            tell(f"{problem.message}; once more in {wait:g} s")
            pause(wait)
    raise AssertionError


def _push_once(reference: str, tell: Callable[[str], None]) -> str:
    name = parse_reference(reference)
    with _in_time(reference), connected(os.environ, patience=_PATIENCE) as client:
        digest = read_push(client.push(name.name, tag=name.tag, stream=True, decode=True), reference, tell)
        seen = _seen(client, reference)
    return _agreed(reference, digest, digest if seen is None else seen)


def _agreed(reference: str, told: str, seen: str) -> str:
    """Return the digest of a push; PUSH_DIFFERS when the registry shows another, or nothing tells one."""
    if told and seen != told:
        message = f"`{reference}` was pushed as {told}, and the registry shows {seen or 'nothing'}"
        help_text = "somebody else pushes this tag as well, or a cache is in between"
        raise DevkitError(PUSH_DIFFERS, message, help=help_text)
    if not seen:
        message = f"`{reference}` was pushed, and nothing tells the digest under which the registry holds it"
        raise DevkitError(PUSH_DIFFERS, message, help="update Docker or podman: a newer one tells it")
    return seen


@contextmanager
def _in_time(reference: str) -> Iterator[None]:
    """Tell a registry that is too slow from an engine that is gone: the engine is silent for as long as both."""
    try:
        yield
    except DevkitError as problem:
        if not any("Timeout" in type(cause).__name__ for cause in causes_of(problem)):
            raise
        message = f"nothing was heard of `{reference}` for {_PATIENCE} s"
        help_text = "see whether the registry is overloaded; devkit build --push goes on"
        raise DevkitError(REGISTRY_SLOW, message, help=help_text) from problem


def read_push(events: Iterable[Mapping[str, Any]], reference: str, tell: Callable[[str], None]) -> str:
    """Return the digest that the engine tells of a push; REGISTRY_REFUSED or REGISTRY_UNAVAILABLE when it fails."""
    digest = ""
    shown: dict[str, str] = {}
    for event in events:
        if "error" in event:
            raise push_error(str(event["error"]), reference)
        status, layer = str(event.get("status") or ""), str(event.get("id") or "")
        if layer and status and shown.get(layer) != status:
            shown[layer] = status
            tell(f"{layer} {status.lower()}")
        aux = event.get("aux")
        told = aux.get("Digest") if isinstance(aux, dict) else None
        digest = str(told or (match[1] if (match := _DIGEST.search(status)) else digest))
    return digest


def push_error(words: str, reference: str) -> DevkitError:
    """Return the error of a push that failed with some words."""
    registry = parse_reference(reference).registry or DEFAULT_REGISTRY
    words = " ".join(words.split())
    if _REFUSED.search(words):
        message = f"`{registry}` refuses `{reference}`: {words}"
        return DevkitError(REGISTRY_REFUSED, message, help=f"docker login {registry}, with an account that may push")
    message = f"`{registry}` does not take `{reference}`: {words}"
    return DevkitError(
        REGISTRY_UNAVAILABLE, message, help="see that the registry answers; devkit build --push goes on"
    )


def _held_by_registry(reference: str) -> str | None:
    try:
        with connected(os.environ) as client:
            return _seen(client, reference)
    except DevkitError:
        return None


def _seen(client: Any, reference: str) -> str | None:
    """Return the digest of the manifest that the registry gives back, `None` when the engine cannot ask for it."""
    from docker.errors import APIError, NotFound

    try:
        return str(client.inspect_distribution(reference)["Descriptor"]["digest"])
    except NotFound as problem:
        if str(problem.explanation).lower().strip() in {"page not found", "not found"}:
            return None  # podman does not take this request
        raise push_error(str(problem.explanation), reference) from problem
    except APIError as problem:
        raise push_error(str(problem.explanation), reference) from problem


def _push_from_builder(context: TaskContext, image: Image, values: dict[str, Any]) -> Image:
    """Let the builder push what the engine cannot hold, such as an image of several platforms."""
    recipe = recipe_of(context, values)
    driver = buildx.find_driver(context, recipe.request.builder) or "docker"
    image = replace(image, references=recipe.references)
    try:
        built = buildx.build(context, recipe, driver, output="push")
        image = replace(image, digest=built.digest, pushed=())
        for reference in recipe.references:
            digest = _agreed(reference, image.digest, _manifest_digest(context, reference))
            image = replace(image, digest=digest, pushed=(*image.pushed, reference))
    except DevkitError as problem:
        problem.state = _seen_state(image)
        raise
    finally:
        write_image(context.root, image)
    return image


def _seen_state(image: Image) -> str:
    """Return what is known of a push that the builder made, all tags at once."""
    count = len(image.pushed)
    seen = f"{count} of {len(image.references)} tags are in the registry: {', '.join(image.pushed)}" if count else ""
    return f"{seen or 'no tag was seen in the registry, which may hold some'}; devkit build --push goes on"


def _manifest_digest(context: TaskContext, reference: str) -> str:
    argv = ["docker", "buildx", "imagetools", "inspect", "--format={{.Manifest.Digest}}", "--", reference]
    code, text, words = context.capture(argv, env=variables(os.environ))
    if code != 0:
        raise push_error(words, reference)
    return text.strip()


def _run(context: TaskContext, lanes: Sequence[_Lane], push: Callable[[_Lane, Callable[[str], None]], str]) -> None:
    """Push all lanes at once; what they say is told by this thread, which leaves when the run is stopped."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def work(lane: _Lane) -> None:
        try:
            lane.digest = push(lane, lambda words: said.put(f"{lane.reference}: {words}"))
        except DevkitError as problem:
            lane.failure = problem
        except Exception as problem:  # noqa: BLE001 - a thread must not end without a word
            lane.failure = push_error(f"{type(problem).__name__}: {problem}", lane.reference)

    threads = [threading.Thread(target=work, args=(lane,), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        context.pause(_TICK)
        _tell_all(context, said)
    _tell_all(context, said)


def _tell_all(context: TaskContext, said: queue.SimpleQueue[str]) -> None:
    """Tell what was said since."""
    while not said.empty():
        context.say(said.get())


def _refuse_failures(lanes: Sequence[_Lane], image: Image) -> None:
    """Raise the first failure, with what is done in its state line."""
    failures = [lane.failure for lane in lanes if lane.failure is not None]
    if not failures:
        return
    first = failures[0]
    state = _state(image.pushed, len(lanes))
    raise DevkitError(first.kind, first.message, help=first.help, state=state) from first


def _state(pushed: Sequence[str], total: int) -> str:
    if not pushed:
        return "the image is built; no tag was seen in the registry"
    return f"{len(pushed)} of {total} tags are pushed: {', '.join(pushed)}; devkit build --push goes on"
