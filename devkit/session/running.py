"""Running tasks of a project: choosing them, running them, and telling the plugins that watch."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.tasks import Effect
from devkit.engine.executor import OnFailure, Policy, processors, run_tasks
from devkit.engine.runner import Run, Runnable
from devkit.engine.signals import Interrupted
from devkit.engine.skipping import Resumed
from devkit.engine.taskcontext import Surroundings
from devkit.errors import NOTHING_CHANGED, USAGE, DevkitError
from devkit.report.events import FindingRaised, Noted, TaskEnded
from devkit.session.affecting import narrowed
from devkit.session.choosing import refuse_effects, require_takers, selected_tasks
from devkit.session.grounds import task_ground
from devkit.session.planning import lifecycle_of, plan_tasks
from devkit.session.recording import ending_of, record, recorded
from devkit.session.resuming import unfinished_run
from devkit.session.spans import Spans
from devkit.session.tracked import Writers
from devkit.session.upkeep import Upkeep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from devkit.api.tasks import Task
    from devkit.engine.skipping import Freshness
    from devkit.plan.plan import Plan
    from devkit.project.tree import DiskTree
    from devkit.report.events import Event, Listener
    from devkit.session.session import Session

RESUME_HINT = "; resume with `devkit run --resume`"
_NAMED = 10
"""Tasks that a state line names."""


class Wish(Struct, frozen=True, kw_only=True):
    """How somebody wants tasks to be run: `jobs` at once (0: as many as there are processors).

    `done` are tasks that a run which goes on has done already. Without `uses_cache` nothing is skipped. `may_skip`
    says whether tasks that are asked for by name are skipped when they are up to date, as what they need is; unless
    it is said, `devkit run` does, and other commands do not. With a `base`, only what changed files since then touch
    is run; an empty one is the usual one. `words` are a command line without options that means no more than the run
    and what `answer` tells.
    """

    jobs: int = 0
    on_failure: OnFailure = OnFailure.FINISH
    done: Collection[str] = ()
    uses_cache: bool = True
    may_skip: bool | None = None
    base: str | None = None
    words: Sequence[str] = ()
    answer: Callable[[], Sequence[str]] = tuple


def run(
    session: Session,
    names: Sequence[str],
    arguments: Sequence[str],
    *,
    effects: Collection[Effect] = (Effect.LOCAL,),
    command: str = "run",
    wish: Wish | None = None,
    planned: tuple[Plan, DiskTree] | None = None,
) -> Run:
    """Run the named stages and tasks with what they need; `arguments` go to the tasks that accept them.

    Tasks with other `effects` are refused; `command` is the name that the ledger remembers, `wish` how to run, and
    `planned` what was planned for this very run, and the tree that recorded what it was made from.
    """
    planned = planned or _plan(session)
    return _run_named(session, planned, names, arguments, effects=effects, command=command, wish=wish or Wish())


def _plan(session: Session) -> tuple[Plan, DiskTree]:
    lifecycle = lifecycle_of(task_ground(session))
    return plan_tasks(lifecycle), lifecycle.disk


def _run_named(
    session: Session,
    planned: tuple[Plan, DiskTree],
    names: Sequence[str],
    arguments: Sequence[str],
    *,
    effects: Collection[Effect] = (Effect.LOCAL,),
    command: str = "run",
    wish: Wish,
) -> Run:
    plan, tree = planned
    selected = selected_tasks(session, plan, names)
    if wish.base is not None:
        selected = narrowed(session, plan, selected, wish.base)
    refuse_effects(selected, effects, command)
    if arguments and command == "run":
        require_takers(selected)
    surroundings = replace(
        surroundings_of(session, session.root),
        arguments=arguments,
        tools={tool.name: tool for tool in plan.tools},
    )
    is_run = command == "run"
    may_skip = is_run if wish.may_skip is None else wish.may_skip
    upkeep = Upkeep(
        session=session,
        names=names,
        arguments=arguments,
        plan=plan,
        tree=tree,
        may_skip=may_skip,
        is_forced=not wish.uses_cache,
        words=("run", *names) if is_run and may_skip else wish.words,
        answer=wish.answer,
    )
    known = upkeep.freshness(selected)
    done = run_planned(
        session,
        runnables(plan, [task.name for task in selected]),
        surroundings,
        command=command,
        policy=_policy(wish, known),
        hint=RESUME_HINT if set(effects) == {Effect.LOCAL} else "",
    )
    upkeep.end(selected, known, done, is_whole=wish.base is None)
    return done


def watch(session: Session, names: Sequence[str], words: Sequence[str]) -> NoReturn:
    """Run what `names` mean again and again, as files change; `words` are the command line of a single run.

    USAGE with `--json`, `--events` or `--report`, of which nobody would see the end.
    """
    if session.options.is_json or session.options.events or session.options.reports:
        message = "what watches never ends by itself, and does not go with `--json`, `--events` and `--report`"
        raise DevkitError(USAGE, message, help="leave one of them away")
    from devkit.session.session import Session
    from devkit.session.watching import Watch

    def select() -> tuple[Plan, Sequence[Task]]:
        now = Session(session.options, session.tell)
        plan, _ = _plan(now)
        return plan, selected_tasks(now, plan, names)

    select()  # what is wrong from the start ends the command
    Watch(session, words, select).go()


def resume(session: Session, arguments: Sequence[str], wish: Wish) -> Run | None:
    """Go on with the last run, without what it has done; `None` when it ended well, or there was none."""
    unfinished = unfinished_run(session.root)
    if unfinished is None:
        return None
    plan, tree = _plan(session)
    gone = [name for name in unfinished.tasks if name not in plan.tasks]
    if gone:
        session.tell(Noted(f"left out, since the project has them no more: {', '.join(gone)}"))
    names = [name for name in unfinished.tasks if name in plan.tasks]
    if not names:
        return None
    return _run_named(session, (plan, tree), names, arguments, wish=replace(wish, done=unfinished.done))


def runnables(plan: Plan, names: Sequence[str]) -> list[Runnable]:
    """Return the named tasks of a plan, ready to be run."""
    chosen = [plan.tasks[name] for name in names]
    return [Runnable(task=each.task, plugin=each.plugin, package=each.package) for each in chosen]


def run_planned(
    session: Session,
    chosen: Sequence[Runnable],
    surroundings: Surroundings,
    *,
    command: str = "",
    policy: Policy | None = None,
    hint: str = "",
) -> Run:
    """Run tasks in a folder, tell the plugins that watch, and give a failure its state line, which ends in `hint`.

    With a `command`, the run goes into the folder's ledger under this name; without a `policy`, one task runs at
    a time.
    """
    how = policy or Policy()
    if not command:
        return _run(session, chosen, surroundings, how, lambda _: None, hint=hint)
    host = session.loaded_host or session.outside_host
    writers, spans = Writers(each.task for each in chosen), Spans(session, command)
    if spans.tracing is not None:
        surroundings = replace(surroundings, traceparent=spans.tracing.traceparent)
    with recorded(surroundings.root, host, chosen, command, session.tell) as recorder:

        def listen(event: Event) -> None:
            record(recorder, event)
            writers.hear(event)
            if spans.tracing is not None:
                spans.tracing.hear(event)

        done = _run(session, chosen, surroundings, how, listen, hint=hint)
        recorder.ending = ending_of(done)
    for finding in writers.findings(surroundings.root):
        session.tell(FindingRaised(finding))
    spans.send()
    return done


def surroundings_of(session: Session, root: Path) -> Surroundings:
    """Return what tasks of a session run in."""
    return Surroundings(root=root, tell=session.tell, is_offline=session.options.is_offline)


def _policy(wish: Wish, known: Freshness) -> Policy:
    """Return how the engine is to run what somebody wishes."""
    freshness = Resumed(known, wish.done) if wish.done else known
    return Policy(jobs=wish.jobs or processors(), on_failure=wish.on_failure, freshness=freshness)


def _run(
    session: Session,
    chosen: Sequence[Runnable],
    surroundings: Surroundings,
    policy: Policy,
    listen: Listener,
    *,
    hint: str,
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
        interruption.state = _state(done, len(chosen)) + hint
        raise
    for finding in host.run_finished(done.report(time.monotonic() - started)):
        session.tell(FindingRaised(finding))
    for failure in done.failures:
        if failure.state == NOTHING_CHANGED:  # a task may know better what it has done
            failure.state = _state(done, len(chosen)) + hint
    return done


def _state(done: Run, count: int) -> str:
    finished = [outcome.task for outcome in done.outcomes if outcome.outcome.is_good]
    more = f" and {len(finished) - _NAMED} more" if len(finished) > _NAMED else ""
    names = f": {', '.join(finished[:_NAMED])}{more}" if finished else ""
    return f"{len(finished)} of {count} tasks done{names}"
