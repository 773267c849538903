"""The parts of a Dockerfile as text: steps with their mounts, environment, labels, the user and the check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit_build.settings import BuildSettings

HEADER = "# The image of this project, kept up by devkit; your edits are merged."
"""The first line, by which a Dockerfile is told from one that devkit did not make."""
_LABELS = {"version": "VERSION", "revision": "REVISION", "created": "CREATED", "source": "SOURCE"}
_INDENT = " \\\n    "


class Source(Struct, frozen=True, kw_only=True):
    """How a package manager gets packages: its cache, its own configuration files, and what names its authorities.

    `secrets` are ids of build secrets with the files that they are mounted as: where the manager looks anyway, so
    that a build without the secret is the same command. `authority` is a variable with the path of a file.
    """

    cache: str
    secrets: tuple[tuple[str, str], ...]
    authority: str


def step(command: str, source: Source, settings: BuildSettings, files: Sequence[str] = ()) -> str:
    """Return a step that fetches packages, with `files` of the project at hand in the working folder.

    Caches and secrets are mounted, so that neither is part of a layer; a builder that cannot do this gets the
    files as a layer.
    """
    if not settings.buildkit:
        copied = f"COPY {' '.join(files)} ./\n" if files else ""
        return f"{copied}RUN {command}"
    mounts = [f"type=cache,target={source.cache}"]
    mounts += [f"type=bind,source={name},target={name}" for name in files]
    mounts += [f"type=secret,id={name},target={target}" for name, target in source.secrets]
    if settings.custom_ca:
        mounts.append("type=secret,id=ca,required=true")
        command = f"export {source.authority}=/run/secrets/ca \\\n    && {command}"
    return f"RUN {_INDENT.join([*(f'--mount={mount}' for mount in mounts), command])}"


def environment(variables: Mapping[str, str]) -> str:
    """Return the variables as one instruction."""
    return f"ENV {_INDENT.join(f'{name}={value}' for name, value in variables.items())}"


def system_packages(packages: Sequence[str]) -> str:
    """Return a step that installs packages of Debian, or nothing when there are none."""
    if not packages:
        return ""
    names = _INDENT.join(f"    {name}" for name in sorted(packages))
    return f"""
# The versions are those of the base image's release of Debian.
# hadolint ignore=DL3008
RUN apt-get update \\
    && apt-get install --no-install-recommends --yes \\
    {names} \\
    && rm -rf /var/lib/apt/lists/*
"""


def user(settings: BuildSettings) -> str:
    """Return the instruction that leaves root behind."""
    return f"""\
# A number, by which an orchestrator can tell that it is not root. Nothing in the image belongs to it.
USER {settings.user}"""


def labels(title: str, extra: Mapping[str, str]) -> str:
    """Return the labels of the image; what changes with every build comes last and as arguments."""
    lines = [f"org.opencontainers.image.title={quoted(title)}"]
    lines += [f'org.opencontainers.image.{name}="${{{argument}}}"' for name, argument in _LABELS.items()]
    lines += [f"{quoted(name)}={quoted(value)}" for name, value in sorted(extra.items())]
    arguments = "\n".join(f'ARG {argument}=""' for argument in _LABELS.values())
    return f"{arguments}\nLABEL {_INDENT.join(lines)}"


def health_check(argv: Sequence[str], start_seconds: int = 10) -> str:
    """Return the check that an engine runs in the container."""
    options = f"--interval=30s --timeout=3s --start-period={start_seconds}s --retries=3"
    return f"HEALTHCHECK {options} \\\n    CMD {exec_form(argv)}"


def listening(port: int) -> dict[str, str]:
    """Return the variables by which an application listens for others on a port; none where it does not (0)."""
    return {"HOST": "0.0.0.0", "PORT": str(port)} if port else {}  # noqa: S104 - in a container


def served(port: int, check: Sequence[str], start_seconds: int = 10) -> str:
    """Return the port of an application with the check that asks it; nothing where it has none (0)."""
    return f"EXPOSE {port}\n{health_check(check, start_seconds)}" if port else ""


def copy(source: str, target: str, stage: str = "") -> str:
    """Return the instruction that copies a folder, as a list where there is a blank in its name."""
    words = exec_form((source, target)) if " " in source + target else f"{source} {target}"
    return f"COPY {f'--from={stage} ' if stage else ''}{words}"


def exec_form(argv: Sequence[str]) -> str:
    """Return a command as an instruction takes it without a shell, which would keep signals from it."""
    return json.dumps(list(argv), ensure_ascii=False)


def quoted(text: str) -> str:
    """Return text as one word of an instruction, with nothing in it that a builder would fill in."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{" ".join(escaped.split())}"'


def joined(*parts: str) -> str:
    """Return the parts as one text, a blank line between each two, and those that are empty left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
