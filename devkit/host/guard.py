"""The guard around plugin code: a failure names the plugin and the hook, and stdout stays devkit's own."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from devkit.errors import PLUGIN_FAILED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def guarded(plugin: object, hook: str) -> Iterator[None]:
    """Run plugin code in the block: its failures become PLUGIN_FAILED, its output goes to stderr.

    `plugin` is told to the user as text (`plugin audit 1.0`). `SystemExit` and `KeyboardInterrupt` are failures
    too: while a command runs, a signal arrives as an exception of devkit's own, and only that passes.
    """
    try:
        with output_to_stderr():
            yield
    except DevkitError as error:
        raise _attributed(error, plugin, hook) from error
    except BaseException as problem:
        if _is_interruption(problem):
            raise
        raise DevkitError(PLUGIN_FAILED, failure(plugin, hook, problem), help=_LEAVE_OUT) from problem


_LEAVE_OUT = "report it to the plugin's authors; `--no-plugins` or `-p NAME` leaves it out"


def failure(plugin: object, hook: str, problem: BaseException) -> str:
    """Return the sentence that tells of an exception in plugin code."""
    words = str(problem).strip()
    what = type(problem).__name__ + (f": {words}" if words else "")
    return f"{plugin} failed in {hook}: {what}"


@contextmanager
def output_to_stderr() -> Iterator[None]:
    """Send what is written to stdout in the block to stderr: by `print`, and by child processes too."""
    with redirect_stdout(sys.stderr), _descriptor_to_stderr():
        yield


@contextmanager
def _descriptor_to_stderr() -> Iterator[None]:
    try:
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
        saved = os.dup(1)
    except (OSError, ValueError):  # closed: nothing can be written to it
        yield
        return
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def _is_interruption(problem: BaseException) -> bool:
    """Return whether devkit itself raised this to end the run; `engine/signals.py` does, in a room above."""
    return not isinstance(problem, Exception) and type(problem).__module__.startswith("devkit.")


def _attributed(error: DevkitError, plugin: object, hook: str) -> DevkitError:
    if str(plugin) in error.message:
        return error
    message = f"{plugin} failed in {hook}: {error.message}"
    return DevkitError(error.kind, message, place=error.place, help=error.help, state=error.state)
