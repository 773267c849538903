"""`devkit eject --all`: the project goes on without devkit, with every generated file as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.actions import Verdict
from devkit.errors import CONFLICT, DevkitError, Place
from devkit.plan.blocks import drop_block, read_block
from devkit.plan.fileplan import FilePlan, OnDisk
from devkit.plan.plan import Plan
from devkit.plan.splice import DropKey, Format, SpliceProblem, SyntaxProblem, parse, splice
from devkit.project.root import BASELINE_FILE, LOCK_FILE
from devkit.session.applying import Application, commit_plan, writing
from devkit.session.planning import CORE, RECORDS_BLOCK, read_disk

if TYPE_CHECKING:
    from devkit.session.session import Session

_CONFIGURATION = ("devkit.toml", "devkit.local.toml")


def leave(session: Session, *, is_dry: bool) -> Application:
    """Take away devkit's records, markers and configuration; return what went."""
    if is_dry:
        return Application(plan=_plan(session), is_applied=False)
    with writing(session, "eject"):
        plan = _plan(session)
        commit_plan(session, plan, "eject")
    return Application(plan=plan, is_applied=True)


def _plan(session: Session) -> Plan:
    paths = {*session.baseline, "pyproject.toml", *_CONFIGURATION, LOCK_FILE, BASELINE_FILE}
    disk = read_disk(session.root, paths, {})
    files = [_file(path, disk[path], session) for path in sorted(paths) if disk[path].content is not None]
    return Plan(files=tuple(file for file in files if file.changes_file), records=(), tasks={}, stages=())


def _file(path: str, disk: OnDisk, session: Session) -> FilePlan:
    plan = FilePlan(path=path, verdict=Verdict.IDENTICAL, owners=(CORE,), before=disk)
    if path in {LOCK_FILE, BASELINE_FILE, *_CONFIGURATION}:
        return FilePlan(path=path, verdict=Verdict.REMOVE, owners=(CORE,), before=disk)
    try:
        before = (disk.content or b"").decode()
        after = _without_table(path, _without_markers(path, before, session))
    except (UnicodeDecodeError, SyntaxProblem, SpliceProblem) as problem:
        message = f"devkit's part cannot be taken out: {problem}"
        raise DevkitError(
            CONFLICT, message, place=Place(path=path), help="mend the file, then try again"
        ) from problem
    if after == before:
        return plan
    verdict = Verdict.UPDATE if after.strip() else Verdict.REMOVE
    content = after.encode() if after.strip() else None
    return FilePlan(path=path, verdict=verdict, owners=(CORE,), before=disk, content=content)


def _without_markers(path: str, text: str, session: Session) -> str:
    entry = session.baseline.get(path)
    for name in entry.blocks if entry else ():
        if read_block(text, name) is not None:
            text = drop_block(text, name) if name == RECORDS_BLOCK else _unmarked(text, name)
    return text


def _unmarked(text: str, name: str) -> str:
    """Return the text with the lines of a block kept and its two markers gone."""
    markers = (f">>> devkit: {name} >>>", f"<<< devkit: {name} <<<")
    lines = text.split("\n")
    return "\n".join(line for line in lines if not any(marker in line for marker in markers))


def _without_table(path: str, text: str) -> str:
    if path != "pyproject.toml" or "devkit" not in text:
        return text
    tool = parse(text, Format.TOML)
    has_table = isinstance(tool, dict) and isinstance(tool.get("tool"), dict) and "devkit" in tool["tool"]
    return splice(text, [DropKey(path=("tool", "devkit"))], Format.TOML) if has_table else text
