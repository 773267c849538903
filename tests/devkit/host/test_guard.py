from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from devkit.api import DEPENDENCIES_MISSING, DevkitError
from devkit.engine.signals import Interrupted
from devkit.host.guard import guarded, output_to_stderr

if TYPE_CHECKING:
    from collections.abc import Iterator


def _raise(problem: BaseException) -> None:
    with guarded("plugin audit 1.2", "devkit_files"):
        raise problem


class Escape(BaseException):
    """Something that a plugin raises and that is no `Exception`."""


@pytest.mark.parametrize(
    "problem", [ValueError("no"), SystemExit(0), KeyboardInterrupt(), GeneratorExit(), RecursionError(), Escape("no")]
)
def test_whatever_a_plugin_raises_is_its_failure(problem: BaseException) -> None:
    with pytest.raises(DevkitError) as caught:
        _raise(problem)
    assert caught.value.exit == 70
    assert caught.value.message.startswith(f"plugin audit 1.2 failed in devkit_files: {type(problem).__name__}")
    assert caught.value.__cause__ is problem


def test_a_signal_passes_through() -> None:
    with pytest.raises(Interrupted):
        _raise(Interrupted(signal.SIGINT))


def test_an_error_of_devkit_keeps_its_kind_and_names_the_plugin() -> None:
    with pytest.raises(DevkitError) as caught:
        _raise(DevkitError(DEPENDENCIES_MISSING, "no index", help="go online"))
    assert caught.value.kind is DEPENDENCIES_MISSING
    assert caught.value.message == "plugin audit 1.2 failed in devkit_files: no index"
    assert caught.value.help == "go online"


def test_an_error_that_names_the_plugin_already_is_left_as_it_is() -> None:
    with pytest.raises(DevkitError) as caught:
        _raise(DevkitError(DEPENDENCIES_MISSING, "plugin audit 1.2 needs an index"))
    assert caught.value.message == "plugin audit 1.2 needs an index"


def test_what_plugins_print_goes_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with output_to_stderr():
        print("printed")  # noqa: T201 - that is what the plugin does
        os.write(1, b"written\n")
        subprocess.run([sys.executable, "-c", "print('child')"], check=True)
    print("devkit's own")  # noqa: T201 - and this is devkit
    captured = capfd.readouterr()
    assert captured.out == "devkit's own\n"
    assert {"printed", "written", "child"} <= set(captured.err.split())


def test_a_closed_stdout_is_no_obstacle() -> None:
    program = (
        "import os; os.close(1)\n"
        "from devkit.host.guard import output_to_stderr\n"
        "with output_to_stderr(): print('heard')"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stderr == "heard\n"


def test_a_generator_is_consumed_inside_the_guard() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("late")

    with pytest.raises(DevkitError, match="ValueError: late"), guarded("plugin audit 1.2", "devkit_files"):
        list(items())
