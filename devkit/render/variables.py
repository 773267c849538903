"""The variables of a template, filled in the order in which cookiecutter fills them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from devkit.errors import TEMPLATE_INVALID, DevkitError
from devkit.render.cache import Pack
from devkit.render.code import foreign_extensions, harmless_extensions
from devkit.render.renderer import Find, Renderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource

POSTPONED = object()
"""In place of a default that only the template's own extensions can render."""
Choose = Callable[[str, Any, Any], Any]
"""Given a variable's name, what the template says of it and that rendered: the value it gets, or `POSTPONED`."""


def make_renderer(source: TemplateSource, purpose: str, find: Find = lambda _: None) -> tuple[Renderer, Pack]:
    """Return a renderer with the settings that a template chooses, and the pack that its code is kept in."""
    options = source.variables.get("_jinja2_env_vars", {})
    extensions = harmless_extensions(source.variables)
    pack = Pack(purpose, source.location, (sorted(options.items()), extensions))
    renderer = Renderer(pack=pack, shown=source.shown, find=find, extensions=extensions, options=options)
    return renderer, pack


def fill(source: TemplateSource, renderer: Renderer, choose: Choose) -> OrderedDict[str, Any]:
    """Return every variable with its value: what is asked is chosen by `choose`, the rest is as the template says.

    Dictionaries come last, since they may speak of all others; the result is in the template's own order.
    """
    filled: OrderedDict[str, Any] = OrderedDict()
    declared = {name: raw for name, raw in source.variables.items() if name != "__prompts__"}
    for name, raw in declared.items():
        if _is_private(name):
            filled[name] = deepcopy(raw)
        elif not isinstance(raw, dict) or name.startswith("__"):
            _add(filled, source, renderer, choose, name)
    for name, raw in declared.items():
        if isinstance(raw, dict) and not _is_private(name):
            _add(filled, source, renderer, choose, name)
    return OrderedDict((name, filled[name]) for name in declared if name in filled)


def answered(source: TemplateSource, renderer: Renderer, answers: Mapping[str, Value]) -> dict[str, Any]:
    """Return what the files of a template see: `cookiecutter`, the answers and what devkit says of itself.

    `_cookiecutter` beside it is what the template says, before rendering, but for what was answered otherwise.
    Nothing in them differs from one machine to another, so that files that quote them stay the same.
    """
    declared = {name: deepcopy(raw) for name, raw in source.variables.items() if not name.startswith("_")}

    def choose(name: str, raw: Any, default: Any) -> Any:
        value = answers.get(name, default[0] if isinstance(raw, list) else default)
        if isinstance(raw, list):
            declared[name].sort(key=lambda choice: choice != value)
        elif value != default:
            declared[name] = value
        return value

    filled = fill(source, renderer, choose)
    filled.update(source.about)
    return {"cookiecutter": filled, "_cookiecutter": declared}


def _is_private(name: str) -> bool:
    """Whether a variable is the template's own and not even rendered."""
    return name.startswith("_") and not name.startswith("__")


def _add(filled: dict[str, Any], source: TemplateSource, renderer: Renderer, choose: Choose, name: str) -> None:
    raw = source.variables[name]
    if raw == [] and not name.startswith("__"):
        raise DevkitError(TEMPLATE_INVALID, f"`{name}` offers no choices", place=source.place(name))
    try:
        value = _rendered(source, renderer, name, raw, filled)
    except DevkitError:
        if not foreign_extensions(source.variables):
            raise
        value = POSTPONED
    if not name.startswith("__"):
        value = choose(name, raw, value)
    if value is not POSTPONED:
        filled[name] = value


def _rendered(source: TemplateSource, renderer: Renderer, name: str, raw: Any, filled: dict[str, Any]) -> Any:
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, dict):
        pairs = [tuple(_rendered(source, renderer, name, each, filled) for each in pair) for pair in raw.items()]
        return dict(pairs)
    if isinstance(raw, list):
        return [_rendered(source, renderer, name, each, filled) for each in raw]
    text = str(raw)
    if "{" not in text and not source.variables.get("_jinja2_env_vars"):
        return text
    return renderer.text(f"cookiecutter.json: {name}", text, {"cookiecutter": filled}, source.place(name))
