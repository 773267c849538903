"""What programs that run side by side print: each line behind the name of its program, in a colour of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.report.text import clean, style

if TYPE_CHECKING:
    from devkit.report.console import Console
    from devkit.report.events import ProgramOutput

_COLOURS = ("cyan", "green", "yellow", "blue", "red")


class ProgramLines:
    """Shows the lines on a console; the names are as wide as the widest so far."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._colours: dict[str, str] = {}
        self._width = 0

    def show(self, event: ProgramOutput) -> None:
        """Show one line."""
        name = clean(event.program)
        self._width = max(self._width, len(name))
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        self._console.print(f"{style(f'{name:<{self._width}} |', colour)} {clean(event.line)}")
