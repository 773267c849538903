"""Image references: registry, repository, tag and digest, after the grammar of the distribution project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.api import IMAGE_NAME_INVALID, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LABEL = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)"
_REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?")
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[a-fA-F0-9]{32,}")
_LONGEST = 255
_NOT_IN_TAG = re.compile(r"[^a-zA-Z0-9_.-]+")
LONGEST_TAG = 128
DEFAULT_REGISTRY = "docker.io"


class Reference(Struct, frozen=True, kw_only=True):
    """The name of an image; `registry` is empty for what the engine looks for on Docker Hub."""

    registry: str = ""
    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """Registry and repository, without tag and digest."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    def tagged(self, tag: str) -> Reference:
        """Return the reference with another tag and no digest."""
        return replace(self, tag=tag, digest="")

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"


def parse_reference(text: str) -> Reference:
    """Return a reference; IMAGE_NAME_INVALID says what is wrong with it.

    Follows `reference.ParseNormalizedNamed` of github.com/distribution/reference, save that Docker Hub is not
    written out.
    """
    _refuse_option(text, "an image name")
    rest, has_digest, digest = text.partition("@")
    if has_digest and not _DIGEST.fullmatch(digest):
        raise _invalid(text, f"`{digest}` is not a digest", "a digest looks like sha256:0123…")
    name, tag = _split_tag(rest)
    if tag is not None:
        _check_tag(text, tag)
    registry, repository = _split_registry(name)
    _check_name(text, registry, repository)
    return Reference(registry=registry, repository=repository, tag=tag or "", digest=digest)


def parse_tag(text: str) -> str:
    """Return a tag that was given by itself; IMAGE_NAME_INVALID when it is none."""
    _refuse_option(text, "a tag")
    _check_tag(text, text)
    return text


def as_tag(text: str) -> str:
    """Return a tag made of any text, such as the name of a branch; empty when nothing of it can be one."""
    return _NOT_IN_TAG.sub("-", text).strip("-.")[:LONGEST_TAG].rstrip("-.")


def refuse_options(names: Iterable[str]) -> None:
    """Raise IMAGE_NAME_INVALID when the name of a platform or a builder looks like an option."""
    for name in names:
        _refuse_option(name, "the name of a platform or a builder")


def _split_tag(text: str) -> tuple[str, str | None]:
    """Split at the colon of the tag, which comes after the last slash; the other is that of a port."""
    head, colon, tail = text.rpartition(":")
    if colon and "/" not in tail:
        return head, tail
    return text, None


def _split_registry(name: str) -> tuple[str, str]:
    first, slash, rest = name.partition("/")
    is_registry = "." in first or ":" in first or first == "localhost" or first != first.lower()
    return (first, rest) if slash and is_registry else ("", name)


def _check_name(text: str, registry: str, repository: str) -> None:
    if registry and not _REGISTRY.fullmatch(registry):
        raise _invalid(text, f"`{registry}` is not the address of a registry", "HOST or HOST:PORT")
    if not _REPOSITORY.fullmatch(repository):
        help_text = "a repository has lower-case letters and digits, in between `.`, `_`, `-`, and `/` between parts"
        raise _invalid(text, f"`{repository}` is not the name of a repository", help_text)
    if len(registry) + 1 + len(repository) > _LONGEST:
        raise _invalid(text, "the name is too long", f"at most {_LONGEST} characters without the tag")


def _check_tag(text: str, tag: str) -> None:
    if not _TAG.fullmatch(tag):
        help_text = f"a tag has letters, digits, `_`, `.` and `-`, at most {LONGEST_TAG}"
        raise _invalid(text, f"`{tag}` is not a tag", help_text)


def _refuse_option(text: str, what: str) -> None:
    if text.startswith("-"):
        raise _invalid(text, f"`{text}` looks like an option, not like {what}", "names start with a letter or digit")


def _invalid(text: str, reason: str, help_text: str) -> DevkitError:
    shown = text if reason.startswith(f"`{text}`") else f"`{text}`"
    message = reason if shown == text else f"{shown} names no image: {reason}"
    return DevkitError(IMAGE_NAME_INVALID, message, help=help_text)
