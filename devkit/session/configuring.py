"""Reading and setting configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit import __version__
from devkit.config.requirements import check_version
from devkit.config.show import get_value, shown_entries, value_for
from devkit.errors import UNSPLICEABLE, DevkitError, Place
from devkit.project.state import read_state
from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.api.stages import Default, Settings
    from devkit.config.show import Shown
    from devkit.session.session import Session


def shown(session: Session, key: str = "") -> tuple[Shown, ...]:
    """Return every value in force, or those of one key or table."""
    declared, defaults = _declared(session)
    configuration = session.configuration
    configuration.check(declared, list(session.lock.stages))
    if key:
        return get_value(configuration, declared, key, defaults)
    return shown_entries(configuration, declared, defaults)


def set_value(session: Session, key: str, text: str) -> str:
    """Set a key in the project's file, every other byte of it kept; return the file's name.

    The file is `devkit.toml` where there is one, else `pyproject.toml`.
    """
    from devkit.engine.transaction import Change, commit_changes
    from devkit.session.applying import writing

    declared, _ = _declared(session)
    path, value = value_for(declared, key, text)
    if path == ("required-version",):
        check_version(str(value), __version__)
    root = session.root
    name = (
        "pyproject.toml"
        if not (root / "devkit.toml").exists() and (root / "pyproject.toml").exists()
        else "devkit.toml"
    )
    with writing(session, "config set"):
        before = read_state(root, name)
        content = _with_key(root / name, (*(("tool", "devkit") if name == "pyproject.toml" else ()), *path), value)
        commit_changes(root, [Change(path=name, before=before, content=content)], command="config set")
    return name


def _with_key(file: Path, path: tuple[str | int, ...], value: object) -> bytes:
    from devkit.plan.splice import Format, SetKey, SpliceProblem, SyntaxProblem, splice

    text = file.read_bytes().decode() if file.exists() else ""
    try:
        return splice(text, [SetKey(path=path, value=value)], Format.TOML).encode()  # type: ignore[arg-type]
    except (SyntaxProblem, SpliceProblem) as problem:
        message = f"the key cannot be set there: {problem}"
        raise DevkitError(
            UNSPLICEABLE, message, place=Place(path=file.name), help="edit the file by hand"
        ) from problem


def _declared(session: Session) -> tuple[Sequence[Settings], Sequence[Default]]:
    host = session.host
    facts = {owned.value.name: owned.value for owned in host.facts(DiskTree(session.root))}
    facts |= session.configuration.facts()
    return [owned.value for owned in host.settings()], [owned.value for owned in host.defaults(facts)]
