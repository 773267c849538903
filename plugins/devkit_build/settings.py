"""The table `[tool.devkit.build]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Stack(StrEnum):
    """What the image is made of."""

    AUTO = "auto"
    PYTHON = "python"
    NODE = "node"
    STATIC = "static"
    NONE = "none"


class Tag(StrEnum):
    """What an image is tagged with."""

    COMMIT = "commit"
    VERSION = "version"
    BRANCH = "branch"
    LATEST = "latest"


class Severity(StrEnum):
    """How much a vulnerability matters."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class SbomFormat(StrEnum):
    """The format of a list of the packages in an image."""

    SPDX = "spdx"
    CYCLONEDX = "cyclonedx"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionSettings:
    """The table `[tool.devkit.build.exceptions.ID]`: a vulnerability that is accepted for a while."""

    reason: str = field(default="", metadata={"help": "Why it is accepted; required."})
    until: str = field(
        default="", metadata={"help": "The last day on which it is accepted, as `YYYY-MM-DD`; required."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSettings:
    """What is built, from what, and what it has to be like."""

    stack: Stack = field(
        default=Stack.AUTO,
        metadata={"help": "What the image is made of; `auto` goes by the project's files, `none` makes no image."},
    )
    registry: str = field(default="", metadata={"help": "The registry that images go to, such as `ghcr.io`."})
    repository: str = field(
        default="", metadata={"help": "The image's name in the registry; empty for the name of the project."}
    )
    tags: tuple[Tag, ...] = field(
        default=(Tag.COMMIT, Tag.VERSION), metadata={"help": "What an image is tagged with."}
    )
    platforms: tuple[str, ...] = field(
        default=(), metadata={"help": "Platforms such as `linux/arm64`; empty for that of the builder."}
    )
    dockerfile: str = field(default="Dockerfile", metadata={"help": "The Dockerfile, from the project's folder."})
    context: str = field(default=".", metadata={"help": "The folder that is sent to the builder."})
    target: str = field(
        default="", metadata={"help": "The stage of the Dockerfile to build; empty for its last one."}
    )
    arguments: dict[str, str] = field(
        default_factory=dict, metadata={"help": "Build arguments; never a secret, since they stay in the image."}
    )
    labels: dict[str, str] = field(
        default_factory=dict, metadata={"help": "Labels beside those of the Open Container Initiative."}
    )
    images: dict[str, str] = field(
        default_factory=dict,
        metadata={"help": "Other base images, or their digests, by the name that `FROM` would have."},
    )
    buildkit: bool = field(
        default=True,
        metadata={"help": "Whether the Dockerfile may mount caches and secrets, which the classic builder cannot."},
    )
    custom_ca: bool = field(
        default=False,
        metadata={
            "help": "Whether packages are fetched under the certificate authorities in the secret `ca`: those of "
            "this machine, unless `secrets` or `--secret` names others."
        },
    )
    packages: tuple[str, ...] = field(
        default=(), metadata={"help": "Packages of the system that the application needs to run."}
    )
    build_packages: tuple[str, ...] = field(
        default=(), metadata={"help": "Packages of the system that are needed to install and build it."}
    )
    command: tuple[str, ...] = field(
        default=(), metadata={"help": "What the container runs; empty for what the project's files say."}
    )
    folder: str = field(
        default="", metadata={"help": "The folder of a static site, made by its build or as it is; empty to look."}
    )
    user: str = field(default="10001:10001", metadata={"help": "The numeric user and group that it runs as."})
    builder: str = field(default="", metadata={"help": "The buildx builder; empty for the current one."})
    secrets: tuple[str, ...] = field(
        default=(), metadata={"help": "Secrets of every build, such as `id=npmrc,src=~/.npmrc`."}
    )
    cache_from: tuple[str, ...] = field(default=(), metadata={"help": "Where buildx takes its cache from."})
    cache_to: tuple[str, ...] = field(default=(), metadata={"help": "Where buildx leaves its cache."})
    size_budget: int = field(
        default=0, metadata={"help": "The largest size of the image, in megabytes (10^6 bytes); 0 for any."}
    )
    severity: Severity = field(
        default=Severity.HIGH, metadata={"help": "From where on a vulnerability fails the build."}
    )
    fixable_only: bool = field(
        default=True, metadata={"help": "Whether only vulnerabilities count for which there is a fix."}
    )
    exceptions: dict[str, ExceptionSettings] = field(
        default_factory=dict,
        metadata={"help": "Vulnerabilities that are accepted for a while, by their ID: `reason`, `until`."},
    )
    sbom: SbomFormat = field(default=SbomFormat.SPDX, metadata={"help": "The format of the list of packages."})
    stop_seconds: int = field(default=10, metadata={"help": "How long the container may take to stop after SIGTERM."})
    writable: tuple[str, ...] = field(
        default=("/tmp",),  # noqa: S108 - a folder in the container
        metadata={"help": "Folders in the container that it may write to."},
    )
