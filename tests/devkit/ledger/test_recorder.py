from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from devkit.errors import LEDGER
from devkit.ledger.history import history
from devkit.ledger.lastrun import Ending
from devkit.ledger.reading import last_runs
from devkit.ledger.recorder import Clock, NewRun, Recorder
from tests.devkit.ledger.conftest import Ledger

KILLED = """
import os, signal, sys
from pathlib import Path
from devkit.ledger.recorder import NewRun, Recorder

run = NewRun(command="run", commit="", devkit="0.1", subjects={})
with Recorder(root=Path(sys.argv[1]), run=run) as recorder:
    recorder.task_began("test:a")
    recorder.task_began("test:b")
    os.kill(os.getpid(), signal.SIGKILL)
"""
ALIVE = """
import sys
from pathlib import Path
from devkit.ledger.recorder import NewRun, Recorder

run = NewRun(command="run", commit="", devkit="0.1", subjects={})
with Recorder(root=Path(sys.argv[1]), run=run) as recorder:
    recorder.task_began("test:a")
    print("began", flush=True)
    sys.stdin.read()
"""
MANY = """
import sys
from pathlib import Path
from devkit.ledger.lastrun import Ending
from devkit.ledger.recorder import NewRun, Recorder

for _ in range(5):
    run = NewRun(command="run", commit="", devkit="0.1", subjects={})
    with Recorder(root=Path(sys.argv[1]), run=run) as recorder:
        for number in range(20):
            recorder.task_began(f"test:{number}")
            recorder.task_ended(f"test:{number}", Ending.DONE, seconds=0.5)
        recorder.ending = Ending.DONE
    assert recorder.findings == [], recorder.findings
"""
UNWRITABLE = """
import os, sys
from pathlib import Path
from devkit.ledger.reading import last_runs
from devkit.ledger.recorder import NewRun, Recorder

root = Path(sys.argv[1])
last_runs(root, {})  # the libraries may lie where only the former user can read
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
with Recorder(root=root, run=NewRun(command="run", commit="", devkit="0.1", subjects={})) as recorder:
    recorder.task_began("test:a")
print(last_runs(root, {"test": ()})["test"].ending, *(finding.message for finding in recorder.findings))
"""


def python(code: str, ledger: Ledger) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(ledger.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_run_is_remembered_with_its_tasks(ledger: Ledger) -> None:
    with ledger.running("env:sync", "test:pytest", "test:late") as recorder:
        ledger.ticks += 1
        recorder.task_began("env:sync")
        ledger.ticks += 2
        recorder.task_ended("env:sync", Ending.DONE, seconds=2)
        recorder.task_began("test:pytest")
        ledger.ticks += 4
        recorder.task_ended("test:pytest", Ending.FAILED, seconds=4, reason="a task failed")
        recorder.task_ended("test:late", Ending.BLOCKED, seconds=0)
        recorder.ending = Ending.FAILED

    (run,) = history(ledger.root)
    assert (run.command, run.commit, run.devkit, run.started) == ("run", "c" * 40, "0.1", 1_000_000.0)
    assert (run.ending, run.seconds) == (Ending.FAILED, 7.0)
    assert [(task.subject.name, task.ending, task.began) for task in run.tasks] == [
        ("env:sync", Ending.DONE, 1.0),
        ("test:pytest", Ending.FAILED, 3.0),
        ("test:late", Ending.BLOCKED, None),
    ]
    assert (run.tasks[1].subject.plugin, run.tasks[1].subject.version) == ("acme", "1.2")
    assert run.tasks[1].reason == "a task failed"


def test_nothing_but_the_ledger_is_left_behind(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    ledger.run({"test:a": Ending.DONE})

    assert ledger.names() == ["ledger.sqlite3"]


def test_a_run_is_running_while_its_devkit_lives_and_interrupted_once_it_does_not(ledger: Ledger) -> None:
    with python(ALIVE, ledger) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        assert last_runs(ledger.root, {"test": ()})["test"].ending is Ending.RUNNING
        ledger.run({"lint:a": Ending.DONE})
        assert last_runs(ledger.root, {"test": ()})["test"].ending is Ending.RUNNING
        process.kill()
    assert last_runs(ledger.root, {"test": ()})["test"].ending is Ending.INTERRUPTED


def test_a_killed_run_is_interrupted_to_readers_and_closed_by_the_next_run(ledger: Ledger) -> None:
    python(KILLED, ledger).communicate()
    before = ledger.file.read_bytes()

    (killed,) = history(ledger.root)
    assert killed.ending is Ending.INTERRUPTED
    assert {task.ending for task in killed.tasks} == {Ending.INTERRUPTED}
    assert ledger.file.read_bytes() == before

    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file)) as connection:
        rows = connection.execute("SELECT ending FROM runs UNION ALL SELECT ending FROM tasks ORDER BY 1").fetchall()
    assert [ending for (ending,) in rows] == ["done", "done", "interrupted", "interrupted", "interrupted"]
    assert ledger.names() == ["ledger.sqlite3"]


