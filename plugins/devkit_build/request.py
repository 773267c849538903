"""What one build was asked for: the project's settings, with what the command line has beside or instead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from devkit_build.references import parse_reference, parse_tag, refuse_options
from devkit_build.secrets import Secret, authorities, parse_arguments, parse_secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit_build.choice import Choice


_LISTS = ("policy", "tags", "platforms", "cache_from", "cache_to", "secret_names")


class Request(Struct, frozen=True, kw_only=True):
    """A build: paths are relative to the project, `name` is the image's without a tag.

    `secret_names` are variables that are declared as secrets. `has_authorities` says that the secret `ca` is given:
    the authorities of this machine, unless others are named.
    """

    name: str
    title: str
    version: str = ""
    dockerfile: str = "Dockerfile"
    folder: str = "."
    target: str = ""
    policy: tuple[str, ...] = ("commit",)
    tags: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[Secret, ...] = ()
    secret_names: tuple[str, ...] = ()
    has_authorities: bool = False
    builder: str = ""
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    is_fresh: bool = False

    @property
    def is_loadable(self) -> bool:
        """Whether the engine can hold the image: a store of images holds one platform of it."""
        return len(self.platforms) <= 1

    def options(self) -> tuple[str, ...]:
        """Return what decides what is in the image, beside the files."""
        pairs = [f"{kind} {name}={value}" for kind, name, value in self._named()]
        secrets = [f"secret {secret.id}" for secret in self.secrets]
        return (f"target {self.target}", f"platforms {' '.join(self.platforms)}", *sorted(pairs), *sorted(secrets))

    def _named(self) -> list[tuple[str, str, str]]:
        arguments = [("argument", name, value) for name, value in self.arguments.items()]
        return arguments + [("label", name, value) for name, value in self.labels.items()]


def chosen(request: Request, choice: Choice, environ: Mapping[str, str]) -> Request:
    """Return a request with what the command line says; what it cannot say so is an error with exit code 2."""
    parse_reference(request.name)
    refuse_options((*choice.platforms, choice.builder, request.builder, *request.platforms))
    platforms = tuple(part for platform in choice.platforms for part in platform.split(","))
    trusted = (authorities(environ),) if request.has_authorities else ()
    return replace(
        request,
        tags=(*request.tags, *(parse_tag(tag) for tag in choice.tags)),
        platforms=platforms or request.platforms,
        arguments={**request.arguments, **parse_arguments(choice.arguments, environ)},
        secrets=_by_id((*trusted, *request.secrets, *(parse_secret(text) for text in choice.secrets))),
        builder=choice.builder or request.builder,
        cache_from=choice.cache_from or request.cache_from,
        cache_to=choice.cache_to or request.cache_to,
        is_fresh=choice.is_fresh,
    )


def request_from(values: Mapping[str, Any]) -> Request:
    """Return the request that the plan of the build has for a task, as plain values."""
    lists = {name: tuple(values[name]) for name in _LISTS if name in values}
    secrets = tuple(parse_secret(text) for text in values.get("secrets", ()))
    return Request(**{**values, **lists, "secrets": secrets})


def _by_id(secrets: Sequence[Secret]) -> tuple[Secret, ...]:
    """Return one secret for each id, the last one that was named."""
    return tuple({secret.id: secret for secret in secrets}.values())
