"""Looking at the code with the project's own Semgrep rules; nothing is sent anywhere and no rule is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import RUNNER_MISSING, TESTS_FAILED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext

_OWN = ".venv/bin/semgrep"
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
    if code != 0:
        message = f"semgrep ended with exit code {code}"
        raise DevkitError(TESTS_FAILED, message, help="1 means findings, which are above; others are its own errors")
