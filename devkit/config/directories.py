"""The user's own folders for configuration, state and caches, after the XDG base directory specification.

Written without a library: the fast path of `devkit --help` reads it before anything is imported.
"""

import os


def config_folder() -> str:
    """The folder of the user's configuration file, `config.toml`."""
    return _folder("XDG_CONFIG_HOME", ".config")


def state_folder() -> str:
    """The folder of what must outlive a cache: trust, and private logs."""
    return _folder("XDG_STATE_HOME", ".local/state")


def cache_folder() -> str:
    """The folder of what can be made again: the plugin index, compiled templates, fetched templates."""
    return _folder("XDG_CACHE_HOME", ".cache")


def _folder(variable: str, below_home: str) -> str:
    base = os.environ.get(variable, "")
    if not os.path.isabs(base):  # the specification: relative values are to be ignored
        local = os.environ.get("LOCALAPPDATA") if os.name == "nt" else None
        base = local or os.path.join(os.path.expanduser("~"), *below_home.split("/"))
    return os.path.join(base, "devkit")
