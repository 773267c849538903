"""`devkit run`: run local tasks with what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from devkit.api.clicking import words_without
from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.result import Result
    from devkit.engine.executor import OnFailure
    from devkit.session.session import Session


@click.command(cls=Command, context_settings={"ignore_unknown_options": False})
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Run N tasks at once; else one for each processor."
)
@click.option("--keep-going", is_flag=True, help="Let a failing task stop only what needs it.")
@click.option("--fail-fast", is_flag=True, help="Stop the running tasks too when one fails.")
@click.option("--resume", "is_resumed", is_flag=True, help="Go on with the last run, without what it has done.")
@click.option("--no-cache", is_flag=True, help="Run tasks that are up to date too.")
@click.option("--affected", is_flag=True, help="Only what changed files touch, and what depends on it.")
@click.option("--base", metavar="REF", help="Changed since REF; else since the upstream or the main branch.")
@click.option("--watch", "is_watched", is_flag=True, help="Run again when files change, until Ctrl-C.")
@click.argument("names", nargs=-1, metavar="[STAGE|TASK]... [-- ARGUMENTS]...", type=click.UNPROCESSED)
@with_session
def command(
    session: Session,
    *,
    names: tuple[str, ...],
    jobs: int | None,
    keep_going: bool,
    fail_fast: bool,
    is_resumed: bool,
    no_cache: bool,
    affected: bool,
    base: str | None,
    is_watched: bool,
) -> Result:
    """Run the tasks of the named stages, or single tasks, with what they need.

    Without names: env, lint, test and build, as far as the project has them. What follows `--` goes to the tool.
    A task whose inputs, outputs, variables and tools are as they were when it last ended well is skipped.
    When a task fails, nothing new starts and what runs goes on to its end.
    """
    from devkit.cli.options import after_dashes
    from devkit.report.runs import nothing_to_resume, run_result
    from devkit.session.running import Wish, resume, run

    arguments = after_dashes()
    chosen = names[: len(names) - len(arguments)]
    on_failure = _on_failure(keep_going=keep_going, fail_fast=fail_fast)
    since = (base or "") if affected or base else None
    wish = Wish(jobs=jobs or 0, on_failure=on_failure, uses_cache=not no_cache, base=since)
    if is_watched:
        _watch(session, chosen, is_resumed=is_resumed)
    if is_resumed and chosen:
        message = "`--resume` goes on with the tasks of the last run, and takes no names"
        raise click.UsageError(message)
    done = resume(session, arguments, wish) if is_resumed else run(session, chosen, arguments, wish=wish)
    return run_result(done.outcomes, done.failures) if done else nothing_to_resume()


def _watch(session: Session, names: Sequence[str], *, is_resumed: bool) -> NoReturn:
    from devkit.session.running import watch

    if is_resumed:
        message = "`--watch` begins with the tasks that it is given, and does not go with `--resume`"
        raise click.UsageError(message)
    watch(session, names, words_without("--watch"))


def _on_failure(*, keep_going: bool, fail_fast: bool) -> OnFailure:
    from devkit.engine.executor import OnFailure

    if keep_going and fail_fast:
        message = "`--keep-going` and `--fail-fast` contradict each other"
        raise click.UsageError(message)
    return OnFailure.KEEP_GOING if keep_going else OnFailure.FAIL_FAST if fail_fast else OnFailure.FINISH
