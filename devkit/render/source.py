"""Where a template is, and what it declares beside its files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from devkit.errors import TEMPLATE_MISSING, USAGE, DevkitError, did_you_mean
from devkit.render.code import code_of
from devkit.render.manifest import (
    VARIABLES_FILE,
    Rule,
    key_place,
    read_declaration,
    read_variables,
    refuse_slow_rules,
)
from devkit.render.nested import nested_folders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.stages import Template
    from devkit.api.values import Value
    from devkit.errors import Place

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

    `location` is the name, the absolute path of the folder, or the URL (never with credentials); `folder` holds
    `cookiecutter.json`; `revision` is the commit of a fetched template. `seeded` are patterns of files that are
    the user's once they are made. `code` lists, relative to the folder, what would run: hooks and extensions.
    `nested` are the templates to choose from in a template that is a choice of templates.
    """

    name: str
    location: str
    folder: Path
    kind: SourceKind
    revision: str = ""
    summary: str = ""
    seeded: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    nested: Mapping[str, TemplateSource] = field(default_factory=dict)
    text: str = field(default="", repr=False)

    @property
    def asks(self) -> tuple[str, ...]:
        """The names that the template asks for, and those that the templates to choose from ask for."""
        own = [name for name in self.variables if not name.startswith("_")]
        below = [name for source in self.nested.values() for name in source.asks]
        return tuple(dict.fromkeys([*own, *below]))

    @property
    def shown(self) -> str:
        """How messages name the template's folder."""
        return self.name if self.kind == "builtin" else self.location

    @property
    def about(self) -> dict[str, Value]:
        """What cookiecutter tells a template of itself; the same on every machine, so that files may quote it."""
        location = self.location if self.kind == "url" else self.name
        revision = self.revision or None
        return {"_template": location, "_output_dir": ".", "_repo_dir": location, "_checkout": revision}

    def place(self, variable: str) -> Place:
        """Return where a variable stands in `cookiecutter.json`."""
        return key_place(f"{self.shown}/{VARIABLES_FILE}", self.text, variable)

    def chosen(self, answers: Mapping[str, Value]) -> TemplateSource:
        """Return the template that the answers choose: this one, unless it is a choice of templates."""
        if not self.nested:
            return self
        key = "templates" if "templates" in self.variables else "template"
        label = str(answers.get(key, answers.get("template", "")))
        return self.nested.get(label, next(iter(self.nested.values()))).chosen({})


def open_template(location: str, known: Mapping[str, Template], *, fetched: Fetched | None = None) -> TemplateSource:
    """Return the template of a known name, in a folder, or as it was fetched from a URL.

    A folder without `cookiecutter.json` is `TEMPLATE_MISSING`; what cannot be read is `TEMPLATE_INVALID`.
    """
    if fetched is not None:
        name = fetched.location.rstrip("/").removesuffix(".git").rpartition("/")[2]
        name = name.partition("@")[0].removesuffix(".git")
        return _opened((name, fetched.location, fetched.folder, "url"), fetched.revision)
    if location in known:
        template = known[location]
        return _opened((location, location, template.folder, "builtin"), "", template.summary)
    if location.startswith("-"):
        raise DevkitError(USAGE, f"`{location}` looks like an option, not like a template")
    folder = Path(os.path.abspath(os.path.expanduser(location)))
    _refuse_missing(location, folder, known)
    return _opened((folder.name, os.fspath(folder), folder, "folder"), "")


def _refuse_missing(location: str, folder: Path, known: Mapping[str, Template]) -> None:
    if os.path.lexists(folder / VARIABLES_FILE):
        return
    if folder.is_dir():
        message = f"`{location}` is no template: it holds no {VARIABLES_FILE}"
        raise DevkitError(TEMPLATE_MISSING, message, help="name the folder that holds it")
    templates = f"there are {', '.join(known)}; or give a folder or a URL" if known else "give a folder or a URL"
    message = f"no template is called `{location}`, and no folder is there"
    raise DevkitError(TEMPLATE_MISSING, message, help=did_you_mean(location, known, templates))


def _opened(
    identity: tuple[str, str, Path, SourceKind], revision: str, summary: str = "", depth: int = 0
) -> TemplateSource:
    name, location, folder, kind = identity
    if not os.path.lexists(folder / VARIABLES_FILE):
        message = f"`{location}` is no template: it holds no {VARIABLES_FILE}"
        raise DevkitError(TEMPLATE_MISSING, message, help="name a repository or folder that holds one")
    shown = name if kind == "builtin" else location
    variables, text = read_variables(os.fspath(folder), shown)
    declared = read_declaration(os.fspath(folder), shown)
    if kind != "builtin":
        refuse_slow_rules(declared.rules, shown)
    nested = {
        label: _opened((name, f"{location}/{path}", folder / path, kind), revision, depth=depth + 1)
        for label, path in nested_folders(folder, shown, variables, text, depth).items()
    }
    below = [f"{os.path.relpath(source.folder, folder)}/{file}" for source in nested.values() for file in source.code]
    return TemplateSource(
        name=name,
        location=location,
        folder=folder,
        kind=kind,
        revision=revision,
        summary=declared.summary or summary,
        seeded=declared.seeded,
        code=(*code_of(folder, shown, variables), *below),
        variables=variables,
        rules=declared.rules,
        nested=nested,
        text=text,
    )
