"""What must be equal, besides files, for an answer of an earlier run to hold."""

import os

from devkit import __version__
from devkit.config.directories import config_folder
from devkit.host.index import index_mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def invocation_key(root: str, plugins: "Sequence[str]" = (), *, no_plugins: bool = False) -> list[str]:
    """Return devkit's version, the plugins that are installed and chosen, the project, and devkit's variables."""
    return [__version__, index_mark(), root, config_folder(), " ".join(plugins), str(no_plugins), _variables()]


def _variables() -> str:
    """Return a mark of devkit's variables; they may hold secrets, which are never written down."""
    variables = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("DEVKIT_"))
    if not variables:
        return ""
    from devkit.project.fingerprints import fingerprint

    return fingerprint("\0".join(variables).encode("utf-8", "surrogateescape"))
