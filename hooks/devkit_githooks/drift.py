"""The hook `devkit-drift`: a commit is refused while generated files differ from what their stages want."""

from __future__ import annotations

import os

from devkit.cli.launch import main as devkit


def main() -> int:
    """Check for drift in the repository that git runs the hook in; return the exit code."""
    import sys

    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]  # git sets them for its hook; children that look at other repositories must not see them
    sys.argv = ["devkit", "apply", "--check"]
    return devkit()
