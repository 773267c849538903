"""`devkit doctor`: looking at machine and project; no look is stopped by what another one finds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from devkit.errors import DevkitError
from devkit.project.root import find_root
from devkit.session import soundness
from devkit.session.diagnosis import MACHINE, PROJECT, Check, Diagnosis, guarded
from devkit.session.machine import look_at_git, look_at_tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.host.host import Host
    from devkit.plan.plan import Plan
    from devkit.session.session import Session


def diagnose(session: Session) -> Diagnosis:
    """Return how machine and project are; outside of a project, only the machine is looked at."""
    root = find_root(session.folder)
    checks = [*guarded(MACHINE, "git", partial(look_at_git, root or session.folder, is_project=root is not None))]
    if root is None:
        host = session.outside_host
        checks.append(Check(group=MACHINE, name="plugins", detail=_names(host), findings=host.warnings))
        return Diagnosis(project="", checks=tuple(checks))
    checks += _project(session)
    return Diagnosis(
        project=session.root.name, checks=tuple(sorted(checks, key=lambda check: check.group == PROJECT))
    )


def _project(session: Session) -> Iterator[Check]:
    yield from guarded(PROJECT, "configuration", partial(soundness.look_at_configuration, session))
    yield from guarded(PROJECT, "plugins", lambda: soundness.look_at_plugins(session, _host(session)))
    yield from guarded(PROJECT, "files", lambda: _planned(session))
    yield from guarded(PROJECT, "recovery", partial(soundness.look_at_recovery, session))
    yield from guarded(PROJECT, "history", partial(soundness.look_at_history, session))
    yield from guarded(PROJECT, "git", partial(soundness.look_at_git, session))


def _planned(session: Session) -> Iterator[Check]:
    plan = _plan(session)
    yield from soundness.look_at_plan(plan)
    yield from look_at_tools(plan.tools, session.root)


def _plan(session: Session) -> Plan:
    from devkit.session.grounds import project_ground
    from devkit.session.planning import make_plan

    plan, _ = make_plan(project_ground(session, session.lock, is_writing=False))
    return plan


def _host(session: Session) -> Host:
    """Return the project's plugins, or where its configuration does not tell which, those of the machine."""
    try:
        return session.host
    except DevkitError:
        return session.outside_host


def _names(host: Host) -> str:
    return ", ".join(plugin.name for plugin in host.plugins)
