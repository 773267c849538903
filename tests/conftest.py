"""The suite tries the same examples for everyone; with DEVKIT_FUZZ set it looks for new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("suite", derandomize=True)
if not os.environ.get("DEVKIT_FUZZ"):
    settings.load_profile("suite")
