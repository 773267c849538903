"""What a plugin may return: every field of the data is checked against the type that it is declared with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct

from devkit.api.actions import Block, KeyedList, Merge, Render, Seed, SetList, Write
from devkit.api.findings import Finding, Severity
from devkit.api.keys import Fact, Key, Published, Variable
from devkit.api.stages import Command, Default, Settings, Stage, Template
from devkit.api.tasks import Call, Effect, Moment, RunCommand, Task
from devkit.api.tools import Remedy, Tool
from devkit.errors import PLUGIN_INVALID, DevkitError, Place

RETURNED: Mapping[str, tuple[type, ...]] = {
    "devkit_stages": (Stage,),
    "devkit_settings": (Settings,),
    "devkit_commands": (Command,),
    "devkit_templates": (Template,),
    "devkit_facts": (Fact,),
    "devkit_defaults": (Default,),
    "devkit_publish": (Published,),
    "devkit_files": (Write, Render, Seed, Merge, Block),
    "devkit_tasks": (Task,),
    "devkit_tools": (Tool,),
    "devkit_checks": (Finding,),
    "devkit_review": (Finding,),
    "devkit_error_hints": (str,),
}
"""The types that each hook's answer may hold."""

_SCALARS = (str, int, float, bool, type(None), date, time)
_ACTIONS = (Write, Render, Seed, Merge, Block)
_STAGE_NAME = "abcdefghijklmnopqrstuvwxyz0123456789-"


def checked(plugin: object, hook: str, answer: object) -> tuple[Any, ...]:
    """Return a hook's answer as a tuple of the right types; PLUGIN_INVALID says what was expected instead."""
    expected = RETURNED[hook]
    if answer is None:
        return ()
    if isinstance(answer, (str, bytes, Mapping)) or not isinstance(answer, Iterable):
        _refuse(plugin, hook, f"an iterable of {_names(expected)}", answer)
    items: tuple[object, ...] = tuple(answer)
    for item in items:
        if not isinstance(item, expected):
            _refuse(plugin, hook, _names(expected), item)
        _check_fields(plugin, hook, item)
        _check_names(plugin, hook, item)
    return items


def _check_fields(plugin: object, hook: str, item: object) -> None:
    if not isinstance(item, Struct):
        return
    for name, wanted in type(item).__annotations__.items():
        value = getattr(item, name)
        if not FIELD_TYPES[wanted](value):
            _refuse(plugin, hook, f"`{type(item).__name__}.{name}` to be `{wanted.removeprefix('builtins.')}`", value)
        if isinstance(value, Struct):
            _check_fields(plugin, hook, value)


def _check_names(plugin: object, hook: str, item: object) -> None:
    match item:
        case Stage(name=name) | Command(name=name) | Settings(table=name):
            is_right, what = _is_name(name), "a name of small letters, digits and `-`"
        case Task(name=name):
            is_right, what = all(name.partition(":")), "a task name such as `stage:task`"
        case Published(key=Key(type=wanted), value=value):
            name, is_right, what = repr(value), _is_instance(value, wanted), f"a value of type `{wanted.__name__}`"
        case _:
            return
    if is_right and isinstance(item, Command):
        name, is_right, what = item.target, all(item.target.partition(":")), 'a target `"module:attribute"`'
    if not is_right:
        message = f"{plugin} returned `{name}` from {hook}, which expects {what}"
        raise DevkitError(PLUGIN_INVALID, message, help="report it to the plugin's authors")


def _refuse(plugin: object, hook: str, expected: str, value: object) -> NoReturn:
    message = f"{plugin} returned `{type(value).__name__}` from {hook}, which expects {expected}"
    raise DevkitError(PLUGIN_INVALID, message, help="report it to the plugin's authors")


def _names(types: tuple[type, ...]) -> str:
    return " or ".join(f"`{each.__name__}`" for each in types)


def _is_name(name: str) -> bool:
    return bool(name) and name[0].isalpha() and all(character in _STAGE_NAME for character in name)


def _is_instance(value: object, wanted: type) -> bool:
    return isinstance(value, wanted) and not (isinstance(value, bool) and wanted in {int, float})


def _one(*types: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, types)


def _tuple_of(*types: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, tuple) and all(isinstance(item, types) for item in value)


def _mapping_to(*types: type) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, Mapping)
        and all(isinstance(key, str) and isinstance(item, types) for key, item in value.items())
    )


def _is_value(value: object) -> bool:
    if isinstance(value, _SCALARS):
        return True
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_value(item) for key, item in value.items())
    return isinstance(value, (list, tuple)) and all(_is_value(item) for item in value)


FIELD_TYPES: Mapping[str, Callable[[object], bool]] = {
    "str": _one(str),
    "bool": _one(bool),
    "int": _one(int),
    "int | None": _one(int, type(None)),
    "str | bytes": _one(str, bytes),
    "tuple[str, ...]": _tuple_of(str),
    "tuple[tuple[str, ...], ...]": lambda value: isinstance(value, tuple) and all(map(_tuple_of(str), value)),
    "tuple[Remedy, ...]": _tuple_of(Remedy),
    "tuple[FileAction, ...]": _tuple_of(*_ACTIONS),
    "Mapping[str, str]": _mapping_to(str),
    "Mapping[str, ListRule]": _mapping_to(SetList, KeyedList),
    "Mapping[str, Value]": lambda value: isinstance(value, Mapping) and _is_value(value),
    "Value": _is_value,
    "Path": _one(Path),
    "builtins.type": lambda value: isinstance(value, type) and is_dataclass(value),
    "builtins.type[T]": _one(type),
    "T": lambda _: True,
    "Key[T]": _one(Key),
    "Place": _one(Place),
    "Place | None": _one(Place, type(None)),
    "Severity": _one(Severity),
    "TaskAction": _one(RunCommand, Call),
    "Effect": _one(Effect),
    "Moment": _one(Moment),
}
"""How each type that the API's data declares is recognised, by the text of its annotation."""

RETURNED_DATA = (*_ACTIONS, Stage, Command, Settings, Template, Default, Fact, Published, Key, Variable, Task, Tool)
"""The data classes that a hook may return; a test compares their annotations with `FIELD_TYPES`."""
