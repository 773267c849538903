from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from devkit.api.tasks import Call, Outcome, RunCommand, Task
from devkit.engine import tasklocks
from devkit.engine.executor import OnFailure, Policy, run_tasks
from devkit.engine.runner import Run, Runnable
from devkit.engine.signals import Interrupted, handling
from devkit.engine.skipping import Verdict
from devkit.engine.statefolder import make_state_folder
from devkit.engine.taskcontext import Surroundings
from devkit.report.events import Noted, TaskEnded, TaskOutput, TaskStarted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from devkit.api import TaskContext
    from devkit.engine.inside import Inside
    from devkit.report.events import Event

PACKAGE = __name__.partition(".")[0]


def python(name: str, code: str, *needs: str, outputs: tuple[str, ...] = ()) -> Task:
    return Task(name=name, action=RunCommand(argv=(sys.executable, "-c", code)), needs=needs, outputs=outputs)


def call(name: str, function: str, *needs: str, **arguments: str) -> Task:
    return Task(name=name, action=Call(function=f"{__name__}:{function}", arguments=arguments), needs=needs)


def run(
    root: Path,
    *tasks: Task,
    jobs: int = 2,
    on: OnFailure = OnFailure.FINISH,
    hear: Callable[[Event], None] | None = None,
) -> tuple[Run, list[Event]]:
    events: list[Event] = []

    def tell(event: Event) -> None:
        events.append(event)
        if hear is not None:
            hear(event)

    done = Run()
    runnables = [Runnable(task=task, plugin="acme", package=PACKAGE) for task in tasks]
    run_tasks(runnables, Surroundings(root=root, tell=tell), done, Policy(jobs=jobs, on_failure=on))
    return done, events


def outcomes(done: Run) -> dict[str, Outcome]:
    return {outcome.task: outcome.outcome for outcome in done.outcomes}


MEETING = threading.Barrier(2, timeout=30)


def meet(_: TaskContext) -> None:
    MEETING.wait()


def test_tasks_that_do_not_need_each_other_run_side_by_side(tmp_path: Path) -> None:
    done, _ = run(tmp_path, call("a:one", "meet"), call("a:two", "meet"))
    assert set(outcomes(done).values()) == {Outcome.DONE}


def test_one_job_runs_them_one_after_the_other_in_their_order(tmp_path: Path) -> None:
    _, events = run(tmp_path, python("a:one", ""), python("a:two", ""), python("a:three", "", "a:one"), jobs=1)
    told = [type(event).__name__ for event in events if isinstance(event, (TaskStarted, TaskEnded))]
    assert told == ["TaskStarted", "TaskEnded"] * 3


def test_everything_is_told_by_the_thread_of_the_run(tmp_path: Path) -> None:
    threads: set[int] = set()
    run(
        tmp_path,
        python("a:one", "print(1)"),
        call("a:two", "speak"),
        hear=lambda _: threads.add(threading.get_ident()),
    )
    assert threads == {threading.get_ident()}


def speak(context: TaskContext) -> None:
    context.say("hello")


FAIL = "raise SystemExit(3)"


