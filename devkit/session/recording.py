"""Writing a run of tasks into the project's ledger."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from devkit import __version__
from devkit.api.tasks import Outcome
from devkit.errors import KINDS
from devkit.ledger.lastrun import Ending
from devkit.ledger.recorder import NewRun, Recorder
from devkit.ledger.records import TaskSubject
from devkit.project.head import head_commit
from devkit.report.events import FindingRaised, TaskEnded, TaskStarted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.api.tasks import TaskOutcome
    from devkit.engine.runner import Run, Runnable
    from devkit.host.host import Host
    from devkit.report.events import Event, Listener


@contextmanager
def recorded(root: Path, host: Host, chosen: Sequence[Runnable], command: str, tell: Listener) -> Iterator[Recorder]:
    """Give what writes down the run of the block; what is wrong with the ledger is told, and stops nothing."""
    _make_folder(root)
    versions = {plugin.name: plugin.version for plugin in host.plugins}
    subjects = (
        TaskSubject(name=each.task.name, plugin=each.plugin, version=versions.get(each.plugin, "")) for each in chosen
    )
    run = NewRun(
        command=command,
        commit=head_commit(root),
        devkit=__version__,
        subjects={subject.name: subject for subject in subjects},
    )
    with Recorder(root=root, run=run) as recorder:
        yield recorder
    for finding in recorder.findings:
        tell(FindingRaised(finding))


def record(recorder: Recorder, event: Event) -> None:
    """Write down what an event says of a task."""
    match event:
        case TaskStarted(task=task):
            recorder.task_began(task.name)
        case TaskEnded(outcome=outcome):
            ending = Ending(outcome.outcome)
            recorder.task_ended(
                outcome.task, ending, seconds=outcome.seconds, reason=_reason(outcome), figures=outcome.figures
            )
        case _:
            recorder.catch_up()


def ending_of(run: Run) -> Ending:
    """Return how a run that came to its end went."""
    if run.failure is not None:
        return Ending.FAILED
    is_idle = bool(run.outcomes) and all(each.outcome is Outcome.SKIPPED for each in run.outcomes)
    return Ending.SKIPPED if is_idle else Ending.DONE


def _reason(outcome: TaskOutcome) -> str:
    """Return why a task ended as it did; of a failure only its kind: the words may hold what should stay secret."""
    if outcome.outcome is not Outcome.FAILED:
        return outcome.reason
    kind = KINDS.get(outcome.code)
    return f"{kind.title} ({kind.code})" if kind else ""


def _make_folder(root: Path) -> None:
    """Make the state folder; where that cannot be done, the ledger will say so."""
    from devkit.engine.inside import Inside
    from devkit.engine.statefolder import make_state_folder

    with suppress(OSError), Inside(root) as inside:
        make_state_folder(inside)
