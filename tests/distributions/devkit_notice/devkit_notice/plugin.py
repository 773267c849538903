"""The notice plugin: a page that names the report of the audit stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import Key, Stage, Write, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, FileAction

devkit_api = ">=1,<2"

REPORT = Key("audit.report", str)
"""What devkit-audit publishes: a key is known by its name and type, so nothing of that plugin is imported."""


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage comes after the one whose value it reads."""
    return [Stage(name="notice", summary="Tell where licences are listed.", after=("audit",))]


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """A page of its own, with the value of another plugin."""
    yield Write(path="NOTICE.md", text=f"The licences of all dependencies are listed in `{context.get(REPORT)}`.\n")