def test_after_a_failure_nothing_new_starts_and_what_runs_ends(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    slow = python("a:slow", "open('gate').read()")

    def open_the_gate(event: Event) -> None:
        if isinstance(event, TaskEnded) and event.outcome.task == "a:bad":
            (tmp_path / "gate").write_text("")

    tasks = (slow, python("a:bad", FAIL), python("a:free", ""), python("a:needy", "", "a:bad"))
    done, _ = run(tmp_path, *tasks, hear=open_the_gate)
    assert outcomes(done) == {
        "a:bad": Outcome.FAILED,
        "a:needy": Outcome.BLOCKED,
        "a:slow": Outcome.DONE,
        "a:free": Outcome.BLOCKED,
    }


def test_keep_going_stops_only_what_needs_the_failed_task(tmp_path: Path) -> None:
    tasks = (
        python("a:bad", FAIL),
        python("a:needy", "", "a:bad"),
        python("a:free", ""),
        python("a:last", "", "a:free"),
    )
    done, _ = run(tmp_path, *tasks, on=OnFailure.KEEP_GOING)
    assert outcomes(done) == {
        "a:bad": Outcome.FAILED,
        "a:needy": Outcome.BLOCKED,
        "a:free": Outcome.DONE,
        "a:last": Outcome.DONE,
    }


def test_fail_fast_stops_what_runs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    bad = python("a:bad", f"open('gate').read(); {FAIL}")
    slow = python("a:slow", "import signal; print(flush=True); signal.pause()")

    def open_the_gate(event: Event) -> None:
        if isinstance(event, TaskOutput):
            (tmp_path / "gate").write_text("")

    done, _ = run(tmp_path, bad, slow, on=OnFailure.FAIL_FAST, hear=open_the_gate)
    assert outcomes(done) == {"a:bad": Outcome.FAILED, "a:slow": Outcome.INTERRUPTED}


def test_all_failures_are_kept_in_their_order(tmp_path: Path) -> None:
    tasks = (python("a:one", FAIL), call("a:two", "missing"), python("a:three", FAIL))
    done, _ = run(tmp_path, *tasks, jobs=1, on=OnFailure.KEEP_GOING)
    assert [failure.exit for failure in done.failures] == [1, 78, 1]
    assert done.failure is done.failures[0]


def test_a_call_that_raises_what_it_should_not_is_a_failure_of_its_plugin(tmp_path: Path) -> None:
    done, _ = run(tmp_path, call("a:odd", "be_odd"))
    assert (outcomes(done), done.failures[0].exit) == ({"a:odd": Outcome.FAILED}, 70)


def be_odd(_: TaskContext) -> None:
    raise GeneratorExit


WAIT = """
import os, signal, sys
signal.signal(signal.SIGTERM, {answer})
life = os.open("life", os.O_WRONLY)
if os.fork() == 0:
    print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize("answer", ["signal.SIG_DFL", "signal.SIG_IGN"], ids=["polite", "stubborn"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_tasks_with_all_that_they_started(
    tmp_path: Path, number: signal.Signals, answer: str
) -> None:
    os.mkfifo(tmp_path / "life")
    life: list[bytes] = []
    watcher = threading.Thread(target=lambda: life.append((tmp_path / "life").read_bytes()))
    watcher.start()
    ready: list[str] = []

    def interrupt(event: Event) -> None:
        if isinstance(event, TaskOutput):
            ready.append(event.task)
            if len(ready) == 2:
                for _ in range(3):
                    signal.raise_signal(number)

    code = WAIT.format(answer=answer)
    with pytest.raises(Interrupted) as caught, handling():
        run(tmp_path, python("a:one", code), python("a:two", code), hear=interrupt)
    watcher.join()  # the pipe ends when the last process that holds it has
    assert (life, caught.value.signal) == ([b""], number)


def test_a_signal_that_comes_when_nothing_runs_any_more_is_heard_too(tmp_path: Path) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, TaskEnded) and event.outcome.outcome is Outcome.BLOCKED:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Interrupted), handling():
        run(tmp_path, python("a:bad", FAIL), python("a:free", ""), jobs=1, hear=interrupt)


LEAVE = """
import os
life = os.open("life", os.O_WRONLY)
if os.fork() == 0:
    import signal
    signal.pause()
"""


def test_what_a_task_leaves_behind_is_stopped_when_it_ends(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "life")
    watcher = threading.Thread(target=(tmp_path / "life").read_bytes)
    watcher.start()
    done, events = run(tmp_path, python("a:leaves", LEAVE))
    watcher.join()
    assert outcomes(done) == {"a:leaves": Outcome.DONE}
    assert any(isinstance(event, Noted) and "left running was stopped" in event.text for event in events)


HOLD = """
import fcntl, json, os, sys
path = sys.argv[1]
handle = os.open(path, os.O_RDWR)
fcntl.flock(handle, fcntl.LOCK_EX)
os.ftruncate(handle, 0)
os.write(handle, json.dumps({"pid": os.getpid(), "command": "run a:make"}).encode())
print("held", flush=True)
sys.stdin.read()
"""


def test_a_task_waits_for_another_run_that_makes_the_same_and_says_so(tmp_path: Path) -> None:
    from subprocess import PIPE, Popen

    make = python("a:make", "open('made', 'w')", outputs=("made",))
    run(tmp_path, make)
    (lock,) = (tmp_path / ".devkit/state/locks").iterdir()
    assert json.loads(lock.read_text())["pid"] == os.getpid()
    with Popen([sys.executable, "-c", HOLD, str(lock)], stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        told: list[str] = []

        def release(event: Event) -> None:
            if isinstance(event, Noted):
                told.append(event.text)
                other.communicate(b"")

        done, _ = run(tmp_path, make, hear=release)
    assert told == [f"`a:make` waits for `devkit run a:make` (process {other.pid}), which makes the same"]
    assert outcomes(done) == {"a:make": Outcome.DONE}


def test_a_task_runs_though_a_run_that_failed_takes_the_state_folder_away_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_and_lose(inside: Inside) -> tuple[str, ...]:
        made = make_state_folder(inside)
        if not lost:
            shutil.rmtree(tmp_path / ".devkit")
            lost.append(inside)
        return made

    lost: list[Inside] = []
    monkeypatch.setattr(tasklocks, "make_state_folder", make_and_lose)

    done, _ = run(tmp_path, python("a:make", "open('made', 'w')", outputs=("made",)))

    assert lost
    assert outcomes(done) == {"a:make": Outcome.DONE}


def test_two_tasks_of_one_run_never_make_the_same_at_once(tmp_path: Path) -> None:
    code = "import os; os.mkdir('way'); os.rmdir('way'); open('made', 'w')"  # fails where another is between the two
    tasks = [python(f"a:{number}", code, outputs=("made",)) for number in range(6)]
    done, _ = run(tmp_path, *tasks, jobs=6)
    assert set(outcomes(done).values()) == {Outcome.DONE}


class Remembering:
    """Takes some tasks for fresh, and remembers what ended well."""

    def __init__(self, fresh: Sequence[str]) -> None:
        self.fresh = fresh
        self.ended: list[str] = []

    def check(self, task: Task) -> Verdict:
        is_fresh = task.name in self.fresh
        return Verdict(is_fresh, "nothing changed" if is_fresh else "src/a.py changed")

    def finished(self, task: Task) -> None:
        self.ended.append(task.name)


def test_a_fresh_task_is_skipped_and_what_needs_it_runs(tmp_path: Path) -> None:
    freshness, done = Remembering(["a:fresh"]), Run()
    tasks = (python("a:fresh", FAIL), python("a:next", "", "a:fresh"), python("a:bad", FAIL))
    runnables = [Runnable(task=task, plugin="acme", package=PACKAGE) for task in tasks]
    policy = Policy(freshness=freshness, on_failure=OnFailure.KEEP_GOING)
    run_tasks(runnables, Surroundings(root=tmp_path, tell=lambda _: None), done, policy)
    assert [(each.outcome, each.reason) for each in done.outcomes[:2]] == [
        (Outcome.SKIPPED, "nothing changed"),
        (Outcome.DONE, "src/a.py changed"),
    ]
    assert freshness.ended == ["a:next"]


def test_a_listener_that_fails_leaves_no_process(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "life")
    watcher = threading.Thread(target=(tmp_path / "life").read_bytes)
    watcher.start()

    def fail(event: Event) -> None:
        if isinstance(event, TaskOutput):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run(tmp_path, python("a:one", WAIT.format(answer="signal.SIG_DFL")), hear=fail)
    watcher.join()


def test_no_output_is_lost_when_a_task_prints_faster_than_it_is_shown(tmp_path: Path) -> None:
    lines = 0

    def count(event: Event) -> None:
        nonlocal lines
        if isinstance(event, TaskOutput):
            lines += event.text.count("\n") + 1

    done, _ = run(
        tmp_path,
        python("a:loud", "for _ in range(90_000): print('y' * 99)"),
        hear=count,
    )
    assert (lines, outcomes(done)) == (90_000, {"a:loud": Outcome.DONE})
