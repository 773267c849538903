"""Whether there are colours; nothing but `os` is imported for it."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO


def wants_color(setting: str, stream: "TextIO", environ: "Mapping[str, str]" = os.environ) -> bool:
    """Whether to colour a stream: `always`, `never`, or `auto` (a terminal, unless the environment says no)."""
    if setting != "auto":
        return setting == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"
