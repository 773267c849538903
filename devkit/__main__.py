"""`python -m devkit`."""

import os
import sys

if not sys.flags.safe_path and os.path.dirname(os.path.dirname(os.path.abspath(__file__))) != sys.path[0]:
    del sys.path[0]  # the current folder: nothing in it is imported because a command runs there

from devkit.cli.launch import main

if __name__ == "__main__":
    sys.exit(main())
