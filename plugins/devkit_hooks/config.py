"""What goes into `.pre-commit-config.yaml`, as data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from devkit.api import GIT_HOOKS, HOOKS_SOURCE, DevkitError, yaml_mapping
from devkit_hooks.checks import built_in_checks, node_linters, python_hygiene, python_linters
from devkit_hooks.programs import node_programs, python_programs
from devkit_hooks.requirements import has_hygiene
from devkit_hooks.settings import HooksSettings, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Context, GitHook, Value

CONFIG = ".pre-commit-config.yaml"
HEADER = """\
# What git checks before a commit or a push, run by pre-commit or prek: https://pre-commit.com
# The programs are those of the project's own environment, so a hook says what CI says.
# Leave one out once: SKIP=ID git commit
"""
OLDEST = "3.2.0"
"""The first pre-commit that knows stages by the names of git's hooks."""
LOCAL = "local"
_REPO = re.compile(r"\brepo\b(?:: (\S+)$)?", re.MULTILINE)
"""The word, wherever it is, and what a plain line of YAML says behind it."""


def config_data(context: Context) -> dict[str, Value]:
    """Return the keys that the stage contributes; hooks that another repository brings already are left out."""
    settings = context.settings(HooksSettings)
    taken = _ids_elsewhere(context.tree.read_text(CONFIG), {LOCAL, settings.repository})
    hooks = [hook for hook in _local_hooks(context, settings) if hook.id not in taken]
    repos: list[Value] = [{"repo": LOCAL, "hooks": [_as_data(hook) for hook in hooks]}] if hooks else []
    repos += _repositories(settings)
    stages = ["pre-commit", *sorted({stage for hook in hooks for stage in hook.stages} - {"pre-commit"})]
    return {
        "minimum_pre_commit_version": OLDEST,
        "default_install_hook_types": list(stages),
        "repos": repos,
    }


def _local_hooks(context: Context, settings: HooksSettings) -> Iterator[GitHook]:
    """Yield the hooks whose programs are here; fixers of white space first, so that linters see what is mended."""
    python, node = python_programs(context), node_programs(context)
    if settings.hygiene and settings.source is Source.LOCAL:
        yield from built_in_checks()
        if python is not None and has_hygiene(context, python):
            yield from python_hygiene(python)
    if python is not None:
        yield from python_linters(python)
    if node is not None:
        yield from node_linters(node)
    yield from context.collect(GIT_HOOKS)


def _repositories(settings: HooksSettings) -> list[Value]:
    if settings.source is not Source.REPOSITORY or not settings.hygiene:
        return []
    if not (settings.repository and settings.rev):
        message = (
            f"the hooks come from a repository, and `{'rev' if settings.repository else 'repository'}` is not set"
        )
        raise DevkitError(HOOKS_SOURCE, message, help='or take them from here: source = "local"')
    hooks: list[Value] = [{"id": id_} for id_ in settings.ids]
    return [{"repo": settings.repository, "rev": settings.rev, "hooks": hooks}]


def _as_data(hook: GitHook) -> dict[str, Value]:
    data: dict[str, Value] = {"id": hook.id, "name": hook.name, "entry": hook.entry, "language": hook.language}
    optional: dict[str, Any] = {
        "files": hook.files,
        "exclude": hook.exclude,
        "types": list(hook.types),
        "types_or": list(hook.types_or),
        "require_serial": hook.is_serial,
    }
    data |= {key: value for key, value in optional.items() if value}
    if not hook.takes_files:
        data["pass_filenames"] = False
    return data | {"stages": list(hook.stages)}


def _ids_elsewhere(text: str | None, own: set[str]) -> set[str]:
    """Return the ids of hooks that a configuration takes from other repositories than these, and their twins here."""
    named = {match[1] for match in _REPO.finditer(text or "")}
    if own.issuperset(named):  # reading YAML takes longer than all the rest
        return set()
    from devkit_hooks.reading import listed_hooks

    found = {hook.id for hook in listed_hooks(yaml_mapping(text or "") or {}) if hook.repo not in own}
    return found | {_TWINS[each] for each in found if each in _TWINS}


_TWINS = {
    "end-of-file-fixer": "end-of-file",
    "mixed-line-ending": "line-endings",
    "check-yaml": "yaml",
    "check-toml": "toml",
    "check-json": "json",
    "check-added-large-files": "large-files",
    "check-case-conflict": "case-conflict",
    "check-symlinks": "symlinks",
    "check-merge-conflict": "merge-markers",
    "detect-private-key": "private-key",
    "ruff": "ruff-check",
}
"""Hooks of `pre-commit-hooks` and others, and the hook of ours that does the same."""
