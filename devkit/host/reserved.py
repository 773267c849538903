"""The names of devkit's own commands, which no plugin may take."""

from __future__ import annotations

CORE_COMMANDS = frozenset({
    "add", "adopt", "apply", "clean", "completion", "config", "doctor", "eject", "explain", "graph", "help", "init",
    "plan", "plugin", "remove", "run", "schema", "status", "template", "trust", "untrust", "update", "version",
})  # fmt: skip
"""Those that exist and those that are to come; a test compares them with the table of the command line."""
