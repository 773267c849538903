"""The hook `devkit-drift`: a commit is refused while generated files differ from what their stages want."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: "Sequence[str]" = ()) -> int:
    """Check for drift in the repository that git runs the hook in; return the exit code."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]  # git sets them for its hook; children that look at other repositories must not see them
    from devkit.cli.launch import main as devkit

    sys.argv = ["devkit", "apply", "--check", *argv]
    return devkit()
