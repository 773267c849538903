"""The tasks of the configuration, joined with those of the plugins: added, changed, or switched off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.tasks import RunCommand, Task
from devkit.errors import BAD_TASK, DevkitError, did_you_mean
from devkit.plan.plan import CONFIGURATION, PlannedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from devkit.api.values import KeyPath
    from devkit.config.tasks import TaskSettings
    from devkit.errors import Place

OWN_STAGE = "project"
"""The stage of tasks that name none."""
_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", re.IGNORECASE)
_CHANGEABLE = ("summary", "inputs", "outputs", "variables", "tools", "accepts_arguments")
"""What the configuration may say of a task in the place of its plugin."""
_OWN_PROGRAMS = (".venv/bin", "node_modules/.bin")
"""Where the programs of a project's own environments are: a configured command finds these first."""


class OwnTasks(Struct, frozen=True, kw_only=True):
    """The tasks that a project configures by the names it gives them, and where; `absent` stages are not here."""

    settings: Mapping[str, TaskSettings]
    stages: Sequence[str]
    place: Callable[[KeyPath], Place | None]
    absent: Collection[str] = ()


def with_own_tasks(tasks: Mapping[str, PlannedTask], own: OwnTasks) -> dict[str, PlannedTask]:
    """Return the tasks of plugins and configuration together; BAD_TASK names the line of what cannot be."""
    names = {given: _name(given, own) for given in own.settings}
    _refuse_twice(names, own)
    off = {name for given, name in names.items() if not own.settings[given].enabled}
    found = dict(tasks)
    for given, name in names.items():
        if name.partition(":")[0] not in own.absent:
            found[name] = _made(found.get(name), given, name, own)
    return _resolved({name: each for name, each in found.items() if name not in off}, off, names, own)


def resolve(name: str, known: Iterable[str]) -> list[str]:
    """Return the tasks that a name may mean: the task itself, else every `stage:name` of this name."""
    known = list(known)
    return [name] if name in known else [each for each in known if each.partition(":")[2] == name]


def _name(given: str, own: OwnTasks) -> str:
    stage, colon, rest = given.partition(":")
    named = own.settings[given].stage
    if colon and named and named != stage:
        raise _bad(own, (given, "stage"), f"the task `{given}` is of stage `{stage}`, and `stage` says `{named}`")
    stage, rest = (stage, rest) if colon else (named or OWN_STAGE, given)
    if not _NAME.fullmatch(rest):
        raise _bad(own, (given,), f"`{given}` is no name for a task", "use letters, digits, `-`, `_` and `.`")
    if stage not in {*own.stages, *own.absent, OWN_STAGE}:
        known = [*own.stages, OWN_STAGE]
        help_text = did_you_mean(stage, known, f"one of {', '.join(known)}; more with: devkit add STAGE")
        path = (given,) if colon else (given, "stage")
        raise _bad(own, path, f"the project has no stage `{stage}` for the task `{given}`", help_text)
    return f"{stage}:{rest}"


def _refuse_twice(names: Mapping[str, str], own: OwnTasks) -> None:
    first: dict[str, str] = {}
    for given, name in names.items():
        other = first.setdefault(name, given)
        if other != given:
            raise _bad(own, (given,), f"`{other}` and `{given}` are one task, `{name}`", "keep one of them")


def _made(former: PlannedTask | None, given: str, name: str, own: OwnTasks) -> PlannedTask:
    settings, place = own.settings[given], own.place((given,))
    if former is not None and settings.run is None:
        return replace(former, task=_changed(former.task, given, own), place=place)
    if settings.run is None:
        if not settings.enabled:
            raise _bad(own, (given,), f"there is no task `{name}` to switch off")
        raise _bad(own, (given,), f"the task `{given}` has no `run`", 'write run = ["PROGRAM", "ARGUMENT"]')
    action = RunCommand(argv=settings.run, env=settings.env, cwd=settings.cwd or ".", path=_OWN_PROGRAMS)
    task = _with_another(former.task, action) if former else Task(name=name, action=action)
    return PlannedTask(task=_given(task, settings), plugin=CONFIGURATION, package="", place=place)


def _with_another(task: Task, action: RunCommand) -> Task:
    """Return a task with another command in the place of its own, without what describes the former one."""
    return replace(task, action=action, inputs=(), outputs=(), variables=(), tools=(), accepts_arguments=False)


def _changed(task: Task, given: str, own: OwnTasks) -> Task:
    """Return the task of a plugin with what the configuration says of it."""
    settings = own.settings[given]
    task = _given(task, settings)
    if not settings.env and settings.cwd is None:
        return task
    if not isinstance(task.action, RunCommand):
        message = f"`{task.name}` is a function of its plugin, which takes neither `env` nor `cwd`"
        raise _bad(own, (given, "env" if settings.env else "cwd"), message, "give it a command of its own: `run`")
    action = replace(task.action, env={**task.action.env, **settings.env}, cwd=settings.cwd or task.action.cwd)
    return replace(task, action=action)


def _given(task: Task, settings: TaskSettings) -> Task:
    values = {key: getattr(settings, key) for key in _CHANGEABLE}
    needs = dict.fromkeys((*task.needs, *settings.needs, *(f"{name.removesuffix('?')}?" for name in settings.after)))
    return replace(task, needs=tuple(needs), **{key: value for key, value in values.items() if value is not None})


def _resolved(
    tasks: Mapping[str, PlannedTask], off: Collection[str], names: Mapping[str, str], own: OwnTasks
) -> dict[str, PlannedTask]:
    """Return the tasks with their needs spelt out; nothing needs what is switched off."""
    given_of = {name: given for given, name in names.items()}
    known = [*tasks, *off]
    found = {}
    for name, planned in tasks.items():
        needs = [_need(need, known, given_of.get(name), own) for need in planned.task.needs]
        kept = tuple(need for need in needs if need.removesuffix("?") not in off)
        found[name] = replace(planned, task=replace(planned.task, needs=kept))
    return found


def _need(need: str, known: Sequence[str], given: str | None, own: OwnTasks) -> str:
    """Return a need by its whole name; one that is the configuration's must be there."""
    bare, mark = need.removesuffix("?"), need[-1:] if need.endswith("?") else ""
    meant = resolve(bare, known)
    if len(meant) == 1:
        return meant[0] + mark
    if given is None or bare.partition(":")[0] in own.absent:
        return need
    settings = own.settings[given]
    key = "needs" if need in settings.needs else "after"
    if need not in settings.needs and bare not in {name.removesuffix("?") for name in settings.after}:
        return need  # the plugin's own
    message = f"`{given}` {'needs' if key == 'needs' else 'comes after'} `{bare}`, which "
    message += f"may be {' or '.join(meant)}" if meant else "is no task of this project"
    raise _bad(own, (given, key), message, did_you_mean(bare, known, "`devkit graph` shows the tasks"))


def _bad(own: OwnTasks, path: KeyPath, message: str, help_text: str = "") -> DevkitError:
    return DevkitError(BAD_TASK, message, place=own.place(path), help=help_text)
