from __future__ import annotations

import os
import socket
import subprocess
import sys

from devkit_build.containers import is_left


def test_only_the_containers_of_processes_that_are_gone_are_left() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert is_left(f"{socket.gethostname()}:{ended.pid}")
    assert not is_left(f"{socket.gethostname()}:{os.getpid()}")
    assert not is_left(f"elsewhere:{ended.pid}")
    assert not is_left("")
