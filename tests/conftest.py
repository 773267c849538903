"""The suite tries the same examples for everyone; with DEVKIT_FUZZ set it looks for new ones.

No example has a deadline: how long one takes says more of the machine than of the code.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("fuzz" if os.environ.get("DEVKIT_FUZZ") else "suite")
