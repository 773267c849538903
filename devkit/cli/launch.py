"""The entry point: answers version, help and completion before anything heavy is imported.

It imports nothing but `gc`, `os` and `sys` before the search path is clean, and no module that costs start-up.
"""

import gc
import os
import sys

from devkit.host.searchpath import search_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.cli.words import Request
    from devkit.errors import DevkitError

_BROKEN_PIPE = 141
_OBJECTS = 100_000
"""New objects after which garbage is looked for: few commands make so many, and looks take a sixth of their time."""


def main() -> int:
    """Run the command line; return the exit code."""
    gc.set_threshold(_OBJECTS)
    sys.path[:] = search_path()
    _prepare_streams()
    words = sys.argv[1:]
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        code = _BROKEN_PIPE
    except BaseException as problem:  # noqa: BLE001 - the last door: nobody ever sees a traceback
        code = _fail(problem, words)
    _end_streams()
    gc.freeze()  # what is left goes with the process
    return code


def _run(words: list[str]) -> int:
    if words == ["--version"]:
        sys.stdout.write(_version(is_json=False))
        return 0
    if (words[:1] == ["run"] or (len(words) == 1 and not words[0].startswith("-"))) and _is_idle(words):
        return 0
    from devkit.cli.words import read_request

    request = read_request(words)
    if request.command == "help":
        words = [*words[: request.position], *words[request.position + 1 :], "--help"]
        request = read_request(words)
    answer = _quick_answer(request)
    if answer is None:
        from devkit.cli.main import main as run

        return run(words)
    sys.stdout.write(answer)
    return 0


def _is_idle(words: list[str]) -> bool:
    """Whether a command has nothing to do, which is then said."""
    from devkit.session.idle import idle_answer, show

    kept = idle_answer(words)
    if kept is not None:
        show(kept)
    return kept is not None


def _quick_answer(request: "Request") -> str | None:
    """Return the answer to a request that takes no more than the index; `None` for all others."""
    match request.wish:
        case "version":
            return _version(is_json=request.is_json)
        case "help":
            from devkit.cli.help import help_answer

            return help_answer(request)
        case "completion":
            from devkit.cli.completing import completion_answer

            return completion_answer(request)
    return None


def _version(*, is_json: bool) -> str:
    from devkit import __version__

    if is_json:
        return f'{{"schema": "devkit.version/1", "version": "{__version__}", "error": null}}\n'
    return f"devkit {__version__}\n"


def _prepare_streams() -> None:
    """Open closed streams on nothing, and let no character that the terminal lacks end a command.

    A stream that stays closed would lend its number to the next file that is opened, which would then get
    what was meant for the terminal.
    """
    while None in {sys.stdin, sys.stdout, sys.stderr}:
        number = os.open(os.devnull, os.O_RDWR)
        name = {0: "stdin", 1: "stdout", 2: "stderr"}.get(number)
        if name is None:
            os.close(number)
            break
        os.set_inheritable(number, True)
        setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a test may have put another kind of stream there
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _end_streams() -> None:
    """Write what is left; a stream that takes nothing is forgotten, or the interpreter would end with code 120."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except (OSError, ValueError):
            setattr(sys, name, None)


def _fail(problem: BaseException, words: "Sequence[str]") -> int:
    from devkit.report.console import Console

    error = _told(problem)
    own = words[: words.index("--")] if "--" in words else words
    from contextlib import suppress

    with suppress(OSError):  # nothing can be told any more, which may be what went wrong in the first place
        Console(is_json="--json" in own).fail(error)
    return error.exit


def _told(problem: BaseException) -> "DevkitError":
    """Return the failure as a user is told of it."""
    from devkit.engine.signals import Interrupted
    from devkit.errors import DEFECT, INTERRUPTED, IO_FAILED, DevkitError

    if isinstance(problem, DevkitError):
        return problem
    if isinstance(problem, (KeyboardInterrupt, Interrupted)):
        kind = getattr(problem, "kind", INTERRUPTED)
        return DevkitError(kind, kind.title)
    if isinstance(problem, OSError):
        return DevkitError(
            IO_FAILED, f"the output cannot be written: {problem.strerror}", help="redirect it elsewhere"
        )
    from devkit.cli.crash import write_crash_log

    log = write_crash_log(problem)
    return DevkitError(DEFECT, f"devkit failed: {type(problem).__name__}: {problem}", help=f"details: {log}")
