"""Running tasks of a project: choosing them, running them, and telling the plugins that watch."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from devkit.api.tasks import Effect, Outcome
from devkit.engine.executor import OnFailure, Policy, processors, run_tasks
from devkit.engine.runner import Run, Runnable, Surroundings
from devkit.engine.signals import Interrupted
from devkit.errors import USAGE, DevkitError
from devkit.plan.graph import select
from devkit.report.events import FindingRaised, TaskEnded
from devkit.session.grounds import project_ground
from devkit.session.planning import make_plan
from devkit.session.recording import ending_of, record, recorded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from devkit.plan.plan import Plan
    from devkit.report.events import Event, Listener
    from devkit.session.session import Session

DEFAULT_STAGES = ("env", "lint", "test", "build")
"""What a bare `devkit run` runs, as far as the project has them."""
_GOOD = frozenset({Outcome.DONE, Outcome.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How somebody wants tasks to be run: `jobs` at once (0: as many as there are processors)."""

    jobs: int = 0
    on_failure: OnFailure = OnFailure.FINISH


def run(
    session: Session,
    names: Sequence[str],
    arguments: Sequence[str],
    *,
    effects: Collection[Effect] = (Effect.LOCAL,),
    command: str = "run",
    wish: Wish | None = None,
) -> Run:
    """Run the named stages and tasks with what they need; `arguments` go to the tasks that accept them.

    Tasks with other `effects` are refused; `command` is the name that the ledger remembers, `wish` how to run.
    """
    plan, _ = make_plan(project_ground(session, session.lock, is_writing=False))
    tasks = {name: planned.task for name, planned in plan.tasks.items()}
    chosen = names or [name for name in DEFAULT_STAGES if name in plan.stages]
    try:
        selected = select(tasks, chosen, plan.stages)
    except DevkitError:
        session.require_trust()
        for finding in plan.findings:
            session.tell(FindingRaised(finding))
        raise
    for task in selected:
        if task.effect not in effects:
            message = f"`{task.name}` reaches beyond this machine, and `devkit {command}` never does"
            raise DevkitError(USAGE, message, help=f"devkit {task.stage}")
    names = [task.name for task in selected]
    policy = _policy(wish or Wish())
    return run_planned(session, runnables(plan, names), session.root, arguments, command=command, policy=policy)


def runnables(plan: Plan, names: Sequence[str]) -> list[Runnable]:
    """Return the named tasks of a plan, ready to be run."""
    chosen = [plan.tasks[name] for name in names]
    return [Runnable(task=each.task, plugin=each.plugin, package=each.package) for each in chosen]


def run_planned(
    session: Session,
    chosen: Sequence[Runnable],
    root: Path,
    arguments: Sequence[str] = (),
    *,
    command: str = "",
    policy: Policy | None = None,
) -> Run:
    """Run tasks in a folder, tell the plugins that watch, and give a failure its state line.

    With a `command`, the run goes into the folder's ledger under this name; without a `policy`, one task runs at
    a time.
    """
    surroundings = Surroundings(
        root=root, tell=session.tell, is_offline=session.options.is_offline, arguments=arguments
    )
    how = policy or Policy()
    if not command:
        return _run(session, chosen, surroundings, how, lambda _: None)
    host = session.loaded_host or session.outside_host
    with recorded(root, host, chosen, command, session.tell) as recorder:
        done = _run(session, chosen, surroundings, how, partial(record, recorder))
        recorder.ending = ending_of(done)
    return done


def _policy(wish: Wish) -> Policy:
    """Return how the engine is to run what somebody wishes."""
    return Policy(jobs=wish.jobs or processors(), on_failure=wish.on_failure)


def _run(
    session: Session, chosen: Sequence[Runnable], surroundings: Surroundings, policy: Policy, listen: Listener
) -> Run:
    host = session.loaded_host or session.outside_host

    def tell(event: Event) -> None:
        listen(event)
        session.tell(event)
        if isinstance(event, TaskEnded):
            for finding in host.task_finished(event.outcome):
                session.tell(FindingRaised(finding))

    started = time.monotonic()
    done = Run()
    try:
        run_tasks(chosen, replace(surroundings, tell=tell), done, policy)
    except Interrupted as interruption:
        interruption.state = _state(done, len(chosen))
        raise
    for finding in host.run_finished(done.report(time.monotonic() - started)):
        session.tell(FindingRaised(finding))
    for failure in done.failures:
        failure.state = _state(done, len(chosen))
    return done


def _state(done: Run, count: int) -> str:
    finished = [outcome.task for outcome in done.outcomes if outcome.outcome in _GOOD]
    names = f": {', '.join(finished)}" if finished else ""
    return f"{len(finished)} of {count} tasks done{names}"
