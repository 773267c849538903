"""What `devkit doctor` looks at in the project: configuration, plugins, plan, records, state and private files."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from devkit.api.actions import Block
from devkit.api.findings import Finding, Severity
from devkit.engine.git import Git
from devkit.engine.process import find_program
from devkit.errors import (
    CONFLICT,
    DOTENV_WRONG,
    GIT_BUSY,
    GIT_FAILED,
    LEDGER,
    NOT_A_FILE,
    PENDING,
    RECOVERY_PENDING,
    STATE_EXPOSED,
    DevkitError,
    Place,
)
from devkit.ledger.connection import reading
from devkit.ledger.place import LEDGER_FILE, UnusableError
from devkit.project.gitwords import git_folder
from devkit.project.journal import pending_recovery
from devkit.project.root import BASELINE_FILE, LOCK_FILE, STATE_FOLDER
from devkit.project.state import read_state
from devkit.report.text import counted
from devkit.session.diagnosis import PROJECT, Check, as_finding
from devkit.session.grounds import refuse_other_versions
from devkit.session.planning import absent_plugin_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devkit.host.host import Host
    from devkit.plan.plan import Plan
    from devkit.session.session import Session

_HARMLESS = (".example", ".sample", ".template", ".dist", ".defaults")
"""Endings of files of variables that hold no secrets and are meant to be committed."""


def look_at_configuration(session: Session) -> Iterator[Check]:
    """Yield whether the configuration can be read and the plugins that it names are here."""
    session.configuration.check_plugins(session.host.distributions)
    yield Check(group=PROJECT, name="configuration", detail="can be read")


def look_at_plugins(session: Session, host: Host) -> Iterator[Check]:
    """Yield whether every plugin can be used, and is the one that the project is locked to."""
    findings = [*host.warnings, *absent_plugin_findings(session.lock, host)]
    try:
        refuse_other_versions(session.lock, host)
    except DevkitError as error:
        findings.append(as_finding(error))
    names = ", ".join(plugin.name for plugin in host.plugins)
    yield Check(group=PROJECT, name="plugins", detail=names, findings=tuple(findings))


def look_at_plan(plan: Plan) -> Iterator[Check]:
    """Yield whether the files are as the stages want them, and what the plugins have found."""
    findings = [
        Finding(
            code=CONFLICT.code,
            message=f"{file.path}: {file.reason}",
            help=f"devkit plan shows it; keep yours: devkit eject {file.path}",
        )
        for file in plan.conflicts
    ]
    if plan.changes:
        message = f"{counted(len(plan.changes), 'file')} would change"
        findings.append(Finding(code=PENDING.code, message=message, severity=Severity.INFO, help="devkit apply"))
    yield Check(group=PROJECT, name="files", detail=counted(len(plan.files), "file"), findings=tuple(findings))
    if plan.findings or plan.checks:
        yield Check(group=PROJECT, name="checks", findings=(*plan.findings, *plan.checks))


def look_at_recovery(session: Session) -> Iterator[Check]:
    """Yield whether a run was killed in the middle of writing."""
    interrupted = pending_recovery(session.root)
    if interrupted is None:
        yield Check(group=PROJECT, name="recovery", detail="no run was interrupted")
        return
    finding = Finding(
        code=RECOVERY_PENDING.code,
        message=f"`devkit {interrupted}` was interrupted while it wrote",
        severity=Severity.ERROR,
        help="devkit doctor --fix undoes it, as any command that writes does",
    )
    yield Check(group=PROJECT, name="recovery", findings=(finding,))


def look_at_history(session: Session) -> Iterator[Check]:
    """Yield whether the ledger can be read, whether one was set aside, and whether there can be one at all."""
    findings = [*_blocked_state(session), *_broken_ledger(session), *_ledgers_set_aside(session)]
    yield Check(group=PROJECT, name="history", detail="can be read", findings=tuple(findings))


def look_at_git(session: Session) -> Iterator[Check]:
    """Yield whether git ignores what it should and nothing else, and is not locked, where there is a repository."""
    if find_program("git", os.environ.get("PATH", os.defpath)) is None:
        return  # told of already
    git = Git(session.root)
    if not git.is_inside():
        yield Check(group=PROJECT, name="git", detail="not a repository", findings=tuple(_distrust(git)))
        return
    findings = [*_index_lock(session), *_state(git), *_records(git, session), *_private(git, session)]
    yield Check(group=PROJECT, name="git", detail="ignores what is private", findings=tuple(findings))


def _distrust(git: Git) -> Iterator[Finding]:
    if way := git.way_to_trust():
        message = "git does not trust this repository, which belongs to somebody else"
        yield Finding(code=GIT_FAILED.code, message=message, severity=Severity.ERROR, help=way)


def _blocked_state(session: Session) -> Iterator[Finding]:
    """Yield that something is in the place of the state folder, or of the one above it."""
    for path in (STATE_FOLDER.rpartition("/")[0], STATE_FOLDER):
        state = read_state(session.root, path)
        if state.kind not in {"folder", "absent"}:
            yield Finding(
                code=NOT_A_FILE.code,
                message=f"a {state.kind} is in the place of the folder `{path}`, so that devkit can write nothing",
                severity=Severity.ERROR,
                place=Place(path=path),
                help=f"move it away: mv {path} {path}.away",
            )
            return


def _broken_ledger(session: Session) -> Iterator[Finding]:
    try:
        with reading(session.root):
            pass
    except UnusableError as problem:
        yield Finding(
            code=LEDGER.code,
            message=f"the history of runs cannot be read: {problem}",
            help="the next `devkit run` sets it aside and begins anew; or: devkit clean",
        )


def _ledgers_set_aside(session: Session) -> Iterator[Finding]:
    folder = os.path.join(session.root, STATE_FOLDER)
    beginning = f"{os.path.basename(LEDGER_FILE)}.broken-"
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in (name for name in names if name.startswith(beginning) and name.removeprefix(beginning).isdecimal()):
        yield Finding(
            code=LEDGER.code,
            message=f"a history of runs was set aside as `{STATE_FOLDER}/{name}`",
            severity=Severity.INFO,
            help="devkit clean",
        )


def _index_lock(session: Session) -> Iterator[Finding]:
    path = os.path.join(git_folder(os.fspath(session.root)), "index.lock")
    if os.path.lexists(path):
        shown = os.path.relpath(path, session.root)
        help_text = f"when no git runs: rm {quote(shown)}"
        yield Finding(code=GIT_BUSY.code, message="git's index is locked", place=Place(path=shown), help=help_text)


def _state(git: Git) -> Iterator[Finding]:
    tracked = git.tracked([STATE_FOLDER])
    if tracked:
        yield Finding(
            code=STATE_EXPOSED.code,
            message=f"git tracks {counted(len(tracked), 'file')} of devkit's own state",
            severity=Severity.ERROR,
            place=Place(path=min(tracked)),
            help=f"git rm -r --cached {STATE_FOLDER}",
        )
    probe = f"{STATE_FOLDER}/ledger.sqlite3"
    if os.path.isdir(git.root / STATE_FOLDER) and not git.ignored([probe]):
        yield Finding(
            code=STATE_EXPOSED.code,
            message=f"git does not ignore `{STATE_FOLDER}`",
            place=Place(path=STATE_FOLDER),
            help=f"echo '*' > {STATE_FOLDER}/.gitignore",
            fix=(Block(path=".gitignore", name="state", text=f"{STATE_FOLDER}/\n"),),
        )


def _records(git: Git, session: Session) -> Iterator[Finding]:
    records = [path for path in (LOCK_FILE, BASELINE_FILE) if os.path.lexists(session.root / path)]
    for path in sorted(git.ignored(records) - git.tracked(records)):
        yield Finding(
            code=STATE_EXPOSED.code,
            message=f"git ignores `{path}`, which has to be committed",
            place=Place(path=path),
            help=f"take the pattern out of .gitignore, or: git add --force {path}",
        )


def _private(git: Git, session: Session) -> Iterator[Finding]:
    names = [name for name in sorted(os.listdir(session.root)) if _is_private(name)]
    paths = [name for name in names if (session.root / name).is_file()]
    tracked = git.tracked(paths)
    for path in sorted(tracked):
        help_text = f"git rm --cached {quote(path)}, and change every secret that was in it"
        yield _exposed(path, "is tracked by git", help_text)
    for path in sorted({*paths} - tracked - git.ignored(paths)):
        fix = Block(path=".gitignore", name=f"private {path}", text=f"{path}\n")
        yield _exposed(path, "is not ignored by git", f"echo {quote(path)} >> .gitignore", (fix,))


def _is_private(name: str) -> bool:
    return (name == ".env" or name.startswith(".env.")) and not name.endswith(_HARMLESS)


def _exposed(path: str, what: str, help_text: str, fix: Iterable[Block] = ()) -> Finding:
    return Finding(
        code=DOTENV_WRONG.code,
        message=f"`{path}` {what}",
        severity=Severity.ERROR,
        place=Place(path=path),
        help=help_text,
        fix=tuple(fix),
    )
