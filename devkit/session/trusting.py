"""Trust given and taken back: templates by path or URL, and the plugin folders of the project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.engine.address import parse_address
from devkit.engine.fetch import fetch_template, is_url
from devkit.errors import UNKNOWN_NAME, USAGE, DevkitError, Place
from devkit.host.local import plugin_code
from devkit.host.trust import Code, Grant, TrustStore

if TYPE_CHECKING:
    from devkit.session.session import Session


def trust(session: Session, location: str | None) -> tuple[Grant, ...]:
    """Trust the code at a path or URL, or that of the project's plugin folders; return the grants."""
    return tuple(TrustStore().grant(code) for code in _code(session, location))


def untrust(session: Session, location: str | None) -> tuple[Grant, ...]:
    """Take back the trust in a path or URL, or in the project's plugin folders; return what was taken back."""
    if location is None:
        places = [code.location for code in _project_code(session)]
    else:
        places = [parse_address(location).shown if is_url(location) else os.path.abspath(session.folder / location)]
    taken = tuple(grant for place in places for grant in TrustStore().revoke(place))
    if not taken:
        message = f"`{location or session.root.name}` was not trusted"
        raise DevkitError(UNKNOWN_NAME, message, help="devkit trust --list shows what is")
    return taken


def trusted() -> tuple[Grant, ...]:
    """Return all that is trusted."""
    return TrustStore().entries()


def _code(session: Session, location: str | None) -> tuple[Code, ...]:
    if location is None:
        return _project_code(session)
    if is_url(location):
        fetched = fetch_template(location, is_offline=session.options.is_offline)
        return (Code(folder=fetched.folder, url=fetched.location),)
    folder = Path(os.path.abspath(session.folder / location))
    if not folder.is_dir():
        raise DevkitError(
            USAGE, f"`{location}` is not a folder", place=Place(path=location), help="name a folder or URL"
        )
    return (Code(folder=folder),)


def _project_code(session: Session) -> tuple[Code, ...]:
    folders = session.configuration.core.plugin_folders
    if not folders:
        message = "this project has no plugin folders to trust"
        raise DevkitError(USAGE, message, help="name what to trust: devkit trust PATH or URL")
    return plugin_code(session.root, folders)
