"""Looking at the code with the project's own Semgrep rules; nothing is sent anywhere and no rule is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import REPORT_MISSING, RUNNER_MISSING, TESTS_FAILED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext

_OWN = ".venv/bin/semgrep"
_FOUND = 1
"""The exit code by which Semgrep says, with `--error`, that a rule has found something."""
_QUIET = ("--quiet", "--metrics", "off", "--disable-version-check")


def scan(context: TaskContext, *, configs: Sequence[str]) -> None:
    """Check the code; TESTS_FAILED when a rule finds something, RUNNER_MISSING without Semgrep."""
    program = str(context.root / _OWN) if (context.root / _OWN).exists() else context.which("semgrep")
    if program is None:
        message = "the project has Semgrep rules, and semgrep is not here"
        raise DevkitError(
            RUNNER_MISSING, message, help="pipx install semgrep, or add it to the project's group `dev`"
        )
    words = [word for config in configs for word in ("--config", config)]
    code = context.run([program, "scan", "--error", *_QUIET, *words, *context.arguments])
    if code == _FOUND:
        message = "the code breaks a rule of the project"
        raise DevkitError(TESTS_FAILED, message, help="what breaks which rule is above")
    if code != 0:
        message = f"semgrep ended with exit code {code}"
        raise DevkitError(REPORT_MISSING, message, help="its own message is above; often a rule cannot be read")
