"""`devkit explain`: what a code means, who generates a file and why, what a task does and needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.errors import KINDS, UNKNOWN_NAME, DevkitError, did_you_mean
from devkit.session.looking import look

if TYPE_CHECKING:
    from devkit.plan.fileplan import FilePlan
    from devkit.plan.plan import Plan
    from devkit.session.session import Session


class Explanation(Struct, frozen=True, kw_only=True):
    """What is known of one thing: its kind (`code`, `file` or `task`), a title, and sentences.

    Of a task also whether it is up to date, `None` for one that always runs, and what changed since it was.
    """

    kind: str
    name: str
    title: str
    sentences: tuple[str, ...]
    is_fresh: bool | None = None
    changes: tuple[str, ...] = ()


def explain(session: Session, name: str) -> Explanation:
    """Return what is known of an error code, a generated file or a task."""
    if (kind := KINDS.get(name.upper())) is not None:
        title = f"{kind.title} (exit code {kind.exit})"
        return Explanation(kind="code", name=kind.code, title=title, sentences=(kind.explanation,))
    if name.upper().startswith("DK") and name[2:].isdigit():
        raise DevkitError(UNKNOWN_NAME, f"no error has the code `{name}`", help="codes look like DK0503")
    plan = look(session)
    if (task := _task_name(plan, name)) is not None:
        return _task(session, plan, task)
    path = name.removeprefix("./")
    file = next((each for each in plan.files if each.path == path), None)
    if file is not None:
        return _file(file)
    known = [*plan.tasks, *(each.path for each in plan.files)]
    help_text = did_you_mean(name, known, "name an error code, a generated file or a task")
    raise DevkitError(UNKNOWN_NAME, f"devkit knows nothing of `{name}`", help=help_text)


def _file(file: FilePlan) -> Explanation:
    who = f"It comes from {'stage' if len(file.owners) == 1 else 'stages'} {', '.join(file.owners)}."
    sentences = [who] if file.owners else []
    if file.entry is not None and file.entry.is_seed:
        sentences.append("It was made once and is yours since: devkit never changes it.")
    elif file.entry is not None and file.entry.text is None:
        sentences += _parts(file)
    elif file.entry is not None:
        sentences.append("devkit keeps the whole file up; your own changes to it are merged.")
    sentences.append(f"The next apply says: {file.verdict}{f', {file.reason}' if file.reason else ''}.")
    return Explanation(kind="file", name=file.path, title="generated file", sentences=tuple(sentences))


def _parts(file: FilePlan) -> list[str]:
    entry = file.entry
    keys = (
        [f"The keys {', '.join(f'`{key}`' for key in entry.keys)} in it are contributed."]
        if entry and entry.keys
        else []
    )
    blocks = [f"The block `{name}` in it is contributed." for name in entry.blocks] if entry else []
    return [*keys, *blocks, "All else in it is yours."]


def _task_name(plan: Plan, name: str) -> str | None:
    """Return the task of a name, which may stand without its stage where no other task has it."""
    if name in plan.tasks:
        return name
    short = [each for each in plan.tasks if each.partition(":")[2] == name]
    return short[0] if len(short) == 1 and name not in {file.path for file in plan.files} else None


def _task(session: Session, plan: Plan, name: str) -> Explanation:
    from devkit.session.tasklore import task_lore

    lore = task_lore(session, plan, name)
    return Explanation(
        kind="task",
        name=name,
        title=lore.title,
        sentences=lore.sentences,
        is_fresh=lore.is_fresh,
        changes=lore.changes,
    )
