"""Rendering one text after another with jinja2 in one sandbox, and saying where a text went wrong.

Imports jinja2: whoever needs it imports this module late.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError

from devkit.errors import TEMPLATE_INVALID, DevkitError, Place
from devkit.render.sandbox import Sandbox, TooMuchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

    from jinja2 import Environment, Template

    from devkit.render.cache import Pack
    from devkit.render.renderer import Find, Variables


class Texts(BaseLoader):
    """The texts that templates include, extend and import, and their code, compiled once."""

    def __init__(self, find: Find, pack: Pack) -> None:
        self._find = find
        self._pack = pack
        self.known: dict[str, str] = {}

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        """Return the template of a name."""
        found = self._find(name)
        if found is None:
            raise TemplateNotFound(name)
        return self.compiled(environment, *found, globals)

    def compiled(
        self, environment: Environment, name: str, text: str, names: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Return a text as a template that can be rendered."""
        self.known[name] = text
        code = self._pack.code(name, text, lambda: environment.compile(text, name, name))
        return environment.template_class.from_code(
            environment, code, environment.globals if names is None else names
        )


class Jinja:
    """Renders texts; `find` gives those that others include, `shown` is how messages name their folder."""

    def __init__(
        self, *, pack: Pack, shown: str, find: Find, extensions: tuple[str, ...], options: Mapping[str, Any]
    ) -> None:
        self._texts = Texts(find, pack)
        self._shown = shown
        with self._blamed("", None):
            self.sandbox = Sandbox(loader=self._texts, extensions=extensions, options=options)

    def text(self, name: str, text: str, variables: Variables, place: Place | None = None) -> str:
        """Return a text rendered; whatever goes wrong is `TEMPLATE_INVALID`, at its line or at `place`."""
        self.sandbox.allow_text()
        with self._blamed(name, place):
            template = self._texts.compiled(self.sandbox, name, text)
            context = template.new_context(variables)
            return self.sandbox.concat(template.root_render_func(context))

    @contextmanager
    def _blamed(self, name: str, place: Place | None) -> Iterator[None]:
        """Say of whatever a foreign text raises where in the text it was."""
        try:
            yield
        except DevkitError:
            raise
        except Exception as problem:  # an expression of a template can raise anything at all
            found, line = self._where(problem, name)
            raise DevkitError(
                TEMPLATE_INVALID,
                _words(problem),
                place=place or self._place(found, line),
                help="report it to the template's authors",
            ) from problem

    def _where(self, problem: Exception, name: str) -> tuple[str, int | None]:
        """Return the template and the line in it at which a problem arose."""
        if isinstance(problem, TemplateSyntaxError):
            return problem.name or name, problem.lineno
        found: tuple[str, int | None] = name, None
        traceback = problem.__traceback__
        while traceback is not None:
            template = traceback.tb_frame.f_globals.get("__jinja_template__")
            if template is not None:
                found = template.name or name, template.get_corresponding_lineno(traceback.tb_lineno)
            traceback = traceback.tb_next
        return found

    def _place(self, name: str, line: int | None) -> Place:
        lines = re.split("\r\n|\r|\n", self._texts.known.get(name, ""))
        text = lines[line - 1] if line is not None and line <= len(lines) else ""
        width = max(len(text.strip()), 1)
        column = len(text) - len(text.lstrip()) + 1 if text.strip() else None
        path = os.path.join(self._shown, name) if name else self._shown
        return Place(path=path, line=line, column=column, text=text, width=width)


def _words(problem: Exception) -> str:
    """Return a problem in one sentence."""
    match problem:
        case TooMuchError():
            return f"the template asks for too much: {problem}"
        case SecurityError():
            return f"the template reaches for what templates may not have: {problem}"
        case RecursionError():
            return "the template goes round in circles"
        case TemplateNotFound():
            return f"the template includes `{problem.message}`, which is not there"
        case MemoryError():
            return "the template takes more memory than there is for it"
        case _:
            first = str(problem).strip().partition("\n")[0]
            return f"the template does not render: {first or type(problem).__name__}"
