"""The global options of one invocation."""

from __future__ import annotations

from msgspec import Struct


class Options(Struct, frozen=True, kw_only=True):
    """What was asked for on the command line, for every command alike."""

    directory: str = "."
    verbosity: int = 0
    is_json: bool = False
    events: str = ""
    reports: tuple[str, ...] = ()
    assume_yes: bool = False
    is_interactive: bool = True
    is_offline: bool = False
    color: str = "auto"
    no_plugins: bool = False
    plugins: tuple[str, ...] = ()
