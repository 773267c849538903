"""What the commands that change files have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.api.result import Result
    from devkit.session.applying import Application, Manner
    from devkit.session.session import Session

F = TypeVar("F", bound="Callable[..., object]")


def changing_options(function: F) -> F:
    """Add `--dry-run`, `--check` and `--conflict`."""
    decorators = [
        click.option("-n", "--dry-run", is_flag=True, help="Only show what would change."),
        click.option("--check", is_flag=True, help="Only say whether something would change (exit code 3)."),
        click.option(
            "--conflict",
            type=click.Choice(["leave", "inline", "rej"]),
            default="leave",
            show_default=True,
            help="Leave conflicting files alone, write markers into them, or FILE.rej beside them.",
        ),
    ]
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


def manner(
    *, dry_run: bool, check: bool, conflict: str, is_update: bool = False, expected_digest: str = ""
) -> Manner:
    """Return the manner that the options ask for."""
    from devkit.session.applying import Manner, OnConflict

    return Manner(
        is_dry=dry_run,
        is_check=check,
        on_conflict=OnConflict(conflict),
        is_update=is_update,
        expected_digest=expected_digest,
    )


def show(session: Session, application: Application) -> Result:
    """Return the answer of a command that changed files, or would have."""
    from devkit.report.plans import applied_result, plan_result

    verbosity = session.options.verbosity
    if application.is_applied:
        return applied_result(application.plan, error=application.error, verbosity=verbosity)
    return plan_result(application.plan, error=application.error, verbosity=verbosity)
