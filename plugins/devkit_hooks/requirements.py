"""What the hooks need in the project's own environment, contributed to its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import Merge, SetList, requirement_name
from devkit_hooks.programs import groups, python_programs
from devkit_hooks.settings import HooksSettings, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Context
    from devkit_hooks.programs import Programs

RUNNER = "pre-commit>=4.3"
HYGIENE = "pre-commit-hooks>=6.0"
GROUP = "dev"
"""The dependency group that is installed for development."""


def needed(context: Context) -> Iterator[Merge]:
    """Yield the requirements that a manifest does not have in words of its own."""
    python = python_programs(context)
    if python is not None and _has_group(context):
        wanted = [text for text in _python_needs(context, python) if _is_ours_or_absent(context, text)]
        if wanted:
            data = {"dependency-groups": {GROUP: list(wanted)}}
            yield Merge(path="pyproject.toml", data=data, lists={f"dependency-groups.{GROUP}": SetList()})


def has_hygiene(context: Context, programs: Programs) -> bool:
    """Whether the programs of `pre-commit-hooks`, or devkit's own, are in the environment, or will be."""
    return bool({"pre-commit-hooks", "devkit-cycle"} & programs.names) or _has_group(context)


def _python_needs(context: Context, programs: Programs) -> Iterator[str]:
    yield RUNNER
    settings = context.settings(HooksSettings)
    if settings.hygiene and settings.source is Source.LOCAL and "devkit-cycle" not in programs:
        yield HYGIENE


def _has_group(context: Context) -> bool:
    return isinstance(groups(context.tree).get(GROUP), list)


def _is_ours_or_absent(context: Context, requirement: str) -> bool:
    """Whether the groups lack a package, or hold it just as it was contributed: then it stays contributed."""
    lists = [each for each in groups(context.tree).values() if isinstance(each, list)]
    found = [item for each in lists for item in each if isinstance(item, str)]
    same = [item for item in found if requirement_name(item) == requirement_name(requirement)]
    return all(item == requirement for item in same)
