"""`devkit update`: the lock moved to what is installed and what the template is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.errors import USAGE, DevkitError
from devkit.session.applying import UPDATE, writing
from devkit.session.grounds import locked_template, open_source, plugin_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value
    from devkit.engine.transaction import Recovery
    from devkit.plan.lock import Lock
    from devkit.session.session import Session


def abort_update(session: Session) -> Recovery:
    """Take back the last update, unless files were changed by devkit since; what the user edited is kept."""
    from devkit.engine.transaction import abort

    with writing(session, f"{UPDATE} --abort"):
        recovery = abort(session.root)
    if recovery is None:
        message = "there is no update to take back"
        raise DevkitError(USAGE, message, help="an update can be taken back until devkit changes files again")
    return recovery


def updated_lock(session: Session, lock: Lock, answers: Mapping[str, Value], location: str = "") -> Lock:
    """Return the lock at the installed plugins and the newest template, with new answers laid over the old.

    `location` is another place or reference to take the template from. A question that the template asks now
    and did not ask then takes its default.
    """
    from devkit.render.answers import resolve

    lock = replace(lock, plugins=plugin_versions(lock, session.host))
    if location:
        source = open_source(session, location, session.host, base=session.folder)
    elif lock.template is not None:
        source = open_source(session, lock.template.source, session.host, base=session.root)
    else:
        return lock
    kept = {name: value for name, value in lock.answers.items() if name in source.asks}
    return replace(
        lock,
        template=locked_template(source, session.root),
        answers=resolve(source, {**kept, **answers}, None),
    )
