from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.plugins.hooks.sweeping import Sweep

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = """\
#!/bin/sh
# Does what runners of hooks do: takes away what is not staged, runs the hook, and brings it back.
patch=$0.patch
git diff --binary --no-color --ignore-submodules > "$patch"
back() { [ ! -s "$patch" ] || git apply --whitespace=nowarn "$patch"; }
trap 'back; exit 130' INT
[ ! -s "$patch" ] || git checkout -q -- .
git diff --cached --name-only -z --diff-filter=ACM > "$0.names"
xargs -0 "${0%runner}hook" < "$0.names"
code=$?
back
exit $code
"""


@pytest.mark.usefixtures("devkit_home")
@pytest.mark.parametrize("seed", [3, 7, 21])
def test_no_byte_is_lost_whatever_ends_the_hooks(tmp_path: Path, seed: int) -> None:
    runner = tmp_path / "runner"
    runner.write_text(RUNNER, "utf-8")
    runner.chmod(0o755)

    assert Sweep(tmp_path, [str(runner)], os.environ).over(seed) == []
