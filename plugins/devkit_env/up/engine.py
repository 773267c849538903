"""The container engine of this machine, and how its compose is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import ENGINE_DENIED, ENGINE_OLD, NO_COMPOSE, NO_ENGINE, DevkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext

_COMPOSES = {
    "docker": (("docker", "compose"), ("docker-compose",)),
    "podman": (("podman-compose",), ("podman", "compose")),
}
"""How each engine's compose may be called, what is asked first first."""
_OLD = re.compile(r"client version \S+ is too new|minimum supported API version", re.IGNORECASE)
_DENIED = re.compile(r"permission denied", re.IGNORECASE)


class Engine(Struct, frozen=True, kw_only=True):
    """An engine that answers: its program, and the words that call its compose."""

    program: str
    compose: tuple[str, ...]


def find_engine(context: TaskContext) -> Engine:
    """Return the first engine that answers and has a compose; ENGINE_DENIED and such without one."""
    problem: DevkitError | None = None
    for program, composes in _COMPOSES.items():
        if context.which(program) is None:
            continue
        code, _, words = context.capture([program, "ps", "--quiet"])
        if code != 0:
            problem = problem or silent(program, words)
        elif (compose := _compose(context, composes)) is None:
            problem = problem or _no_compose(program)
        else:
            return Engine(program=program, compose=compose)
    raise problem or DevkitError(
        NO_ENGINE, "services run in containers, and neither docker nor podman is on PATH", help=_WAY
    )


def silent(program: str, words: str) -> DevkitError:
    """Return why an engine does not answer, from its own words."""
    last = last_line(words)
    if _OLD.search(words):
        return DevkitError(ENGINE_OLD, f"the engine behind {program} is too old: {last}", help=f"update {program}")
    if _DENIED.search(words):
        message = f"you may not use the socket of {program}: {last}"
        return DevkitError(ENGINE_DENIED, message, help="sudo usermod -aG docker $USER, then log in again")
    help_text = f"start it, or see where DOCKER_HOST leads; then: {program} ps"
    return DevkitError(NO_ENGINE, f"{program} does not answer: {last}", help=help_text)


def last_line(words: str) -> str:
    """Return the last line of what a program said that is not empty."""
    return next((line.strip() for line in reversed(words.splitlines()) if line.strip()), "it says nothing")


_WAY = "install Docker or podman, or set `services` in [tool.devkit.env] to []"


def _compose(context: TaskContext, composes: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    return next((words for words in composes if _works(context, words)), None)


def _works(context: TaskContext, words: tuple[str, ...]) -> bool:
    return context.which(words[0]) is not None and context.capture([*words, "version"])[0] == 0


def _no_compose(program: str) -> DevkitError:
    names = " nor ".join(f"`{' '.join(words)}`" for words in _COMPOSES[program])
    way = {"docker": "install the package docker-compose-plugin", "podman": "pipx install podman-compose"}[program]
    return DevkitError(NO_COMPOSE, f"{program} answers, but neither {names} works", help=way)
