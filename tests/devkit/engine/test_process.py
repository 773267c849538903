from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from devkit.engine import group, process
from devkit.engine.process import GIT_VARIABLES, Completed, find_program, run_process
from devkit.engine.pump import LONGEST_LINE
from devkit.engine.signals import Interrupted, handling
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import Popen


def python(code: str, folder: Path, **keywords: object) -> Completed:
    return run_process([sys.executable, "-c", code], cwd=folder, **keywords)  # type: ignore[arg-type]


def test_streams_are_heard_line_by_line_and_kept(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []
    code = "import sys; print('one\\r\\ntwo'); sys.stdout.flush(); sys.stderr.write('last')"
    done = python(code, tmp_path, on_text=lambda stream, line: heard.append((stream, line)))
    told = {name: "\n".join(text for stream, text in heard if stream == name) for name in ("stdout", "stderr")}
    assert told == {"stdout": "one\ntwo", "stderr": "last"}
    assert done == Completed(code=0, stdout="one\r\ntwo\n", stderr="last")


def test_bytes_that_are_not_text_are_kept_as_they_are_for_who_listens(tmp_path: Path) -> None:
    heard: list[str] = []
    code = "import os; os.write(1, b'a\\xff\\xc3\\xa9\\n')"
    done = python(code, tmp_path, on_text=lambda _, line: heard.append(line))
    assert (heard, done.stdout) == (["a\udcffé"], "a\\xffé\n")


def test_endless_output_without_a_newline_is_bounded(tmp_path: Path) -> None:
    lengths: list[int] = []
    code = "import os\nfor _ in range(400): os.write(1, b'\\xc3\\xa9' * 50000)\nos.write(1, b'end')"
    done = python(code, tmp_path, on_text=lambda _, line: lengths.append(len(line.encode())), keep=1000)
    assert max(lengths) <= 2 * LONGEST_LINE
    assert sum(lengths) == 400 * 100_000 + 3
    assert done.is_truncated
    assert done.stdout.endswith("éend")
    assert len(done.stdout) <= 1000


def test_pieces_of_a_long_line_never_cut_a_character(tmp_path: Path) -> None:
    heard: list[str] = []
    code = f"import os; os.write(1, b'x' + b'\\xf0\\x9f\\x8e\\xa1' * {LONGEST_LINE})"
    python(code, tmp_path, on_text=lambda _, line: heard.append(line))
    assert "".join(heard) == "x" + "\N{FERRIS WHEEL}" * LONGEST_LINE


def test_what_fits_is_kept_whole(tmp_path: Path) -> None:
    done = python("print('x' * 300_000, end='')", tmp_path, keep=300_000)
    assert (len(done.stdout), done.is_truncated) == (300_000, False)


def test_nothing_is_there_to_read_unless_it_is_given(tmp_path: Path) -> None:
    assert python("import sys; print(repr(sys.stdin.read()))", tmp_path).stdout == "''\n"
    big = b"x" * 1_000_000
    assert python("import sys; print(len(sys.stdin.read()))", tmp_path, stdin=big).stdout == "1000000\n"


def test_a_program_may_leave_its_input_unread(tmp_path: Path) -> None:
    assert python("print('done')", tmp_path, stdin=b"x" * 1_000_000).stdout == "done\n"


def test_input_and_output_larger_than_any_pipe_do_not_block_each_other(tmp_path: Path) -> None:
    code = "import sys\nwhile chunk := sys.stdin.buffer.read1(): sys.stdout.buffer.write(chunk)"
    assert len(python(code, tmp_path, stdin=b"y" * 3_000_000).stdout) == 3_000_000


def test_an_exit_code_is_reported(tmp_path: Path) -> None:
    assert python("raise SystemExit(7)", tmp_path).code == 7


@pytest.mark.parametrize(("number", "name"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGRTMIN + 3, "signal 37")])
def test_an_end_by_a_signal_is_reported_as_such(tmp_path: Path, number: int, name: str) -> None:
    done = python(f"import os; os.kill(os.getpid(), {int(number)})", tmp_path)
    assert (done.code, done.signal) == (128 + number, name)


@pytest.mark.parametrize("name", ["no-such-program-anywhere", "./no-such-program", "/"])
def test_a_missing_program_is_69(tmp_path: Path, name: str) -> None:
    with pytest.raises(DevkitError) as caught:
        run_process([name], cwd=tmp_path)
    assert (caught.value.exit, name in caught.value.message) == (69, True)


