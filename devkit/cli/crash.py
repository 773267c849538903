"""The private log of a crash: what a developer needs and no user should have to read."""

from __future__ import annotations

import os
import time
import traceback


def write_crash_log(problem: BaseException) -> str:
    """Write the traceback to a file that only the user can read; return its path, or why there is none."""
    from devkit.config.directories import state_folder

    folder = os.path.join(state_folder(), "crashes")
    path = os.path.join(folder, f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(problem))
    except OSError as reason:
        return f"(no log: {reason.strerror})"
    return path
