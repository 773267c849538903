"""`devkit eject --all`: the project goes on without devkit, with every generated file as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.actions import Verdict
from devkit.errors import CONFLICT, DevkitError, Place
from devkit.plan.blocks import drop_block, unmark_blocks
from devkit.plan.fileplan import FilePlan, OnDisk
from devkit.plan.plan import Plan
from devkit.plan.splice import DropKey, Format, SpliceProblem, SyntaxProblem, parse, splice
from devkit.plan.structure import has_path
from devkit.project.root import BASELINE_FILE, LOCK_FILE
from devkit.session.applying import Application, commit_plan, writing
from devkit.session.deciding import CORE, RECORDS_BLOCK, read_disk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.session.session import Session

_OWN = ("devkit.toml", "devkit.local.toml", LOCK_FILE, BASELINE_FILE)
_HOOKS_FILE = ".pre-commit-config.yaml"
_DRIFT_HOOK = "devkit-drift"


def leave(session: Session, *, is_dry: bool) -> Application:
    """Take away devkit's records, state, markers, drift hook and configuration; return what went."""
    if is_dry:
        return Application(plan=_plan(session), is_applied=False)
    from devkit.engine.clearing import clear_state

    with writing(session, "eject"):
        plan = _plan(session)
        commit_plan(session, plan, "eject")
        clear_state(session.root)
    return Application(plan=plan, is_applied=True)


def _plan(session: Session) -> Plan:
    paths = {*session.baseline, "pyproject.toml", _HOOKS_FILE, *_OWN}
    disk = read_disk(session.root, paths, {})
    files = [_file(path, disk[path]) for path in sorted(paths) if disk[path].content is not None]
    return Plan(files=tuple(file for file in files if file.changes_file), records=(), tasks={}, stages=())


def _file(path: str, disk: OnDisk) -> FilePlan:
    content = disk.content or b""
    after = b"" if path in _OWN else _without_devkit(path, content)
    if after == content and path not in _OWN:
        return FilePlan(path=path, verdict=Verdict.IDENTICAL, owners=(CORE,), before=disk)
    if after.strip():
        return FilePlan(path=path, verdict=Verdict.UPDATE, owners=(CORE,), before=disk, content=after)
    return FilePlan(path=path, verdict=Verdict.REMOVE, owners=(CORE,), before=disk)


def _without_devkit(path: str, content: bytes) -> bytes:
    """Return a file's content without what is devkit's in it; a file that never names devkit is not even read."""
    if b"devkit" not in content:
        return content
    try:
        text = content.decode()
        if path == ".gitattributes":
            text = drop_block(text, RECORDS_BLOCK)
        return _without_keys(path, unmark_blocks(text)).encode()
    except UnicodeDecodeError:
        return content
    except (SyntaxProblem, SpliceProblem) as problem:
        message = f"devkit's part cannot be taken out: {problem}"
        where = Place(path=path)
        raise DevkitError(CONFLICT, message, place=where, help="mend the file, then try again") from problem


def _without_keys(path: str, text: str) -> str:
    """Return the text without devkit's table or hook."""
    if path == "pyproject.toml" and has_path(parse(text, Format.TOML), ("tool", "devkit")):
        return splice(text, [DropKey(("tool", "devkit"))], Format.TOML)
    if path == _HOOKS_FILE and _DRIFT_HOOK in text:
        return splice(text, list(_drift_hooks(parse(text, Format.YAML))), Format.YAML)
    return text


def _drift_hooks(document: object) -> Iterator[DropKey]:
    """Yield what takes the drift hook out: the hook, or its repository when it has no other."""
    repos = document.get("repos") if isinstance(document, dict) else None
    for place, repo in enumerate(repos if isinstance(repos, list) else ()):
        hooks = repo.get("hooks") if isinstance(repo, dict) else None
        ids = [hook.get("id") if isinstance(hook, dict) else None for hook in hooks or ()]
        if ids and set(ids) == {_DRIFT_HOOK}:
            yield DropKey(("repos", place))
        else:
            yield from (DropKey(("repos", place, "hooks", at)) for at, name in enumerate(ids) if name == _DRIFT_HOOK)
