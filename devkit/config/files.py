"""The files of configuration, each as a layer: the user's, the project's, and the local one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from devkit.config.coerce import MisfitError, as_mapping, coerce
from devkit.config.layers import Layer, dotted, refuse
from devkit.config.source import Source, read_source
from devkit.errors import CONFIG_TWICE, UNKNOWN_KEY, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.values import KeyPath

PROJECT_FILES = ("pyproject.toml", "devkit.toml", "devkit.local.toml")


def project_layers(files: Sequence[str]) -> list[Layer]:
    """Return the layers of the files that are there, highest first; `files` are those of `PROJECT_FILES`.

    CONFIG_TWICE when the two project files set one key.
    """
    pyproject, own, local = (read_source(file, os.path.basename(file)) for file in files)
    shared = [layer for layer in (_pyproject_layer(pyproject), _layer("project", own)) if layer]
    if len(shared) > 1:
        _refuse_twice(shared[0], shared[1], (), (shared[0].table, shared[1].table))
    local_layer = _layer("local", local)
    return [local_layer, *shared] if local_layer else shared


def user_layer(file: str) -> tuple[list[Layer], Mapping[str, Mapping[str, object]]]:
    """Return the layer of the user's own file, and its tables that are not settings: `template`, `trust`."""
    layer = _layer("user", read_source(file, file))
    if layer is None:
        return [], {}
    others = {key: _table(layer, (key,), layer.table[key]) for key in ("template", "trust") if key in layer.table}
    for name, alias in _aliases(layer, others.get("template", {})).items():
        _text(layer, ("template", "aliases", name), alias)
    settings = {key: value for key, value in layer.table.items() if key not in others}
    return [Layer(kind="user", name=file, table=settings, source=layer.source)], others


def _layer(kind: Literal["user", "project", "local"], source: Source | None) -> Layer | None:
    return Layer(kind=kind, name=source.name, table=source.data, source=source) if source else None


def _pyproject_layer(source: Source | None) -> Layer | None:
    whole = _layer("project", source)
    if whole is None or source is None:
        return None
    table = whole.table
    for path in (("tool",), ("tool", "devkit")):
        table = _table(whole, path, table.get(path[-1], {}))
    return Layer(kind="project", name=source.name, table=table, source=source, prefix=("tool", "devkit"))


def _aliases(layer: Layer, template: Mapping[str, object]) -> Mapping[str, object]:
    for key in template:
        if key != "aliases":
            place = layer.origin(("template", key), "not a known key").place
            raise DevkitError(
                UNKNOWN_KEY, f"unknown key `{key}` in `template`", place=place, help="did you mean `aliases`?"
            )
    return _table(layer, ("template", "aliases"), template.get("aliases", {}))


def _table(layer: Layer, path: KeyPath, value: object) -> Mapping[str, object]:
    try:
        return as_mapping(value)
    except MisfitError as misfit:
        raise refuse(layer, path, misfit) from misfit


def _text(layer: Layer, path: KeyPath, value: object) -> None:
    try:
        coerce(str, value)
    except MisfitError as misfit:
        raise refuse(layer, path, misfit) from misfit


def _refuse_twice(
    first: Layer, second: Layer, path: KeyPath, tables: tuple[Mapping[str, object], Mapping[str, object]]
) -> None:
    """Tables may be split between the files; anything else stands in one of them."""
    for key in (key for key in tables[1] if key in tables[0]):
        one, other = tables[0][key], tables[1][key]
        if isinstance(one, dict) and isinstance(other, dict):
            _refuse_twice(first, second, (*path, key), (one, other))
        else:
            raise _twice(first, second, (*path, key))


def _twice(first: Layer, second: Layer, path: KeyPath) -> DevkitError:
    there, here = first.origin(path), second.origin(path, "set a second time")
    return DevkitError(
        CONFIG_TWICE,
        f"`{dotted(path)}` is set twice: {there} and {here}",
        place=here.place,
        help=f"keep the one in {first.name} or the one in {second.name}",
    )