def test_an_interrupted_run_is_closed_as_such(ledger: Ledger) -> None:
    def interrupted() -> None:
        with ledger.recorder("test:a") as recorder:
            recorder.task_began("test:a")
            ledger.ticks += 3
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    last = last_runs(ledger.root, {"test": ()})["test"]
    assert (last.ending, last.seconds) == (Ending.INTERRUPTED, 3.0)


def test_many_processes_write_at_once_and_nothing_is_lost(ledger: Ledger) -> None:
    processes = [python(MANY, ledger) for _ in range(6)]
    errors = [process.communicate()[1] for process in processes]

    assert errors == [""] * 6
    runs = history(ledger.root, limit=100)
    assert len(runs) == 30
    assert {len(run.tasks) for run in runs} == {20}
    assert {run.ending for run in runs} == {Ending.DONE}
    assert ledger.names() == ["ledger.sqlite3"]


def test_many_processes_find_a_broken_ledger_and_set_it_aside_once(ledger: Ledger) -> None:
    ledger.file.write_bytes(b"not a database " * 1000)

    processes = [python(MANY.replace("assert recorder", "assert True or recorder"), ledger) for _ in range(6)]
    errors = [process.communicate()[1] for process in processes]

    assert errors == [""] * 6
    assert len(history(ledger.root, limit=100)) == 30
    assert ledger.names() == ["ledger.sqlite3", "ledger.sqlite3.broken-1"]


