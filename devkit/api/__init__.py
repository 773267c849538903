"""The door for plugins: everything that a plugin imports from devkit."""

from typing import TYPE_CHECKING, Any

from devkit.api.actions import (
    Block,
    FileAction,
    KeyedList,
    ListRule,
    Merge,
    Render,
    Seed,
    SetList,
    Verdict,
    Write,
)
from devkit.api.context import Context, TaskContext, Tree
from devkit.api.findings import Finding, Severity
from devkit.api.keys import HEALTH_PATH, METRICS_PATH, PORT, PYTHON, VARIABLES, Fact, Key, Published, Variable
from devkit.api.stages import Command, Default, Settings, Stage, Template
from devkit.api.tasks import Call, Effect, Moment, Outcome, RunCommand, RunReport, Task, TaskOutcome
from devkit.api.values import KeyPath, Value
from devkit.errors import DEPENDENCIES_MISSING, OUTPUT_MISSING, TASK_FAILED, TOOL_MISSING, DevkitError, Place

if TYPE_CHECKING:
    from devkit.api.hooks import hookimpl

API_VERSION = 1
"""Raised when a change breaks plugins; a plugin may declare the versions it takes in `devkit_api`."""

__all__ = [
    "API_VERSION",
    "DEPENDENCIES_MISSING",
    "HEALTH_PATH",
    "METRICS_PATH",
    "OUTPUT_MISSING",
    "PORT",
    "PYTHON",
    "TASK_FAILED",
    "TOOL_MISSING",
    "VARIABLES",
    "Block",
    "Call",
    "Command",
    "Context",
    "Default",
    "DevkitError",
    "Effect",
    "Fact",
    "FileAction",
    "Finding",
    "Key",
    "KeyPath",
    "KeyedList",
    "ListRule",
    "Merge",
    "Moment",
    "Outcome",
    "Place",
    "Published",
    "Render",
    "RunCommand",
    "RunReport",
    "Seed",
    "SetList",
    "Settings",
    "Severity",
    "Stage",
    "Task",
    "TaskContext",
    "TaskOutcome",
    "Template",
    "Tree",
    "Value",
    "Variable",
    "Verdict",
    "Write",
    "hookimpl",
]


def __getattr__(name: str) -> Any:
    """Import pluggy when a plugin marks its first hook: a warm command needs the data classes alone."""
    if name == "hookimpl":
        from devkit.api.hooks import hookimpl

        return hookimpl
    raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
