"""`devkit init`: a new project, built whole beside its destination and published by one rename."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.tasks import Moment
from devkit.engine.signals import Interrupted
from devkit.errors import INVALID_NAME, NOTHING_CHANGED, UNKNOWN_NAME, DevkitError
from devkit.plan.lock import Lock
from devkit.project.root import git_top
from devkit.report.events import FileChanged
from devkit.report.invocation import called_as, shortest
from devkit.session.grounds import locked_template, open_source, plugin_versions, rendered_files
from devkit.session.planning import Ground, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from devkit.api.values import Value
    from devkit.engine.runner import Run
    from devkit.plan.plan import Plan
    from devkit.render.answers import Question
    from devkit.render.source import TemplateSource
    from devkit.session.session import Session

DEFAULT_TEMPLATE = "python-service"


class InitRequest(Struct, frozen=True, kw_only=True):
    """What `devkit init` was asked for; `ask` is `None` when nobody may be asked."""

    destination: Path
    template: str = DEFAULT_TEMPLATE
    data: Mapping[str, Value]
    without: Sequence[str] = ()
    has_git: bool = True
    has_env: bool = True
    ask: Callable[[Question], Value] | None = None


class Founded(Struct, frozen=True, kw_only=True):
    """A project that was made: where, from what, whether with a commit, and what could not be done."""

    destination: Path
    template: str
    plan: Plan
    has_commit: bool
    error: DevkitError | None = None


def found(session: Session, request: InitRequest) -> Founded:
    """Make a project at the destination, or raise with nothing left behind.

    What needs the network (locking and installing dependencies) may fail after the project is there; the
    answer's `error` then says how to go on.
    """
    from devkit.engine.birth import born, check_destination

    destination = request.destination
    check_destination(destination)
    makes_repository = request.has_git and git_top(destination.parent) is None
    if makes_repository:
        _require_git(session)
    host = session.outside_host
    source = open_source(session, request.template, host, base=session.folder)
    answers = _answers(source, request)
    lock = _first_lock(session, source, answers, request)
    rendered = rendered_files(source, answers)
    with born(destination) as staging:
        if makes_repository:
            _begin_repository(staging)
        ground = Ground(
            root=staging,
            host=host,
            configuration=session.configuration_of(staging),
            lock=lock,
            baseline={},
            rendered=rendered,
        )
        plan, _ = make_plan(ground)
        write_tree(staging, plan)
        failure = _lock_dependencies(session, plan, staging) if request.has_env else None
        plan = _settled(ground, plan) if request.has_env else plan
        if makes_repository:
            _first_commit(staging, source)
    for file in plan.changes:
        session.tell(FileChanged(file.path, str(file.verdict)))
    if request.has_env and failure is None:
        failure = _set_up(session, plan, destination)
    error = _unfinished(failure, destination) if failure else None
    return Founded(destination=destination, template=source.name, plan=plan, has_commit=makes_repository, error=error)


def write_tree(folder: Path, plan: Plan) -> None:
    """Write a plan's files into a folder that nobody sees yet; `born` syncs and publishes it."""
    made = set()
    for file in plan.changes:
        target = os.path.join(folder, file.path)
        above = os.path.dirname(target)
        if above not in made:
            os.makedirs(above, exist_ok=True)
            made.add(above)
        with open(target, "wb") as opened:
            opened.write(file.content or b"")
        if file.executable:
            os.chmod(target, 0o755)  # noqa: S103 - as git would check it out


def _answers(source: TemplateSource, request: InitRequest) -> dict[str, Value]:
    from devkit.project.names import is_valid_name, suggest_name
    from devkit.render.answers import resolve

    name = str(request.data.get("project_name", request.destination.name))
    if source.kind == "builtin" and not is_valid_name(name):
        message = f"`{name}` is not a valid project name"
        help_text = f"it becomes a folder, a package and an image: try `{suggest_name(name)}`"
        raise DevkitError(INVALID_NAME, message, help=help_text)
    given = {**request.data}
    if "project_name" in source.asks:
        given.setdefault("project_name", name)
    return resolve(source, given, request.ask)


def _first_lock(session: Session, source: TemplateSource, answers: Mapping[str, Value], request: InitRequest) -> Lock:
    host = session.outside_host
    declared = {owned.value.name: owned.plugin.distribution for owned in host.stages}
    for name in request.without:
        if name not in declared:
            message = f"no stage is called `{name}`"
            raise DevkitError(UNKNOWN_NAME, message, help=f"stages: {', '.join(declared)}")
    stages = {name: distribution for name, distribution in declared.items() if name not in request.without}
    template = locked_template(source, request.destination)
    lock = Lock(template=template, answers=answers, stages=stages)
    return Lock(template=template, answers=answers, stages=stages, plugins=plugin_versions(lock, host))


def _require_git(session: Session) -> None:
    from devkit.engine.git import Git

    Git(session.folder).require()


def _begin_repository(staging: Path) -> None:
    from devkit.engine.git import Git

    Git(staging).init()
    Git(staging).require_identity()


def _first_commit(staging: Path, source: TemplateSource) -> None:
    from devkit.engine.git import Git

    git = Git(staging)
    git.add_all()
    git.commit(f"Start from the devkit template {source.name}")


def _lock_dependencies(session: Session, plan: Plan, staging: Path) -> Run | None:
    """Lock the dependencies of a project that nobody sees yet; an interrupt now leaves nothing of it."""
    try:
        return _run_moment(session, plan, Moment.LOCK, staging)
    except Interrupted as interruption:
        interruption.state = NOTHING_CHANGED
        raise


def _settled(ground: Ground, plan: Plan) -> Plan:
    """Bring the files of a project that nobody sees yet up to its new lock; return the plan with its tasks then."""
    locked, _ = make_plan(replace(ground, baseline={file.path: file.entry for file in plan.files if file.entry}))
    write_tree(ground.root, locked)
    return replace(plan, tasks=locked.tasks)


def _set_up(session: Session, plan: Plan, destination: Path) -> Run | None:
    """Make the published project ready to work in; an interrupt now leaves the project as it is."""
    try:
        return _run_moment(session, plan, Moment.SETUP, destination)
    except Interrupted as interruption:
        interruption.state = f"the project is in {destination}; its environment is not ready yet"
        raise


def _run_moment(session: Session, plan: Plan, moment: Moment, root: Path) -> Run | None:
    """Run the tasks of a moment, without those of other moments that they need; return a failed run."""
    from devkit.plan.graph import ordered
    from devkit.session.running import run_planned, runnables, surroundings_of

    tasks = {name: planned.task for name, planned in plan.tasks.items()}
    names = [name for name, task in tasks.items() if task.moment is moment]
    if not names:
        return None
    wanted = [task.name for task in ordered(tasks, names) if task.moment is moment]
    command = "init" if moment is Moment.SETUP else ""  # before that, the project is not there yet
    run = run_planned(session, runnables(plan, wanted), surroundings_of(session, root), command=command)
    return run if run.failure else None


def _unfinished(run: Run, destination: Path) -> DevkitError:
    """Return the failure of a task after the project was made, with a state line that says so."""
    failed = next(outcome.task for outcome in run.outcomes if outcome.outcome == "failed")
    error = run.failure
    assert error is not None  # noqa: S101 - a run is only passed here when it failed
    stage = failed.partition(":")[0]
    resume = f"{called_as()} -C {shlex.quote(shortest(destination))} run {stage}"
    state = f"the project is in {destination}; `{failed}` is not done; resume with `{resume}`"
    return DevkitError(error.kind, error.message, place=error.place, help=error.help, state=state)
