"""Checks that ask a package registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import NETWORK_NEEDED, TESTS_FAILED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext


def audit(context: TaskContext, *, argv: Sequence[str]) -> None:
    """Ask for known weaknesses of the dependencies; TESTS_FAILED when there are some."""
    if context.offline:
        message = "the registry is asked for known weaknesses, and --offline forbids that"
        raise DevkitError(NETWORK_NEEDED, message, help="leave --offline away")
    code = context.run([*argv, *context.arguments])
    if code != 0:
        message = f"`{' '.join(argv)}` ended with exit code {code}"
        raise DevkitError(TESTS_FAILED, message, help="update what it names, or see whether the registry answers")
