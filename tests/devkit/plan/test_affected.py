from __future__ import annotations

from devkit.api.tasks import RunCommand, Task
from devkit.plan.affected import affected


def task(name: str, inputs: tuple[str, ...] = (), needs: tuple[str, ...] = ()) -> Task:
    return Task(name=name, action=RunCommand(argv=("true",)), inputs=inputs, needs=needs)


TASKS = (
    task("a:lock", ("lock.txt",)),
    task("a:code", ("src/**",), ("a:lock",)),
    task("a:docs", ("docs/**",)),
    task("a:all", needs=("a:code", "a:docs?")),
    task("a:none"),
)


def test_what_reads_a_changed_file_is_affected_with_what_depends_on_it() -> None:
    assert affected(TASKS, {"src/deep/a.py"}) == ("a:code", "a:all")
    assert affected(TASKS, {"lock.txt"}) == ("a:lock", "a:code", "a:all")
    assert affected(TASKS, {"docs/a.md"}) == ("a:docs", "a:all")


def test_other_files_affect_nothing() -> None:
    assert affected(TASKS, {"README.md"}) == ()
    assert affected(TASKS, ()) == ()


def test_a_changed_submodule_affects_what_reads_below_it() -> None:
    assert affected([task("a:code", ("vendor/lib/src/**",))], {"vendor/lib"}) == ("a:code",)
