"""Keeping by what a run with nothing to do can be told again: see `devkit.session.idle`."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from devkit.api.tasks import RunCommand
from devkit.engine.freshness import FRESH
from devkit.engine.gitlisting import GitListing, ignoring_files, read_git
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings
from devkit.engine.toolmarks import is_shimmed
from devkit.errors import DevkitError
from devkit.project.gitwords import STATUS
from devkit.project.head import head_commit
from devkit.project.marks import has_settled, mark, marked
from devkit.project.root import BASELINE_FILE, LOCK_FILE, STATE_FOLDER
from devkit.project.surroundings import program_folders, program_path, variable_mark
from devkit.session.idle import FIELD, FOLDER, ITEM, Kept, file_name, git_mark, read_kept
from devkit.session.keys import invocation_key
from devkit.session.warm import ground_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from devkit.api.evidence import Evidence
    from devkit.api.tasks import Task
    from devkit.engine.freshness import ContentFreshness
    from devkit.session.upkeep import Upkeep

_PATTERN = frozenset("*?[!")
_GIT_VARIABLES = (
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_SYSTEM",
    "XDG_CONFIG_HOME",
)
"""Variables that lead git to other settings."""
_MOST_NEW = 200
"""Files that changed just now: each of them is read again whenever the answer is asked for."""
_LARGEST_NEW = 4 * 1024 * 1024
"""Bytes of such a file."""


class Keeper:
    """Keeps the answer to the command line of a run, if all of its tasks are up to date and nothing is doubtful.

    `evidence` is by task what the results of calls rest on; all other tasks need inputs. First everything is marked,
    and then the tasks are checked once more: what changes in between is either seen by the check or no longer fits
    its mark. The folders in which git finds new files are marked after that, since git says which these are, and then
    git is asked again.
    """

    def __init__(
        self, upkeep: Upkeep, chosen: Sequence[Task], known: ContentFreshness, evidence: Mapping[str, Evidence]
    ) -> None:
        self._upkeep = upkeep
        self._session = upkeep.session
        self._root = str(upkeep.session.root)
        self._chosen = chosen
        self._known = known
        self._called = [task for task in chosen if not task.inputs]
        self._rested = {task.name: evidence[task.name] for task in self._called if task.name in evidence}

    def keep(self) -> None:
        """Keep the answer where that can be done."""
        if not self._is_simple():
            return
        key, paths = invocation_key(self._root), self._watched()
        rested = {path for evidence in self._rested.values() for path in evidence.paths} - paths
        marks, looks = _marks(self._root, paths), _marks(self._root, rested)
        listing = self._known.recheck([task for task in self._chosen if task.inputs])
        git = git_mark(*listing.mark) if listing is not None and listing.mark is not None else []
        if listing is None or (listing != GitListing() and not git) or not self._known.watched <= paths:
            return
        folders = self._folders(listing, {*paths, *rested})
        if not key[1] or marks is None or looks is None or folders is None or not self._still_rests():
            return
        answers = [answer for each in self._rested.values() for answer in each.answers.items()]
        looks = [line for line in looks if line.split(FIELD, 2)[2] not in listing.clean]  # git vouches for those
        kept = Kept(
            key=key,
            words=list(self._upkeep.words),
            git=git,
            commit=[head_commit(self._session.root)],
            marks=[*marks, *folders, *looks],
            variables=[FIELD.join(each) for each in self._variables()],
            tools=[FIELD.join((name, place, *first)) for name, first, place in self._tools],
            programs=[FIELD.join((_hex(said), *argv)) for argv, said in answers],
            **self._told(),
        )
        _write(self._session.root, kept)

    def _is_simple(self) -> bool:
        """Whether the answer would be asked for, and nothing had a part in the run that is not looked at again."""
        options, plan = self._session.options, self._upkeep.plan
        is_asked = options.verbosity <= 0 and not options.is_json
        is_plain = not (options.plugins or options.no_plugins or self._session.configuration.core.plugin_folders)
        is_whole = bool(self._chosen) and len(self._rested) == len(self._called)
        is_plain = is_plain and not any(_PATTERN & set(output) for output in self._outputs)
        has_tools = all(path and not is_shimmed(path) for _, _, path in self._tools)
        return is_asked and is_plain and is_whole and has_tools and not plan.findings

    def _watched(self) -> set[str]:
        from devkit.session.grounds import locked_source

        template, reads = self._session.lock.template, self._upkeep.tree.reads
        folders = [locked_source(self._session, template).folder] if template else []
        tools = (os.path.realpath(path) for _, _, path in self._tools)
        ours = (LOCK_FILE, BASELINE_FILE, *ground_files(self._session, folders), *tools)
        return {*ours, *reads.files, *reads.seen, *self._known.watched, *self._outputs}

    @property
    def _outputs(self) -> list[str]:
        """The outputs of calls, which nothing else watches."""
        return [output for task in self._called for output in task.outputs]

    def _still_rests(self) -> bool:
        """Whether the calls would find nothing to do now; one that fails leaves it to the next run to say why."""
        surroundings = Surroundings(root=self._session.root, tell=lambda _: None)
        try:
            contexts = {name: ProjectTaskContext(task=name, surroundings=surroundings) for name in self._rested}
            return all(evidence.holds(contexts[name]) for name, evidence in self._rested.items())
        except DevkitError:
            return False

    def _folders(self, listing: GitListing, paths: Collection[str]) -> list[str] | None:
        """Return the marks of what decides which files git finds; `None` when git finds others by now."""
        if listing.mark is None:
            return []
        root = self._session.root
        rules = [path for path in listing.loose if os.path.basename(path) == ".gitignore"]
        found = {*listing.folders(root), *rules, *ignoring_files(root)}
        marks = _marks(self._root, found - set(paths))
        again = read_git(root, *STATUS)
        return marks if again is not None and _of_others(again) == _of_others(listing.mark[1]) else None

    def _variables(self) -> Iterator[tuple[str, str, str]]:
        for task in self._chosen:
            if task.inputs:
                record = self._known.record_of(task)
                yield from ((name, record.salt, value) for name, value in record.grounds.variables.items())
        salt = os.urandom(16).hex()
        for name in sorted(
            {*_GIT_VARIABLES, *(name for evidence in self._rested.values() for name in evidence.variables)}
        ):
            yield name, salt, variable_mark(name, salt)

    @cached_property
    def _tools(self) -> list[tuple[str, tuple[str, ...], str]]:
        """Return name, first folders and place of each program that a task names, or an answer is asked of."""
        found = []
        for task in self._chosen:
            first = task.action.path if isinstance(task.action, RunCommand) else ()
            found += [(name, first) for name in task.tools]
        found += [(argv[0], ()) for evidence in self._rested.values() for argv in evidence.answers]
        return [(name, first, program_path(name, program_folders(self._root, first))) for name, first in found]

    def _told(self) -> dict[str, list[str]]:
        """Return what the answer tells."""
        from devkit.report.text import clean, style

        versions = {plugin.name: plugin.version for plugin in self._session.host.plugins}
        plugins = [(task.name, self._upkeep.plan.tasks[task.name].plugin) for task in self._chosen]
        tasks = [(name, FRESH, plugin, versions.get(plugin, "")) for name, plugin in plugins]
        return {
            "tasks": [FIELD.join(each) for each in tasks],
            "lines": [
                f"{style('skipped', 'dim')} {clean(task.name)}  {style(FRESH, 'dim')}" for task in self._chosen
            ],
            "printed": [clean(line) for line in self._upkeep.answer()],
        }


def _marks(root: str, paths: Collection[str]) -> list[str] | None:
    """Return the marks of all paths; `None` where too much is too new."""
    now = time.time_ns()
    new = [path for path in paths if not has_settled(mark(os.path.join(root, path)), now)]
    is_light = all(_size(os.path.join(root, path)) <= _LARGEST_NEW for path in new)
    if len(new) > _MOST_NEW or not is_light:
        return None
    return marked(root, sorted(paths), now)


def _of_others(status: bytes) -> list[bytes]:
    """Return what a status says of all but devkit's own state, which comes and goes."""
    return [line for line in status.split(b"\0") if os.fsencode(f"{STATE_FOLDER}/") not in line]


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def _hex(said: str) -> str:
    return said.encode("utf-8", "surrogateescape").hex()


def _write(root: Path, kept: Kept) -> None:
    """Replace the kept answer; where it cannot be written, or a name is too strange for it, nothing is kept."""
    from devkit.engine.inside import Inside

    path, text = file_name(kept.words), kept.text()
    if (
        read_kept(text) is None
        or any("\n" in task for task in kept.tasks)
        or text.count(ITEM) != sum(len(part) - 1 for part in kept.parts() if part)
    ):
        return
    with suppress(OSError), Inside(root) as inside:
        inside.make_folder(FOLDER)
        inside.replace(path, os.fsencode(text))