def test_a_missing_folder_is_no_missing_program(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        python("", tmp_path / "nowhere")
    assert (caught.value.exit, "no such folder" in caught.value.message) == (1, True)


def test_a_program_in_a_relative_folder_of_path_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil").write_text("#!/bin/sh\necho evil\n")
    (tmp_path / "evil").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert find_program("evil", os.pathsep.join(["", ".", "bin"])) is None
    assert find_program("evil", str(tmp_path)) == str(tmp_path / "evil")


def test_git_variables_are_not_inherited_unless_asked(tmp_path: Path) -> None:
    env = {"PATH": os.defpath, "GIT_AUTHOR_NAME": "somebody", **dict.fromkeys(GIT_VARIABLES, "x")}
    code = "import os; print(*sorted(name for name in os.environ if name.startswith('GIT_')))"
    assert python(code, tmp_path, env=env).stdout.split() == ["GIT_AUTHOR_NAME"]
    assert len(python(code, tmp_path, env=env, keeps_git_variables=True).stdout.split()) == len(GIT_VARIABLES) + 1


def test_an_environment_is_taken_whole(tmp_path: Path) -> None:
    assert python("import os; print(os.environ.get('HOME'))", tmp_path, env={"PATH": os.defpath}).stdout == "None\n"


def test_no_other_file_of_devkit_is_open_in_the_child(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    code = f"import os\ntry: os.fstat({writing})\nexcept OSError: print('closed')"
    try:
        assert python(code, tmp_path).stdout == "closed\n"
    finally:
        os.close(reading)
        os.close(writing)


FAMILY = """
import os, signal, sys
if os.fork() == 0:
    signal.signal(signal.SIGTERM, {answer})
    life = os.open({fifo!r}, os.O_WRONLY)
    print("ready", flush=True)
    signal.pause() if {answer} != signal.SIG_IGN else [signal.pause() for _ in iter(int, 1)]
os.wait()
"""


@pytest.mark.parametrize("answer", ["signal.SIG_DFL", "signal.SIG_IGN"], ids=["polite", "stubborn"])
def test_an_interruption_leaves_no_child_of_a_child(tmp_path: Path, answer: str) -> None:
    fifo = tmp_path / "life"
    os.mkfifo(fifo)
    life: list[bytes] = []
    watcher = threading.Thread(target=lambda: life.append(fifo.read_bytes()))
    watcher.start()
    code = FAMILY.format(answer=answer, fifo=str(fifo))
    with pytest.raises(Interrupted), handling():
        python(code, tmp_path, on_text=lambda *_: signal.raise_signal(signal.SIGINT))
    watcher.join()  # the pipe ends when the last process that holds it has
    assert life == [b""]


def test_further_signals_do_not_stop_the_stopping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(child: Popen[bytes], deadline: float) -> None:
        for _ in range(5):
            signal.raise_signal(signal.SIGINT)
        original(child, deadline)

    original = group._wait
    monkeypatch.setattr(group, "_wait", wait)
    fifo = tmp_path / "life"
    os.mkfifo(fifo)
    watcher = threading.Thread(target=fifo.read_bytes)
    watcher.start()
    code = FAMILY.format(answer="signal.SIG_DFL", fifo=str(fifo))
    with pytest.raises(Interrupted), handling():
        python(code, tmp_path, on_text=lambda *_: signal.raise_signal(signal.SIGINT))
    watcher.join()


def test_a_signal_while_a_program_starts_leaves_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*arguments: Any, **keywords: Any) -> Popen[bytes]:
        child = original(*arguments, **keywords)
        signal.raise_signal(signal.SIGTERM)
        started.append(child)
        return child

    original, started = process.start_process, list["Popen[bytes]"]()
    monkeypatch.setattr(process, "start_process", start)
    with pytest.raises(Interrupted), handling():
        python("import signal; signal.pause()", tmp_path)
    assert [child.returncode for child in started] == [-signal.SIGTERM]


def test_a_listener_that_fails_stops_the_program(tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the listener's own
        python("import signal; print(flush=True); signal.pause()", tmp_path, on_text=fail)


def test_a_child_that_stays_behind_with_the_pipes_is_not_waited_for(tmp_path: Path) -> None:
    fifo = tmp_path / "stop"
    os.mkfifo(fifo)
    code = f"""
import os
print("started", flush=True)
if os.fork() == 0:
    open({str(fifo)!r}).read()
"""
    done = python(code, tmp_path)
    assert (done.code, done.stdout) == (0, "started\n")
    fifo.write_bytes(b"")
