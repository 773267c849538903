"""jinja2 held within bounds: no attribute that leads to Python's own insides, no endless work, no flood of output.

Imports jinja2: whoever needs it imports this module late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import BaseLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from devkit.render.bounds import LARGEST
from devkit.render.offered import Now, offered_filters, offered_globals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2.compiler import Frame
    from jinja2.environment import Template
    from jinja2.runtime import Context

STEPS = 500_000
"""Calls, rounds of loops and includes that rendering one template may take; each text adds a few."""
_STEPS_PER_TEXT = 1_000
_LARGEST_NUMBER = 65_536
"""Bits of the largest number that multiplication may make."""


class TooMuchError(Exception):
    """A template that asked for more than its bounds."""


class Missing(StrictUndefined):
    """A variable that is not there, in words that name it."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint is None and isinstance(self._undefined_obj, Mapping):
            return f"`{self._undefined_name}` is not defined there"
        if (
            self._undefined_hint is None
            and isinstance(self._undefined_name, str)
            and _is_nothing(self._undefined_obj)
        ):
            return f"`{self._undefined_name}` is not defined"
        return super()._undefined_message


class BoundedGenerator(CodeGenerator):
    """Generates code that counts the rounds of loops and measures joined text."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - jinja2's own name
        """Have the environment count what a loop goes over."""
        counted = nodes.EnvironmentAttribute("counted", lineno=node.lineno, environment=self.environment)
        node.iter = nodes.Call(counted, [node.iter], [], None, None, lineno=node.lineno, environment=self.environment)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - jinja2's own name
        """Have the environment measure the result of `~`."""
        self.write("environment.measured(")
        super().visit_Concat(node, frame)
        self.write(")")


class Sandbox(SandboxedEnvironment):
    """The environment that templates render in: cookiecutter's, in a sandbox and within bounds."""

    code_generator_class = BoundedGenerator
    intercepted_binops = frozenset({"*", "**", "+"})

    def __init__(
        self, *, loader: BaseLoader | None = None, extensions: Iterable[str] = (), options: Mapping[str, Any] = {}
    ) -> None:
        super().__init__(
            undefined=Missing,
            keep_trailing_newline=True,
            auto_reload=False,
            optimized=False,  # folding constants costs more than it saves in a text that is rendered once
            loader=loader,
            extensions=[Now, *extensions],
            **{name: value for name, value in options.items() if name != "optimized"},
        )
        self.steps = 0
        self.allowed = STEPS
        self.filters.update(offered_filters())
        self.globals.update(offered_globals())
        self.globals["lipsum"] = _lipsum

    def step(self, count: int = 1) -> None:
        """Count work; raise when it is more than any template needs."""
        self.steps += count
        if self.steps > self.allowed:
            raise TooMuchError(f"rendering takes more than {self.allowed:,} steps")

    def allow_text(self) -> None:
        """Allow the work that one more text may take."""
        self.allowed += _STEPS_PER_TEXT

    def counted(self, items: Iterable[Any]) -> Iterable[Any]:
        """Return what a loop goes over, its rounds counted."""
        if isinstance(items, Sized):
            self.step(len(items))
            return items
        return self._counting(items)

    def measured(self, text: Any) -> Any:
        """Return a text, or raise when it is too large."""
        if isinstance(text, Sized) and len(text) > LARGEST:
            raise TooMuchError(f"a text of more than {LARGEST // 2**20} MiB")
        return text

    def concat(self, parts: Iterable[str]) -> str:
        """Return the parts as one text; every block, macro and file comes through here."""
        kept, size = [], 0
        for part in parts:
            size += len(part)
            if size > LARGEST:
                raise TooMuchError(f"more than {LARGEST // 2**20} MiB of output")
            kept.append(part)
        return "".join(kept)

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function for a template, counted."""
        self.step()
        return super().call(context, function, *args, **kwargs)

    def unsafe_undefined(self, obj: Any, attribute: str) -> NoReturn:
        """Refuse what leads to Python's own insides at once, whatever the template would do with it."""
        raise SecurityError(f"`{attribute}` of {type(obj).__name__}")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Work out an operator whose result could grow without bounds."""
        if _growth(operator, left, right) > 1:
            raise TooMuchError(f"the result of `{operator}` is too large")
        return super().call_binop(context, operator, left, right)

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - jinja2's own name
        self.step()
        return super()._load_template(name, globals)

    def _counting(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.step()
            yield item


def _growth(operator: str, left: Any, right: Any) -> float:
    """Return how large the result of an operator will be, as a part of what is allowed."""
    if isinstance(left, int) and isinstance(right, int):
        sizes = left.bit_length(), right.bit_length()
        bits = {"**": sizes[0] * max(right, 0), "*": sum(sizes), "+": max(sizes)}[operator]
        return bits / _LARGEST_NUMBER
    if operator == "*" and isinstance(right, Sized):
        left, right = right, left
    if operator == "*" and isinstance(left, Sized) and isinstance(right, int):
        return len(left) * max(right, 0) / LARGEST
    if operator == "+" and isinstance(left, Sized) and isinstance(right, Sized):
        return (len(left) + len(right)) / LARGEST
    return 0


def _is_nothing(value: object) -> bool:
    from jinja2.utils import missing

    return value is missing


def _lipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:  # noqa: A002 - jinja2's own names
    from jinja2.utils import generate_lorem_ipsum

    if n * max > LARGEST // 1024:
        raise TooMuchError("more words of `lipsum` than anybody reads")
    return generate_lorem_ipsum(n=n, html=html, min=min, max=max)
