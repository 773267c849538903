from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.actions import Verdict, Write
from devkit.plan.fileplan import OnDisk
from devkit.plan.rejects import written_conflict
from devkit.project.state import ABSENT, FileState

if TYPE_CHECKING:
    from devkit.plan.fileplan import FilePlan
    from tests.devkit.plan.conftest import Simulation

NOTHING = OnDisk(state=ABSENT)


def clash(disk: Simulation, path: str = "a.txt") -> FilePlan:
    """Return a conflict on line 3, with a change of line 1 that does not conflict."""
    disk.apply(Write(path=path, text="a: 1\nb: 1\nc: 1\n"))
    disk.edit("c: 1", "c: 5")
    return disk.plan(Write(path=path, text="a: 2\nb: 1\nc: 2\n"))


def test_what_is_no_conflict_stays_as_it_is(disk: Simulation) -> None:
    plan = disk.plan(Write(path="a.txt", text="a\n"))

    assert written_conflict(plan, NOTHING, is_inline=True) == (plan,)


def test_markers_show_both_versions(disk: Simulation) -> None:
    (written,) = written_conflict(clash(disk), NOTHING, is_inline=True)

    assert written.verdict is Verdict.MERGE
    assert written.content == b"a: 2\nb: 1\n<<<<<<< yours\nc: 5\n=======\nc: 2\n>>>>>>> devkit\n"
    assert written.entry is not None
    assert written.entry.text == "a: 2\nb: 1\nc: 2\n"


def test_beside_the_file_lies_only_what_conflicts(disk: Simulation) -> None:
    settled, reject = written_conflict(clash(disk), NOTHING, is_inline=False)

    assert settled.content == b"a: 2\nb: 1\nc: 5\n"
    assert reject.path == "a.txt.rej"
    assert reject.content == b"--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n a: 2\n b: 1\n-c: 5\n+c: 2\n"
    assert reject.entry is None


def test_a_structured_file_never_gets_markers(disk: Simulation) -> None:
    disk.apply(Write(path="a.json", text='{"a": 1}\n'))
    disk.edit("1", "5")
    plan = disk.plan(Write(path="a.json", text='{"a": 2}\n'))
    settled, reject = written_conflict(plan, NOTHING, is_inline=True)

    assert settled.verdict is Verdict.IDENTICAL
    assert not settled.changes_file
    assert reject.path == "a.json.rej"


def test_an_earlier_reject_that_was_not_worked_through_is_not_written_over(disk: Simulation) -> None:
    there = OnDisk(state=FileState(kind="file", digest="x"), content=b"earlier\n")
    (plan,) = written_conflict(clash(disk), there, is_inline=False)

    assert plan.verdict is Verdict.CONFLICT
    assert "a.txt.rej" in plan.reason


def test_something_in_the_way_cannot_be_written_down(disk: Simulation) -> None:
    plan = disk.plan(Write(path="a.txt", text="a\n"))
    link = OnDisk(state=FileState(kind="link"))
    from devkit.plan.decide import decide
    from devkit.plan.desired import Desired

    plan = decide(Desired(path="a.txt", owners=("one",), text="a\n"), None, link)
    assert written_conflict(plan, NOTHING, is_inline=False) == (plan,)


def test_beside_a_file_that_is_no_text_lies_all_that_is_wanted(disk: Simulation) -> None:
    disk.apply(Write(path="a.txt", text="a\n"))
    disk.content = b"\xff"
    settled, reject = written_conflict(disk.plan(Write(path="a.txt", text="b\n")), NOTHING, is_inline=True)

    assert not settled.changes_file
    assert reject.content == b"--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+b\n"
