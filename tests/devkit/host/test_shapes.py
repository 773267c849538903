from __future__ import annotations

from typing import Any

import pytest

from devkit.api import (
    PORT,
    VARIABLES,
    Block,
    Call,
    Command,
    DevkitError,
    Merge,
    Published,
    SetList,
    Settings,
    Stage,
    Task,
    Variable,
    Write,
)
from devkit.host.shapes import FIELD_TYPES, RETURNED, RETURNED_DATA, checked

ANY: Any = None
ANY_PORT: Any = PORT


@pytest.mark.parametrize("data", RETURNED_DATA)
def test_every_field_of_the_api_is_checked(data: Any) -> None:
    assert set(data.__annotations__.values()) <= set(FIELD_TYPES)


def test_every_hook_that_answers_is_described() -> None:
    from devkit.host.registry import HOOKS

    assert set(HOOKS) - set(RETURNED) == {"devkit_task_finished", "devkit_run_finished"}


@pytest.mark.parametrize(
    ("hook", "answer"),
    [
        ("devkit_stages", [Stage(name="audit", summary="Check.", after=("test",))]),
        ("devkit_files", (Block(path=".gitignore", name="a", text="x"), Write(path="a", text="b"))),
        ("devkit_files", [Merge(path="a.toml", data={"a": [1, {"b": None}]}, lists={"a": SetList()})]),
        ("devkit_publish", [Published(PORT, 80), Published(VARIABLES, Variable(name="A", description="b"))]),
        ("devkit_tasks", None),
        ("devkit_error_hints", iter(["try again"])),
    ],
)
def test_what_is_right_is_returned_as_a_tuple(hook: str, answer: Any) -> None:
    assert isinstance(checked("plugin a 1", hook, answer), tuple)


@pytest.mark.parametrize(
    ("hook", "answer", "expected"),
    [
        ("devkit_stages", 3, "an iterable of `Stage`"),
        ("devkit_stages", "audit", "an iterable of `Stage`"),
        ("devkit_stages", ["audit"], "`Stage`"),
        ("devkit_stages", [Stage(name=ANY, summary="")], "`Stage.name` to be `str`"),
        ("devkit_stages", [Stage(name="a", summary="", after="test")], "`Stage.after` to be `tuple[str, ...]`"),  # type: ignore[arg-type]
        ("devkit_stages", [Stage(name="Audit", summary="")], "a name of small letters"),
        ("devkit_stages", [Stage(name="", summary="")], "a name of small letters"),
        ("devkit_settings", [Settings(table="a", type=int)], "`Settings.type` to be `type`"),
        ("devkit_commands", [Command(name="a", summary="", target="module")], 'a target `"module:attribute"`'),
        ("devkit_files", [Write(path="a", text=b"b")], "`Write.text` to be `str`"),  # type: ignore[arg-type]
        ("devkit_files", [Merge(path="a", data={"a": {1, 2}})], "`Merge.data` to be `Mapping[str, Value]`"),  # type: ignore[dict-item]
        ("devkit_tasks", [Task(name="audit", action=Call(function="a:b"))], "a task name such as `stage:task`"),
        ("devkit_tasks", [Task(name="a:b", action=ANY)], "`Task.action` to be `TaskAction`"),
        ("devkit_tasks", [Task(name="a:b", action=Call(function=ANY))], "`Call.function` to be `str`"),
        ("devkit_publish", [Published(ANY_PORT, "80")], "a value of type `int`"),
        ("devkit_publish", [Published(PORT, True)], "a value of type `int`"),
    ],
)
def test_what_is_wrong_is_refused_with_what_was_expected(hook: str, answer: Any, expected: str) -> None:
    with pytest.raises(DevkitError) as caught:
        checked("plugin a 1", hook, answer)
    assert caught.value.exit == 78
    assert expected in caught.value.message
    assert caught.value.message.startswith("plugin a 1 returned")
    assert hook in caught.value.message
