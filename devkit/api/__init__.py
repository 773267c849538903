"""The door for plugins: everything that a plugin imports from devkit.

Each name is imported when it is first asked for: a warm command needs few of them, and pluggy none at all.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from devkit.api.clicking import CommandClass, GroupClass, with_context
    from devkit.api.commands import CommandContext, Ran
    from devkit.api.context import Context, TaskContext, Tree
    from devkit.api.findings import Finding, Severity
    from devkit.api.hooks import hookimpl
    from devkit.api.keys import (
        HEALTH_PATH,
        METRICS_PATH,
        NPM,
        PORT,
        PYTHON,
        VARIABLES,
        Fact,
        Key,
        Published,
        Variable,
    )
    from devkit.api.result import Result
    from devkit.api.stages import Command, Default, Settings, Stage, Template
    from devkit.api.tasks import (
        Call,
        Effect,
        Figure,
        Moment,
        Outcome,
        RunCommand,
        RunReport,
        Task,
        TaskAction,
        TaskOutcome,
    )
    from devkit.api.tools import Tool
    from devkit.api.values import KeyPath, Value
    from devkit.errors import (
        APPLICATION_SILENT,
        COVERAGE_LOW,
        DEPENDENCIES_MISSING,
        DOTENV_INVALID,
        DOTENV_KEY,
        DOTENV_VALUE,
        DOTENV_WRONG,
        NETWORK_NEEDED,
        NOT_A_FILE,
        NOTHING_TO_TEST,
        OUTPUT_MISSING,
        REPORT_MISSING,
        REPORT_UNREADABLE,
        RUNNER_MISSING,
        TASK_FAILED,
        TESTS_FAILED,
        TOOL_MISSING,
        UNKNOWN_BASE,
        UNKNOWN_KIND,
        UNKNOWN_VARIABLE,
        DevkitError,
        Place,
    )

API_VERSION = 1
"""Raised when a change breaks plugins; a plugin may declare the versions it takes in `devkit_api`."""

_HOMES = {
    "devkit.api.actions": (
        "Block",
        "FileAction",
        "KeyedList",
        "ListRule",
        "Merge",
        "Render",
        "Seed",
        "SetList",
        "Verdict",
        "Write",
    ),
    "devkit.api.clicking": ("CommandClass", "GroupClass", "with_context"),
    "devkit.api.commands": ("CommandContext", "Ran"),
    "devkit.api.context": (
        "Context",
        "TaskContext",
        "Tree",
    ),
    "devkit.api.findings": (
        "Finding",
        "Severity",
    ),
    "devkit.api.hooks": ("hookimpl",),
    "devkit.api.keys": (
        "Fact",
        "HEALTH_PATH",
        "Key",
        "METRICS_PATH",
        "NPM",
        "PORT",
        "PYTHON",
        "Published",
        "VARIABLES",
        "Variable",
    ),
    "devkit.api.result": ("Result",),
    "devkit.api.stages": (
        "Command",
        "Default",
        "Settings",
        "Stage",
        "Template",
    ),
    "devkit.api.tasks": (
        "Call",
        "Effect",
        "Figure",
        "Moment",
        "Outcome",
        "RunCommand",
        "RunReport",
        "Task",
        "TaskAction",
        "TaskOutcome",
    ),
    "devkit.api.tools": ("Tool",),
    "devkit.api.values": (
        "KeyPath",
        "Value",
    ),
    "devkit.errors": (
        "APPLICATION_SILENT",
        "COVERAGE_LOW",
        "DEPENDENCIES_MISSING",
        "DOTENV_INVALID",
        "DOTENV_KEY",
        "DOTENV_VALUE",
        "DOTENV_WRONG",
        "DevkitError",
        "NETWORK_NEEDED",
        "NOTHING_TO_TEST",
        "NOT_A_FILE",
        "OUTPUT_MISSING",
        "Place",
        "REPORT_MISSING",
        "REPORT_UNREADABLE",
        "RUNNER_MISSING",
        "TASK_FAILED",
        "TESTS_FAILED",
        "TOOL_MISSING",
        "UNKNOWN_BASE",
        "UNKNOWN_KIND",
        "UNKNOWN_VARIABLE",
    ),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "API_VERSION",
    "APPLICATION_SILENT",
    "COVERAGE_LOW",
    "DEPENDENCIES_MISSING",
    "DOTENV_INVALID",
    "DOTENV_KEY",
    "DOTENV_VALUE",
    "DOTENV_WRONG",
    "HEALTH_PATH",
    "METRICS_PATH",
    "NETWORK_NEEDED",
    "NOTHING_TO_TEST",
    "NOT_A_FILE",
    "NPM",
    "OUTPUT_MISSING",
    "PORT",
    "PYTHON",
    "REPORT_MISSING",
    "REPORT_UNREADABLE",
    "RUNNER_MISSING",
    "TASK_FAILED",
    "TESTS_FAILED",
    "TOOL_MISSING",
    "UNKNOWN_BASE",
    "UNKNOWN_KIND",
    "UNKNOWN_VARIABLE",
    "VARIABLES",
    "Block",
    "Call",
    "Command",
    "CommandClass",
    "CommandContext",
    "Context",
    "Default",
    "DevkitError",
    "Effect",
    "Fact",
    "Figure",
    "FileAction",
    "Finding",
    "GroupClass",
    "Key",
    "KeyPath",
    "KeyedList",
    "ListRule",
    "Merge",
    "Moment",
    "Outcome",
    "Place",
    "Published",
    "Ran",
    "Render",
    "Result",
    "RunCommand",
    "RunReport",
    "Seed",
    "SetList",
    "Settings",
    "Severity",
    "Stage",
    "Task",
    "TaskAction",
    "TaskContext",
    "TaskOutcome",
    "Template",
    "Tool",
    "Tree",
    "Value",
    "Variable",
    "Verdict",
    "Write",
    "hookimpl",
    "with_context",
]


def __getattr__(name: str) -> Any:
    """Import a name from the module that it lives in."""
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value
