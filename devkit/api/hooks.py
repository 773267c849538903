"""The hook specifications: each asks a question and gets data back.

A plugin is a module (or object) with functions of these names, each marked with `hookimpl`. It may leave out
arguments it does not need. Order of one invocation: registration, facts, defaults, publish, files and tasks,
checks, review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker, HookspecMarker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from devkit.api.actions import FileAction
    from devkit.api.context import Context, Tree
    from devkit.api.findings import Finding
    from devkit.api.keys import Fact, Published
    from devkit.api.stages import Command, Default, Settings, Stage, Template
    from devkit.api.tasks import RunReport, Task, TaskOutcome
    from devkit.api.tools import Tool
    from devkit.errors import DevkitError

hookspec = HookspecMarker("devkit")
hookimpl = HookimplMarker("devkit")


# Registration, asked once and kept in the index


@hookspec
def devkit_stages() -> Iterable[Stage]:  # type: ignore[empty-body]
    """The stages that the plugin adds to the lifecycle.

    >>> from devkit.api import Stage, hookimpl
    >>> @hookimpl
    ... def devkit_stages():
    ...     return [Stage(name="audit", summary="Check licences.", after=("test",), before=("build",))]
    """


@hookspec
def devkit_settings() -> Iterable[Settings]:  # type: ignore[empty-body]
    """The configuration tables that the plugin reads, each a frozen dataclass.

    >>> from dataclasses import dataclass, field
    >>> from devkit.api import Settings, hookimpl
    >>> @dataclass(frozen=True)
    ... class AuditSettings:
    ...     allow: tuple[str, ...] = field(default=("MIT",), metadata={"help": "Licences to allow."})
    >>> @hookimpl
    ... def devkit_settings():
    ...     return [Settings(table="audit", type=AuditSettings)]
    """


@hookspec
def devkit_commands() -> Iterable[Command]:  # type: ignore[empty-body]
    """The commands that the plugin adds to the command line.

    >>> from devkit.api import Command, hookimpl
    >>> @hookimpl
    ... def devkit_commands():
    ...     return [Command(name="audit", summary="Check licences.", target="acme_audit.cli:audit")]
    """


@hookspec
def devkit_templates() -> Iterable[Template]:  # type: ignore[empty-body]
    """The project templates that the plugin offers to `devkit init`.

    >>> from pathlib import Path
    >>> from devkit.api import Template, hookimpl
    >>> @hookimpl
    ... def devkit_templates():
    ...     return [Template(name="acme", summary="A service.", folder=Path("/usr/share/acme/template"))]
    """


# Reading


@hookspec
def devkit_facts(tree: Tree) -> Iterable[Fact]:  # type: ignore[empty-body]
    """What the plugin detects about a project, each fact with the place where it was read.

    >>> from devkit.api import Fact, Place, hookimpl
    >>> @hookimpl
    ... def devkit_facts(tree):
    ...     if tree.exists("go.mod"):
    ...         yield Fact(name="language", value="go", place=Place(path="go.mod", line=1))
    """


@hookspec
def devkit_defaults(facts: Mapping[str, Fact]) -> Iterable[Default]:  # type: ignore[empty-body]
    """Defaults of settings that follow from facts.

    >>> from devkit.api import Default, hookimpl
    >>> @hookimpl
    ... def devkit_defaults(facts):
    ...     if "framework" in facts:
    ...         yield Default(table="test", key="minimum-coverage", value=80)
    """


@hookspec
def devkit_publish(context: Context) -> Iterable[Published[Any]]:  # type: ignore[empty-body]
    """The values that the plugin's stages share with later ones.

    >>> from devkit.api import PORT, Published, hookimpl
    >>> @hookimpl
    ... def devkit_publish(context):
    ...     return [Published(PORT, 8000)]
    """


# Lifecycle


@hookspec
def devkit_files(context: Context) -> Iterable[FileAction]:  # type: ignore[empty-body]
    """What files should be there, as data.

    >>> from devkit.api import Block, hookimpl
    >>> @hookimpl
    ... def devkit_files(context):
    ...     yield Block(path=".gitignore", name="audit", text="audit.json", stage="audit")
    """


@hookspec
def devkit_tasks(context: Context) -> Iterable[Task]:  # type: ignore[empty-body]
    """What can be run, as data.

    >>> from devkit.api import RunCommand, Task, hookimpl
    >>> @hookimpl
    ... def devkit_tasks(context):
    ...     yield Task(name="audit:licences", action=RunCommand(argv=("pip-licenses",)))
    """


@hookspec
def devkit_tools(context: Context) -> Iterable[Tool]:  # type: ignore[empty-body]
    """The programs of the machine that the project needs; `doctor` looks for them, and a task that names one as well.

    >>> from devkit.api import Tool, hookimpl
    >>> @hookimpl
    ... def devkit_tools(context):
    ...     yield Tool(name="pip-licenses", version=">=5", install="pipx install pip-licenses")
    """


@hookspec
def devkit_checks(context: Context) -> Iterable[Finding]:  # type: ignore[empty-body]
    """Findings about the project; a check starts no process and changes nothing.

    >>> from devkit.api import Finding, hookimpl
    >>> @hookimpl
    ... def devkit_checks(context):
    ...     if not context.tree.exists("LICENSE"):
    ...         yield Finding(code="AUDIT01", message="there is no licence", help="add a file `LICENSE`")
    """


@hookspec
def devkit_review(files: Mapping[str, str], context: Context) -> Iterable[Finding]:  # type: ignore[empty-body]
    """Objections to a plan, as findings; `files` maps each path to its verdict. A review may not edit.

    >>> from devkit.api import Finding, Severity, hookimpl
    >>> @hookimpl
    ... def devkit_review(files, context):
    ...     if files.get("LICENSE") == "remove":
    ...         yield Finding(code="AUDIT02", message="the licence would go", severity=Severity.ERROR)
    """


# Around a run


@hookspec
def devkit_task_finished(outcome: TaskOutcome) -> None:
    """Told of every task that ended; a failure here is a warning.

    >>> from devkit.api import hookimpl
    >>> @hookimpl
    ... def devkit_task_finished(outcome):
    ...     print(outcome.task, outcome.seconds)
    """


@hookspec
def devkit_run_finished(report: RunReport) -> None:
    """Told of every run that ended; a failure here is a warning.

    >>> from devkit.api import hookimpl
    >>> @hookimpl
    ... def devkit_run_finished(report):
    ...     print(len(report.outcomes))
    """


# Help


@hookspec
def devkit_error_hints(error: DevkitError) -> Iterable[str]:  # type: ignore[empty-body]
    """Further help for an error, one sentence each.

    >>> from devkit.api import hookimpl
    >>> @hookimpl
    ... def devkit_error_hints(error):
    ...     if error.kind.code == "DK0803":
    ...         yield "ask for an account on the company's package index"
    """
