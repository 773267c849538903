"""The audit plugin: a stage between env and test, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devkit.api import (
    PYTHON,
    VARIABLES,
    Block,
    Call,
    Command,
    Finding,
    Key,
    Merge,
    Published,
    SetList,
    Settings,
    Stage,
    Task,
    Variable,
    hookimpl,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, FileAction

devkit_api = ">=1,<2"

REPORT = Key("audit.report", str)
"""Where the report on licences is written, relative to the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """The table `[tool.devkit.audit]`."""

    allow: tuple[str, ...] = field(
        default=("MIT", "BSD-3-Clause", "Apache-2.0"), metadata={"help": "Licences that dependencies may have."}
    )
    report: str = field(default="licences.json", metadata={"help": "The file that the report is written to."})


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage comes between two of devkit's own."""
    return [Stage(name="audit", summary="Check the licences of dependencies.", after=("env",), before=("test",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="audit", type=AuditSettings)]


@hookimpl
def devkit_commands() -> Iterable[Command]:
    """A command of its own."""
    return [Command(name="audit", summary="Check licences now.", target="devkit_audit.cli:audit")]


@hookimpl
def devkit_publish(context: Context) -> Iterable[Published[Any]]:
    """Where the report is, and the variable that says how strict to be."""
    yield Published(REPORT, context.settings(AuditSettings).report)
    yield Published(
        VARIABLES, Variable(name="AUDIT_STRICT", description="Fail on unknown licences: 0 or 1.", default="0")
    )


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """A block in a file that other stages write to as well, and keys in another."""
    yield Block(path=".gitignore", name="audit", text=f"{context.get(REPORT)}\n")
    if context.tree.exists("pyproject.toml"):
        allowed = list(context.settings(AuditSettings).allow)
        tables = {"tool": {"licence-audit": {"allow": allowed}}}
        yield Merge(path="pyproject.toml", data=tables, lists={"tool.licence-audit.allow": SetList()})


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """One task, in the environment that the env stage publishes."""
    python = context.find(PYTHON)
    yield Task(
        name="audit:licences",
        summary="Check the licences of dependencies.",
        action=Call(
            function="devkit_audit.licences:check",
            arguments={"report": context.get(REPORT), "python": python or "", "stages": list(context.stages)},
        ),
        needs=("env:install?",),
        inputs=("pyproject.toml",),
        outputs=(context.get(REPORT),),
    )


@hookimpl
def devkit_checks(context: Context) -> Iterable[Finding]:
    """A project should say under which licence it stands."""
    if not context.tree.exists("LICENSE"):
        yield Finding(code="AUDIT01", message="the project has no licence", help="add a file `LICENSE`")
