"""Building with the engine's own interface, where there is no BuildKit: Docker's classic builder, or podman."""

from __future__ import annotations

import io
import os
import re
import tarfile
import tempfile
import time
from typing import IO, TYPE_CHECKING, Any

from devkit.api import BUILDER_MISSING, DevkitError, Place
from devkit_build.content import is_sent, walk
from devkit_build.engine import connected
from devkit_build.failing import build_error
from devkit_build.steps import Built, Pieces, Step, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from devkit.api import TaskContext
    from devkit_build.ignoring import Ignoring
    from devkit_build.recipe import Recipe

_STAGE = r"(?:\[(\d+/\d+)\] )?"
"""Podman's mark of a stage, where there are several."""
_STEP = re.compile(rf"{_STAGE}(?:Step|STEP) (\d+/\d+) ?: (.*)")
_OWN = re.compile(rf"{_STAGE}(?:Step|STEP|COMMIT) \S| ---> |--> |Removing intermediate")
"""How what the builder itself says begins, always with an event of its own."""
_SOURCE = ("", 0)
_DOCKERFILE = ".devkit-Dockerfile"
_IGNORE = ".dockerignore"
_NEEDS_BUILDKIT = re.compile(
    r"^\s*RUN\s+--mount=|^\s*(?:COPY|ADD)\s.*--link\b|^[^#\n]*\s\d*<<-?[\"']?[a-z_]", re.MULTILINE | re.IGNORECASE
)


def build(context: TaskContext, recipe: Recipe, ignoring: Ignoring, *, is_podman: bool) -> Built:
    """Build over the engine's interface; an error says which step failed and where."""
    request = recipe.request
    text = (context.root / request.dockerfile).read_text("utf-8", "replace")
    _refuse_buildkit(recipe, text, is_podman=is_podman)
    events = ClassicEvents(context.say)
    with packed(context.root / request.folder, text, ignoring, recipe.epoch) as tar, connected(os.environ) as client:
        for event in client.build(fileobj=tar, **_arguments(recipe)):
            events.take(event)
        events.finish()
        if events.failure:
            raise build_error(request.dockerfile, [f"ERROR: {events.failure}"], events.steps.failed(), text)
        for reference in recipe.references[1:]:
            name, _, tag = reference.rpartition(":")
            client.tag(recipe.references[0], name, tag, force=True)
    return Built(steps=events.steps)


class ClassicEvents:
    """Takes what the engine tells of a build, and makes steps of it."""

    def __init__(self, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.steps = Steps()
        self.failure = ""
        self._tell = tell
        self._clock = clock
        self._started = clock()
        self._step: Step | None = None
        self._pieces = Pieces()

    def take(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        if "error" in event:
            self._fail(str(event["error"]).strip())
        text = str(event.get("stream") or "")
        if _OWN.match(text):
            self._flush()
        for line in self._pieces.take(_SOURCE, text.encode("utf-8", "replace")):
            self._line(line)
        aux = event.get("aux")
        if isinstance(aux, dict) and "ID" in aux:
            self.finish()

    def finish(self) -> None:
        """Take in that the last step has ended."""
        self._flush()
        self._end()

    def _flush(self) -> None:
        for line in self._pieces.rest(_SOURCE):
            self._line(line)

    def _line(self, line: str) -> None:
        begun = _STEP.match(line)
        if begun:
            self._end()
            number = " ".join(filter(None, begun.groups()[:2]))
            self._step = self.steps.found[number] = Step(name=f"[{number}] {begun[3]}")
            self._started = self._clock()
        elif self._step is not None and re.match(r" ---> Using cache|--> Using cache", line):
            self._step.is_cached = True
        elif line.strip() and not _OWN.match(line):
            self._tell(line)
            if self._step is not None:
                self._step.output.append(line)

    def _fail(self, words: str) -> None:
        self._flush()
        self.failure = words
        if self._step is not None:
            self._step.failure = words
        self._end()

    def _end(self) -> None:
        if self._step is not None and self._step.seconds is None:
            self._step.seconds = self._clock() - self._started
            self._tell(self._step.line)


def packed(folder: Path, dockerfile: str, ignoring: Ignoring, epoch: int | None) -> IO[bytes]:
    """Return an archive of a build context with its Dockerfile, the same for the same files.

    A builder takes the Dockerfile away before it copies, as the archive's own `.dockerignore` says.
    """
    passing = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes what it is given
    paths = sorted(path for path, look in walk(folder, ignoring) if is_sent(path, look, ignoring))
    left_out = (folder / _IGNORE).read_bytes() if _IGNORE in paths else _IGNORE.encode()
    with tarfile.open(fileobj=passing, mode="w") as tar:
        for path in paths:
            if path != _IGNORE:
                _add(tar, folder / path, path, epoch)
        _add_text(tar, _IGNORE, left_out + f"\n{_DOCKERFILE}\n".encode())
        _add_text(tar, _DOCKERFILE, dockerfile.encode())
    passing.seek(0)
    return passing


def _add_text(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _add(tar: tarfile.TarFile, file: Path, name: str, epoch: int | None) -> None:
    try:
        member = tar.gettarinfo(str(file), arcname=name)
        content = file.open("rb") if member.isreg() else None
    except FileNotFoundError:
        return  # it went while we looked
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = epoch if epoch is not None else member.mtime
    if content is not None:
        with content:
            tar.addfile(member, content)
    elif member.issym() or member.islnk() or member.isdir():
        tar.addfile(member)


def _arguments(recipe: Recipe) -> dict[str, Any]:
    request = recipe.request
    return {
        "custom_context": True,
        "decode": True,
        "rm": True,
        "forcerm": True,
        "dockerfile": _DOCKERFILE,
        "tag": recipe.references[0],
        "target": request.target or None,
        "platform": request.platforms[0] if request.platforms else None,
        "nocache": request.is_fresh,
        "buildargs": dict(request.arguments),
        "labels": dict(recipe.labels),
        "cache_from": list(request.cache_from) or None,
    }


def _refuse_buildkit(recipe: Recipe, text: str, *, is_podman: bool) -> None:
    """Raise BUILDER_MISSING when the build needs what the classic builder cannot do."""
    request = recipe.request
    asked = {"--secret": request.secrets, "--cache-to": request.cache_to, "--builder": request.builder}
    needed = [option for option, value in asked.items() if value]
    if len(request.platforms) > 1:
        needed.append("--platform with several platforms")
    if needed:
        has_socket = is_podman and not request.builder
        why = "which is not to be had over podman's socket" if has_socket else "and `docker buildx` is not installed"
        help_text = "`podman build` takes it, as does Docker with buildx" if has_socket else _install()
        raise DevkitError(BUILDER_MISSING, f"{' and '.join(needed)} needs BuildKit, {why}", help=help_text)
    match = None if is_podman else _NEEDS_BUILDKIT.search(text)
    if match:
        lines = text.splitlines()
        number = text.count("\n", 0, match.end()) + 1
        place = Place(path=request.dockerfile, line=number, text=lines[number - 1], width=len(lines[number - 1]))
        message = "this instruction needs BuildKit, and `docker buildx` is not installed"
        raise DevkitError(BUILDER_MISSING, message, place=place, help=f"{_install()}; or set `buildkit = false`")


def _install() -> str:
    return "install docker-buildx, or docker-buildx-plugin from Docker's own packages"
