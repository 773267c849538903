"""`devkit test`, `devkit lint` and `devkit fmt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.api import NOTHING_TO_TEST, CommandClass, DevkitError, Result, with_context

if TYPE_CHECKING:
    from devkit.api import CommandContext

_CHECKS = ("lint", "format", "types", "security", "semgrep")
_ARGUMENTS = click.argument("arguments", nargs=-1, metavar="[-- ARGUMENTS]...", type=click.UNPROCESSED)


@click.command(cls=CommandClass)
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="unit, integration, contract, e2e or load; repeatable."
)
@click.option("--all", "is_all", is_flag=True, help="Every kind, with those that need the running application.")
@click.option("-k", "expression", metavar="EXPRESSION", help="Only tests whose names match, as the runner reads it.")
@click.option("--last-failed", is_flag=True, help="Only the tests that failed last.")
@click.option("--affected", "is_affected", is_flag=True, help="Only the kinds that read what changed.")
@click.option("--watch", "is_watched", is_flag=True, help="Run again when files change, until Ctrl-C.")
@click.option(
    "--base",
    metavar="REF",
    help="Changed since REF: for --affected, and for the coverage of the changed lines, which is told then.",
)
@_ARGUMENTS
@with_context
def test(
    context: CommandContext,
    *,
    kinds: tuple[str, ...],
    is_all: bool,
    expression: str | None,
    last_failed: bool,
    is_affected: bool,
    is_watched: bool,
    base: str | None,
    arguments: tuple[str, ...],
) -> Result:
    """Run the tests and say how they went and what they cover.

    What follows `--` goes to the test runner, and then only the unit tests run unless `--kind` says otherwise.
    """
    from devkit_test.testing import Choice, run

    choice = Choice(
        kinds=kinds,
        is_all=is_all,
        expression=expression or "",
        is_last_failed=last_failed,
        is_affected=is_affected,
        is_watched=is_watched,
        base=base or "",
        arguments=arguments,
    )
    return run(context, choice)


@click.command(cls=CommandClass)
@click.option("--fix", is_flag=True, help="Mend what can be mended first.")
@with_context
def lint(context: CommandContext, *, fix: bool) -> Result:
    """Check the code without running it: style, layout, types, insecure code."""
    return _run(context, [*(("fix", "fmt") if fix else ()), *_CHECKS], "lint")


@click.command(cls=CommandClass)
@with_context
def fmt(context: CommandContext) -> Result:
    """Lay the code out as the project's formatter has it."""
    return _run(context, ["fmt"], "fmt")


def _run(context: CommandContext, names: list[str], command: str) -> Result:
    """Run those of the tasks that the project has, mending before checking."""
    known = [f"test:{name}" for name in names if f"test:{name}" in context.tasks]
    if not known:
        message = f"this project has nothing for `devkit {command}`"
        raise DevkitError(NOTHING_TO_TEST, message, help="add Ruff, or a script `lint` or `format` in package.json")
    mending = [name for name in known if name in {"test:fix", "test:fmt"} and command == "lint"]
    checking = [name for name in known if name not in mending]
    outcomes = []
    for group in filter(None, (mending, checking)):
        ran = context.run_tasks(group)
        outcomes += [{"task": one.task, "outcome": str(one.outcome)} for one in ran.report.outcomes]
        if ran.error is not None and group is not mending:  # what could not be mended, the checks tell of
            return Result(schema=f"devkit.{command}/1", data={"tasks": outcomes}, error=ran.error)
    return Result(schema=f"devkit.{command}/1", data={"tasks": outcomes})