@pytest.mark.parametrize("junk", [b"x", b"junk" * 4096, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_corrupt_file_is_set_aside_with_a_finding(ledger: Ledger, junk: bytes) -> None:
    ledger.file.write_bytes(junk)

    with ledger.recorder("test:a") as recorder:
        recorder.task_began("test:a")
        recorder.ending = Ending.DONE

    (finding,) = recorder.findings
    assert finding.code == LEDGER.code
    assert "ledger.sqlite3.broken-1" in finding.help
    assert (ledger.root / ".devkit/state/ledger.sqlite3.broken-1").read_bytes() == junk
    assert len(history(ledger.root)) == 1


def test_a_file_damaged_within_is_found_on_the_first_run_of_a_day(ledger: Ledger) -> None:
    for _ in range(40):
        ledger.run({f"test:{number}": Ending.DONE for number in range(20)})
    content = bytearray(ledger.file.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 8192 - 4096)
    ledger.file.write_bytes(content)
    ledger.now += 86_400

    with ledger.recorder() as recorder:
        pass

    assert ["begins anew" in finding.message for finding in recorder.findings] == [True]
    assert len(history(ledger.root)) == 1


def test_a_newer_ledger_is_set_aside_and_kept_whole(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    newer = ledger.file.read_bytes()

    with ledger.recorder() as recorder:
        pass

    assert "a newer devkit wrote it (schema 99, here 2)" in recorder.findings[0].message
    assert (ledger.root / ".devkit/state/ledger.sqlite3.broken-1").read_bytes() == newer


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON runs BEGIN DELETE FROM tasks; END",
        "CREATE VIEW more AS SELECT 1",
        "DROP TABLE tasks",
        "ALTER TABLE runs ADD COLUMN more TEXT",
    ],
)
def test_a_ledger_with_other_tables_or_triggers_is_not_used(ledger: Ledger, statement: str) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute(statement)

    with ledger.recorder() as recorder:
        pass

    assert "its tables are not those of devkit" in recorder.findings[0].message
    assert ledger.names() == ["ledger.sqlite3", "ledger.sqlite3.broken-1"]


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_set_aside_and_not_followed(ledger: Ledger, kind: str) -> None:
    outside = ledger.root / "outside"
    outside.write_bytes(b"")
    makers = {"folder": os.mkdir, "link": lambda path: os.symlink(outside, path), "pipe": os.mkfifo}
    makers[kind](ledger.file)

    ledger_run = ledger.recorder()
    with ledger_run as recorder:
        pass

    assert "it is not a plain file" in recorder.findings[0].message
    assert outside.read_bytes() == b""
    assert len(history(ledger.root)) == 1


def test_a_state_folder_that_is_a_link_is_not_followed(ledger: Ledger) -> None:
    state = ledger.file.parent
    elsewhere = ledger.root / "elsewhere"
    state.rename(elsewhere)
    state.symlink_to(elsewhere)

    with ledger.recorder() as recorder:
        recorder.task_began("test:a")

    assert "there is no folder" in recorder.findings[0].message
    assert os.listdir(elsewhere) == []


def test_a_ledger_that_somebody_holds_is_a_finding_and_stops_nobody(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as holder:
        with ledger.recorder("test:a") as recorder:
            holder.execute("BEGIN EXCLUSIVE")
            for _ in range(100):
                recorder.task_began("test:a")
            recorder.ending = Ending.DONE
        holder.execute("ROLLBACK")

    (finding,) = recorder.findings
    assert finding.message == "this run is missing in the history of runs: another process has it open"


def test_what_could_not_be_written_in_time_is_written_at_the_end(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as holder, ledger.running("test:b") as recorder:
        holder.execute("BEGIN EXCLUSIVE")
        recorder.task_began("test:b")
        recorder.task_ended("test:b", Ending.DONE, seconds=1)
        holder.execute("ROLLBACK")

    assert [run.tasks[0].subject.name for run in history(ledger.root)] == ["test:b", "test:a"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_is_a_finding_and_its_history_readable() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder))
        ledger.root.chmod(0o755)
        ledger.file.parent.mkdir(parents=True)
        ledger.run({"test:a": Ending.DONE})

        stdout, stderr = python(UNWRITABLE, ledger).communicate()

        assert ledger.names() == ["ledger.sqlite3"]
    assert stderr == ""
    assert stdout.startswith("done this run is missing in the history of runs: ")


def test_a_clock_that_goes_backwards_changes_no_duration_and_no_order(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    times = iter([500_000.0, 500_000.0, 400_000.0])
    clock = Clock(now=lambda: next(times, 300_000.0), ticks=lambda: ledger.ticks)
    run = NewRun(command="run", commit="", devkit="0.1", subjects={})
    with Recorder(root=ledger.root, run=run, clock=clock) as recorder:
        recorder.task_began("test:b")
        ledger.ticks += 2
        recorder.task_ended("test:b", Ending.FAILED, seconds=2)
        recorder.ending = Ending.FAILED

    last = last_runs(ledger.root, {"test": ()})["test"]
    assert (last.ending, last.seconds) == (Ending.FAILED, 2.0)
    assert [task.subject.name for run in history(ledger.root) for task in run.tasks] == ["test:b", "test:a"]


def test_text_that_is_not_unicode_or_endless_is_stored_all_the_same(ledger: Ledger) -> None:
    with ledger.running() as recorder:
        recorder.task_ended("test:\udcff", Ending.FAILED, seconds=1, reason="\ud800" + "x" * 10_000)

    (task,) = history(ledger.root)[0].tasks
    assert task.subject.name == "test:?"
    assert len(task.reason) == 500


def test_news_that_come_thick_are_written_together_a_moment_later(ledger: Ledger) -> None:
    names = [f"test:{number}" for number in range(30)]
    with ledger.running(*names) as recorder:
        for name in names:
            recorder.task_began(name)
        begun = sum(task.ending is Ending.RUNNING for task in history(ledger.root)[0].tasks)
        ledger.ticks += 0.2
        recorder.catch_up()
        all_begun = sum(task.ending is Ending.RUNNING for task in history(ledger.root)[0].tasks)

    assert 0 < begun < all_begun == 30
