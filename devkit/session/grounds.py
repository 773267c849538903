"""Getting together what a plan is made from: plugins, configuration, records and the rendered template."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api.findings import Finding
from devkit.errors import (
    NEEDS_TRUST,
    PLUGIN_MISSING,
    REQUIRED_VERSION,
    TEMPLATE_MISSING,
    TEMPLATE_UNREACHABLE,
    DevkitError,
    Place,
)
from devkit.plan.lock import LockedTemplate
from devkit.project.root import LOCK_FILE
from devkit.report.events import FindingRaised
from devkit.session.planning import TEMPLATE_STAGE, Ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from devkit.api.stages import Template
    from devkit.api.values import Value
    from devkit.host.host import Host
    from devkit.plan.lock import Lock
    from devkit.render.source import TemplateSource
    from devkit.render.tree import RenderedFile
    from devkit.session.session import Session

_ABSENCES = (NEEDS_TRUST, TEMPLATE_MISSING, TEMPLATE_UNREACHABLE)


def project_ground(session: Session, lock: Lock, *, is_writing: bool) -> Ground:
    """Return the ground of the session's project, planned for `lock` (its own, or one with changes).

    A template that cannot be had stops a writer; a reader is told, and the template's files are left alone.
    """
    absent: frozenset[str] = frozenset()
    rendered: Sequence[RenderedFile] = ()
    try:
        if lock.template is not None:
            rendered = rendered_files(locked_source(session, lock.template), lock.answers)
    except DevkitError as error:
        if is_writing or error.kind not in _ABSENCES:
            raise
        session.tell(FindingRaised(Finding(code=error.kind.code, message=error.message, help=error.help)))
        absent = frozenset({TEMPLATE_STAGE})
    return Ground(
        root=session.root,
        host=session.host,
        configuration=session.configuration,
        lock=lock,
        baseline=session.baseline,
        rendered=rendered,
        absent=absent,
    )


def task_ground(session: Session) -> Ground:
    """Return the ground of a run: the template is rendered only where a file of it is missing on disk."""
    files = (path for path, entry in session.baseline.items() if TEMPLATE_STAGE in entry.owners)
    is_there = all(os.path.lexists(os.path.join(session.root, path)) for path in files)
    lock = replace(session.lock, template=None) if is_there else session.lock
    return project_ground(session, lock, is_writing=False)


def known_templates(host: Host) -> dict[str, Template]:
    """Return the templates that plugins offer, by name."""
    return {owned.value.name: owned.value for owned in host.templates()}


def open_source(session: Session, location: str, host: Host, *, base: Path, revision: str = "") -> TemplateSource:
    """Return the template at a name, a folder relative to `base`, or a URL, which is fetched."""
    from devkit.render.source import open_template

    known = known_templates(host)
    if location in known:
        return open_template(location, known)
    from devkit.engine.address import is_url

    location = session.configuration_of(session.folder).aliases.get(location, location)
    if not is_url(location):
        return open_template(str(base / location) if (base / location).is_dir() else location, known)
    from devkit.engine.fetch import fetch_template

    fetched = fetch_template(location, revision, is_offline=session.options.is_offline)
    return open_template(location, known, fetched=fetched)


def locked_source(session: Session, template: LockedTemplate) -> TemplateSource:
    """Return the template that the project was made from, at the revision it was made with."""
    return open_source(session, template.source, session.host, base=session.root, revision=template.revision)


def locked_template(source: TemplateSource, root: Path) -> LockedTemplate:
    """Return what the lock says of a template; a folder is named relative to the project, never by a path of home."""
    location = os.path.relpath(source.folder, root) if source.kind == "folder" else source.location
    return LockedTemplate(source=location, revision=source.revision)


def rendered_files(source: TemplateSource, answers: Mapping[str, Value]) -> tuple[RenderedFile, ...]:
    """Return the files of a template; one with hooks or extensions runs them, which needs trust."""
    if source.code:
        from devkit.engine.template_code import render_with_code

        return render_with_code(source, answers)
    from devkit.render.tree import render_tree

    return render_tree(source, answers)


def refuse_absent_plugins(lock: Lock, host: Host) -> None:
    """Raise when a plugin that made the project is not here: absence is not removal, so nothing is written."""
    known = {owned.value.name for owned in host.stages}
    for stage, distribution in lock.stages.items():
        if stage not in known:
            message = f"stage `{stage}` comes from `{distribution}`, which is not installed or was left out"
            help_text = f"pip install {distribution}, or take its files away: devkit remove {stage}"
            raise DevkitError(PLUGIN_MISSING, message, place=Place(path=LOCK_FILE), help=help_text)


def refuse_other_versions(lock: Lock, host: Host) -> None:
    """Raise when the project is locked to other versions of its generators than are installed."""
    for distribution, version in lock.plugins.items():
        here = host.distributions.get(distribution, version)
        if here != version:
            message = f"the project is locked to {distribution} {version}, and {here} is installed"
            help_text = f"move the project on: devkit update, or: pip install {distribution}=={version}"
            raise DevkitError(REQUIRED_VERSION, message, place=Place(path=LOCK_FILE), help=help_text)


def plugin_versions(lock: Lock, host: Host) -> dict[str, str]:
    """Return the versions to lock: those of the installed distributions that the enabled stages come from."""
    wanted = set(lock.stages.values())
    return {name: host.distributions.get(name, lock.plugins.get(name, "")) for name in sorted(wanted)}
