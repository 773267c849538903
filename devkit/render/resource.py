"""Templates that plugins carry in their own packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.errors import PLUGIN_INVALID, TEMPLATE_INVALID, DevkitError, Place

if TYPE_CHECKING:
    from devkit.api.actions import Render


def render_resource(action: Render) -> str:
    """Return the text of a `Render` action; what is wrong in its template is `PLUGIN_INVALID` with file and line.

    It renders in the sandbox of project templates, with undefined variables an error and the same filters; it may
    include other files of its own folder. Lines end in a line feed.
    """
    from devkit.render.cache import Pack
    from devkit.render.renderer import Renderer

    package, _, path = action.template.partition(":")
    folder, _, name = path.rpartition("/")
    text = _read(package, path, action)
    pack = Pack("resource", action.template)
    shown = f"{package}:{folder}".rstrip(":")
    renderer = Renderer(pack=pack, shown=shown, find=lambda other: _included(package, folder, other))
    try:
        with renderer.bounded():
            rendered = renderer.text(name, text, dict(action.values))
    except DevkitError as problem:
        message = f"`{action.template}` for `{action.path}`: {problem.message}"
        kind = PLUGIN_INVALID if problem.kind is TEMPLATE_INVALID else problem.kind
        raise DevkitError(kind, message, place=problem.place, help="report it to the plugin's authors") from problem
    pack.save()
    return rendered


def _read(package: str, path: str, action: Render) -> str:
    text = _find(package, "", path) if package and path else None
    if text is None:
        message = f"the template `{action.template}` for `{action.path}` is not in the plugin's package"
        help_text = 'a template is named as "package:path/in/package.j2"; report it to the plugin\'s authors'
        raise DevkitError(PLUGIN_INVALID, message, place=Place(path=action.template), help=help_text)
    return text


def _included(package: str, folder: str, name: str) -> tuple[str, str] | None:
    text = _find(package, folder, name)
    return None if text is None else (name, text)


def _find(package: str, folder: str, name: str) -> str | None:
    """Return the text of a file in a package, or `None` when it is not there or not UTF-8."""
    parts = [part for part in (*folder.split("/"), *name.split("/")) if part not in {"", "."}]
    if ".." in parts:
        return None
    from importlib import resources

    try:
        text = resources.files(package).joinpath(*parts).read_text("utf-8")
    except (OSError, ImportError, UnicodeDecodeError, TypeError, ValueError):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")
