"""Rendering one text after another; jinja2 is imported for the first text that does more than name variables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from devkit.errors import TEMPLATE_INVALID, DevkitError, Place
from devkit.render.bounds import bounded_memory
from devkit.render.plain import substituted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devkit.render.cache import Pack
    from devkit.render.jinja import Jinja

Variables = dict[str, Any]
Find = Callable[[str], tuple[str, str] | None]
"""Returns, for the name that a template includes, how messages name the file, and its text; `None` for no file."""


class Renderer:
    """Renders texts; `find` gives those that others include, `shown` is how messages name their folder."""

    def __init__(
        self,
        *,
        pack: Pack,
        shown: str,
        find: Find = lambda _: None,
        extensions: tuple[str, ...] = (),
        options: Mapping[str, Any] = {},
    ) -> None:
        self._shown = shown
        self._settings: dict[str, Any] = {
            "pack": pack,
            "shown": shown,
            "find": find,
            "extensions": extensions,
            "options": options,
        }
        self._jinja = self._make_jinja() if extensions or options else None
        self._may_be_plain = self._jinja is None

    def text(self, name: str, text: str, variables: Variables, place: Place | None = None) -> str:
        """Return a text rendered; whatever goes wrong is `TEMPLATE_INVALID`, at its line or at `place`."""
        plain = substituted(text, variables) if self._may_be_plain else None
        if plain is not None:
            return plain
        if self._jinja is None:
            self._jinja = self._make_jinja()
        return self._jinja.text(name, text, variables, place)

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """Render in this block: memory stays within bounds."""
        try:
            with bounded_memory():
                yield
        except MemoryError as problem:
            message = "the template takes more memory than there is for it"
            raise DevkitError(TEMPLATE_INVALID, message, place=Place(path=self._shown)) from problem

    def _make_jinja(self) -> Jinja:
        from devkit.render.jinja import Jinja

        return Jinja(**self._settings)
