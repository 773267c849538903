"""Where a template is, and what it declares beside its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from devkit.api.stages import Template
    from devkit.api.values import Value

SourceKind = Literal["builtin", "folder", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A template that was fetched from a URL: its folder here, its commit, and the URL without credentials."""

    folder: Path
    revision: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """A cookiecutter template.

    `location` is what the user typed (never credentials), `folder` holds `cookiecutter.json`, `revision` is the
    commit of a fetched template. `seeded` are patterns of files that are the user's once they are made. `code`
    lists, relative to the folder, the files that would run: hooks and extensions.
    """

    name: str
    location: str
    folder: Path
    kind: SourceKind
    revision: str = ""
    summary: str = ""
    seeded: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)

    @property
    def asks(self) -> tuple[str, ...]:
        """The names that the template asks for."""
        return tuple(name for name in self.variables if not name.startswith("_"))


def open_template(location: str, known: Mapping[str, Template], *, fetched: Fetched | None = None) -> TemplateSource:
    """Return the template of a known name, in a folder, or as it was fetched from a URL.

    A folder without `cookiecutter.json` is `TEMPLATE_MISSING`; what cannot be read is `TEMPLATE_INVALID`.
    """
    raise NotImplementedError
