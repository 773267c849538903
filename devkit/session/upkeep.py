"""What a session knows of whether its tasks are up to date, for running them and for explaining it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.engine.freshness import ContentFreshness, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from devkit.api.tasks import Task
    from devkit.engine.runner import Run
    from devkit.plan.plan import Plan
    from devkit.project.tree import DiskTree
    from devkit.session.session import Session

_NONE: Mapping[str, str] = {}


def freshness(
    session: Session,
    plan: Plan,
    arguments: Sequence[str] = (),
    always: Mapping[str, str] = _NONE,
    *,
    may_run: bool = True,
) -> ContentFreshness:
    """Return what knows whether the tasks of a plan are up to date; without `may_run` nothing is started or kept."""
    versions = {plugin.name: plugin.version for plugin in session.host.plugins}
    subject = Subject(root=session.root, planned=plan.tasks, versions=versions, arguments=arguments, always=always)
    return ContentFreshness(subject, session.tell, may_run=may_run)


class Upkeep(Struct, frozen=True, kw_only=True):
    """A run in which tasks that are up to date are skipped: what was asked for, and what was planned from which tree.

    `may_skip` says whether the tasks that were asked for by name may be skipped too; what they need always may,
    unless nothing may be remembered (`is_forced`). `words` are the command line that means this run and has no
    options, where there is one, and `answer` tells what it prints beside the run itself.
    """

    session: Session
    names: Sequence[str]
    arguments: Sequence[str]
    plan: Plan
    tree: DiskTree
    may_skip: bool = True
    is_forced: bool = False
    words: Sequence[str] = ()
    answer: Callable[[], Sequence[str]] = tuple

    def freshness(self, selected: Sequence[Task]) -> ContentFreshness:
        """Return what knows whether the selected tasks have to run."""
        always = {task.name: "--no-cache was given" for task in selected} if self.is_forced else {}
        if not self.may_skip:
            always |= {task.name: "" for task in selected if task.name in self.names or task.stage in self.names}
        return freshness(self.session, self.plan, self.arguments, always)

    def end(self, selected: Sequence[Task], known: ContentFreshness, done: Run, *, is_whole: bool) -> None:
        """Keep what was read of files, and by what a run with nothing to do can be told as such the next time.

        `is_whole` says whether all that the names mean was selected.
        """
        known.close()
        is_whole = is_whole and bool(self.words) and not self.arguments and len(done.outcomes) == len(selected)
        if is_whole and not (done.failures or known.has_findings or self.session.host.has_observers):
            from devkit.session.idlekeeping import Keeper

            Keeper(self, selected, known, done.evidence).keep()
