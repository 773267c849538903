"""Whether a process that left its number somewhere is there still."""

from __future__ import annotations

import os


def is_there(pid: int) -> bool:
    """Whether a process is there, whoever owns it; on native Windows, where asking ends it, it counts as there."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
