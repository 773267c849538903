"""The suite tries the same examples for everyone; with DEVKIT_FUZZ set it looks for new ones.

No example has a deadline: how long one takes says more of the machine than of the code. A suite that a shell started
in the background ignores Ctrl-C, and would have all its children do so: it is heard again.
"""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("fuzz" if os.environ.get("DEVKIT_FUZZ") else "suite")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
