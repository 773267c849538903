"""Which URLs the user or the machine trusts as a whole: prefixes in their own configuration files.

A project's configuration is never looked at here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from devkit.config.directories import config_folder
from devkit.errors import CONFIG_SYNTAX, CONFIG_TYPE, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

MACHINE_FILE = "/etc/devkit/config.toml"


def policy_prefixes(files: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the trusted prefixes of the machine's and the user's file (or of `files`); absent ones have none."""
    chosen = (MACHINE_FILE, os.path.join(config_folder(), "config.toml")) if files is None else files
    return tuple(prefix for file in chosen for prefix in _prefixes(file))


def matches(url: str, prefix: str) -> bool:
    """Return whether a URL lies below a prefix: the same scheme and host, and a path that goes on at a `/`."""
    try:
        wanted, granted = urlsplit(url), urlsplit(prefix)
    except ValueError:
        return False
    if not (granted.scheme and granted.netloc) or _is_devious(url):
        return False
    if (wanted.scheme, wanted.netloc) != (granted.scheme, granted.netloc):
        return False
    return f"{wanted.path}/".startswith(f"{granted.path.rstrip('/')}/")


def _is_devious(url: str) -> bool:
    """Return whether a URL may lead elsewhere than it reads: by `..`, escapes, backslashes, or unseen characters."""
    path = urlsplit(url).path
    return ".." in path.split("/") or any(mark in url for mark in "%\\") or not url.isprintable() or " " in url


def _prefixes(file: str) -> tuple[str, ...]:
    import tomllib

    try:
        with open(file, "rb") as opened:
            trust = tomllib.load(opened).get("trust", {})
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as problem:
        help_text = "mend the file; nothing in it is trusted until then"
        raise DevkitError(CONFIG_SYNTAX, f"{problem}", place=Place(path=file), help=help_text) from problem
    prefixes = trust.get("prefixes", []) if isinstance(trust, dict) else None
    if not isinstance(prefixes, list) or not all(isinstance(prefix, str) for prefix in prefixes):
        help_text = 'write it as `prefixes = ["https://git.example.com/acme/"]` below `[trust]`'
        raise DevkitError(
            CONFIG_TYPE, "`trust.prefixes` is not a list of text", place=Place(path=file), help=help_text
        )
    return tuple(prefixes)
