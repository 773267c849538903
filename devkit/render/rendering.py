"""One rendering of one template: cookiecutter's rules for names, copies, binary files and line ends."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from devkit.errors import TEMPLATE_INVALID, DevkitError, Place
from devkit.plan.paths import checked
from devkit.render.manifest import VARIABLES_FILE
from devkit.render.scan import read_file, read_folder, refused
from devkit.render.texts import decoded, encoded, fleeting, has_mixed_lines, is_plain_text, marks_of
from devkit.render.tree import RenderedFile, is_seeded
from devkit.render.variables import answered, make_renderer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devkit.api.values import Value
    from devkit.render.scan import Found
    from devkit.render.source import TemplateSource


class Rendering:
    """A template read whole, and its answers; nothing is written anywhere."""

    def __init__(self, source: TemplateSource, answers: Mapping[str, Value]) -> None:
        options = source.variables.get("_jinja2_env_vars", {})
        self._source = source
        self._root = root_folder(source)
        self._shown = f"{source.shown}/{self._root}"
        self._folder = os.path.join(source.folder, self._root)
        self._found = read_folder(self._folder, self._shown)
        self._by_path = {file.path: file for file in self._found}
        self._renderer, self._pack = make_renderer(source, "tree", self._included)
        self._marks = marks_of(options)
        self._copied: list[str] = source.variables.get("_copy_without_render", [])
        self._newline = source.variables.get("_new_lines") or None
        self._fleeting = fleeting(source.variables)
        self._names: dict[str, str] = {}
        self._folders: dict[str, str | None] = {"": ""}
        self._answers = answers
        self._variables: dict[str, Any] = {}

    def files(self) -> list[RenderedFile]:
        """Return the files in the order in which cookiecutter would write them."""
        with self._renderer.bounded():
            self._variables = answered(self._source, self._renderer, self._answers)
            self._check_root()
            files = list(self._files())
        self._pack.save()
        return files

    def _check_root(self) -> None:
        """Refuse a template whose project would be written elsewhere, though devkit has its own folder for it."""
        checked(self._named(self._root), Place(path=self._shown))

    def _files(self) -> Iterator[RenderedFile]:
        for found in self._found:
            path = self._path(found.path)
            if path is None:
                continue
            is_copied = self._is_copied(found.path)
            yield RenderedFile(
                path=checked(path, Place(path=f"{self._shown}/{found.path}")),
                content=found.content if is_copied else self._content(found),
                executable=found.is_executable,
                is_seed=is_seeded(path, self._source.seeded) or not (is_copied or self._is_lasting(found.content)),
            )

    def _path(self, path: str) -> str | None:
        """Return the rendered path; `None` for a file without a name, or in a folder that a condition leaves out."""
        above, _, name = path.rpartition("/")
        folder = self._folder_path(above)
        part = name if self._is_copied(above) else self._named(name)
        return folder + part if folder is not None and part else None

    def _folder_path(self, folder: str) -> str | None:
        """Return a rendered folder with its `/`, and the empty text for that of the project itself."""
        unknown = []
        while folder not in self._folders:
            above, _, name = folder.rpartition("/")
            unknown.append((folder, above, name))
            folder = above
        for path, above, name in reversed(unknown):
            before = self._folders[above]
            part = name if self._is_copied(above) else self._named(name)
            is_left_out = before is None or (not part and "{%" in name)
            self._folders[path] = None if is_left_out else f"{before}{part}/"
        return self._folders[unknown[0][0] if unknown else folder]

    def _named(self, name: str) -> str:
        """Return the rendered name of a file or folder."""
        if name not in self._names:
            place = Place(path=f"{self._source.shown}/{name}")
            has_marks = any(mark in name.encode() for mark in self._marks)
            self._names[name] = self._renderer.text(name, name, self._variables, place) if has_marks else name
        return self._names[name]

    def _is_copied(self, path: str) -> bool:
        """Whether a file or folder is taken as it is, because a pattern matches it or a folder above it."""
        if not self._copied or not path:
            return False
        parts = path.split("/")
        above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        return any(fnmatch(each, pattern) for each in above for pattern in self._copied)

    def _is_lasting(self, content: bytes) -> bool:
        return not self._has_marks(content) or self._fleeting.search(content) is None

    def _has_marks(self, content: bytes) -> bool:
        return any(mark in content for mark in self._marks)

    def _content(self, found: Found) -> bytes:
        has_marks = self._has_marks(found.content)
        if not (has_marks or has_mixed_lines(found.content) or self._newline is not None):
            return found.content
        if self._pack.verdict(found.path, found.content[:512], lambda: self._is_binary(found)):
            return found.content
        path = f"{self._shown}/{found.path}"
        text = decoded(found.content, path)
        if has_marks:
            text = self._renderer.text(f"{self._root}/{found.path}", text, self._variables)
        return encoded(text, found.content, self._newline, path)

    def _is_binary(self, found: Found) -> bool:
        """Whether cookiecutter would copy a file: it asks the same library, which is slow for the plain cases."""
        from binaryornot import check, helpers

        suffix = os.path.splitext(found.path)[1].lstrip(".").lower()
        if is_plain_text(found.content[:512]) and suffix not in getattr(helpers, "BINARY_EXTENSIONS", {suffix}):
            return False
        return bool(check.is_binary(os.path.join(self._folder, found.path)))

    def _included(self, name: str) -> tuple[str, str] | None:
        """Return the path and text of a template that another includes: a file beside it, or one of `templates/`."""
        parts = [part for part in name.split("/") if part not in {"", "."}]
        if ".." in parts or not parts:
            return None
        path = "/".join(parts)
        found, shown = self._by_path.get(path), f"{self._root}/{path}"
        if found is None and os.path.lexists(os.path.join(self._source.folder, "templates", path)):
            folder, shown = os.path.join(self._source.folder, "templates"), f"templates/{path}"
            _refuse_links(folder, parts, f"{self._source.shown}/templates")
            found = read_file(os.path.join(folder, path), path, f"{self._source.shown}/templates")
        return None if found is None else (shown, decoded(found.content, f"{self._source.shown}/{shown}"))


def root_folder(source: TemplateSource) -> str:
    """Return the name of the folder that holds the project's files: the one with a variable of cookiecutter's."""
    options = source.variables.get("_jinja2_env_vars", {})
    start, end = options.get("variable_start_string", "{{"), options.get("variable_end_string", "}}")
    names = sorted(os.listdir(source.folder))
    found = next((name for name in names if "cookiecutter" in name and start in name and end in name), None)
    if found is None:
        message = "the template has no folder such as `{{cookiecutter.project_slug}}` for the project's files"
        raise DevkitError(TEMPLATE_INVALID, message, place=Place(path=f"{source.shown}/{VARIABLES_FILE}"))
    path = os.path.join(source.folder, found)
    if os.path.islink(path) or not os.path.isdir(path):
        what = "a symbolic link" if os.path.islink(path) else "a file where the project's folder belongs"
        raise refused(what, Place(path=f"{source.shown}/{found}"))
    return found


def _refuse_links(folder: str, parts: list[str], shown: str) -> None:
    for count in range(len(parts)):
        if os.path.islink(os.path.join(folder, *parts[:count])):
            raise refused("a symbolic link", Place(path="/".join([shown, *parts[:count]])))
