"""What the services of a project were found at: kept for those who start a program beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit_env.dotenv_file import read, write
from devkit_env.dotenv_text import parse
from devkit_env.ports import port_number
from devkit_env.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from devkit_env.up.catalogue import Service

FILE = ".devkit/state/env/services.env"
"""Ports and URLs; as secret as `.env`, and as private."""
SEEDED = ".devkit/state/env/seeded"


def remember(root: Path, values: Mapping[str, str]) -> None:
    """Write what was found, replacing what was before."""
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    write(root, FILE, "".join(f"{name}={quoted(value)}\n" for name, value in values.items()))


def remembered_ports(root: Path, services: Sequence[Service]) -> dict[str, int]:
    """Return the ports of the services by their variables; nothing when none has been started."""
    values = {entry.key: entry.value or "" for entry in parse(read(root, FILE) or "", FILE)}
    names = [port.variable for service in services for port in service.ports]
    return {name: port for name in names if (port := port_number(values.get(name, ""))) is not None}


def forget(root: Path, *, with_data: bool = False) -> None:
    """Take away what was found; with the data goes that a seed is in them."""
    (root / FILE).unlink(missing_ok=True)
    if with_data:
        (root / SEEDED).unlink(missing_ok=True)
