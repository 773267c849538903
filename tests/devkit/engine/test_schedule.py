from __future__ import annotations

from devkit.api.tasks import RunCommand, Task
from devkit.engine.schedule import Schedule


def tasks(**needs: str) -> list[Task]:
    action = RunCommand(argv=("true",))
    return [Task(name=name, action=action, needs=tuple(needs[name].split())) for name in needs]


def all_that_may_start(schedule: Schedule) -> list[str]:
    return list(iter(schedule.start, None))


def test_a_task_starts_when_all_that_it_needs_has_ended() -> None:
    schedule = Schedule(tasks(a="", b="", c="a b", d=""))
    assert all_that_may_start(schedule) == ["a", "b", "d"]
    assert schedule.end("b", is_good=True) == []
    assert all_that_may_start(schedule) == []
    assert schedule.end("a", is_good=True) == []
    assert all_that_may_start(schedule) == ["c"]


def test_what_may_start_does_so_in_the_order_given() -> None:
    schedule = Schedule(tasks(a="", b="", late="", c="b", d="a"))
    assert [schedule.start(), schedule.start()] == ["a", "b"]
    schedule.end("a", is_good=True)
    schedule.end("b", is_good=True)
    assert all_that_may_start(schedule) == ["late", "c", "d"]


def test_a_failure_blocks_only_what_needs_it_but_that_to_the_end() -> None:
    schedule = Schedule(tasks(bad="", b="bad", other="", c="b", d="other"))
    assert all_that_may_start(schedule) == ["bad", "other"]
    assert schedule.end("bad", is_good=False) == ["b", "c"]
    assert schedule.end("other", is_good=True) == []
    assert all_that_may_start(schedule) == ["d"]
    assert schedule.rest() == []


def test_an_optional_need_is_waited_for_however_it_ends() -> None:
    schedule = Schedule(tasks(a="", b="a?", c="elsewhere?"))
    assert all_that_may_start(schedule) == ["a", "c"]
    assert schedule.end("a", is_good=False) == []
    assert all_that_may_start(schedule) == ["b"]


def test_what_was_never_started_is_known_in_its_order() -> None:
    schedule = Schedule(tasks(a="", b="a", c=""))
    assert schedule.start() == "a"
    assert schedule.rest() == ["b", "c"]
