"""Frozen dataclasses that cost a tenth to define: they share their methods instead of having them compiled.

A command defines a hundred, and `dataclasses` writes, compiles and runs six functions for each: a third of the start
of `devkit init`. To `fields`, `replace`, `asdict` and type checkers these are dataclasses like any other.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as compiled
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass

__all__ = ["dataclass"]


@compiled(frozen=True, slots=True, kw_only=True)
class _Sample:
    field: object = None


def _dataclass(*, frozen: bool = False, slots: bool, kw_only: bool = False) -> Callable[[type], type]:
    """Return the decorator of a dataclass with slots; one that may change is compiled as ever."""
    if not frozen:
        return compiled(slots=slots, kw_only=kw_only)
    return lambda cls: _defined(cls, kw_only=kw_only)


if not TYPE_CHECKING:
    dataclass = _dataclass


def _defined(cls: type, *, kw_only: bool) -> type:
    hints = vars(cls).get("__annotations__", {})
    own = {name: _field(name, hint, vars(cls).get(name, MISSING), kw_only=kw_only) for name, hint in hints.items()}
    every: dict[str, Field[Any]] = {}
    for base in reversed(cls.__mro__[1:]):
        every |= getattr(base, "__dataclass_fields__", {})
    new = tuple(name for name in own if name not in every)
    every |= own
    space = {name: value for name, value in vars(cls).items() if name not in {*own, "__dict__", "__weakref__"}}
    space |= {"__slots__": new, "__qualname__": cls.__qualname__, "__dataclass_fields__": every}
    space |= {name: method for name, method in _METHODS.items() if name not in space}
    space["__match_args__"] = tuple(name for name, each in every.items() if each.init and not each.kw_only)
    space["__init__"] = _initializer(cls.__name__, every, space["__match_args__"])
    return type(cls)(cls.__name__, cls.__bases__, space)


def _field(name: str, hint: Any, default: Any, *, kw_only: bool) -> Field[Any]:
    """Return the description of a field, as `dataclasses` makes it."""
    from copy import copy

    made: Any = copy(fields(_Sample)[0])
    made.name, made.type, made.kw_only, made.default = name, hint, kw_only, default
    if isinstance(default, Field):
        for part in ("default", "default_factory", "init", "repr", "hash", "compare", "metadata"):
            setattr(made, part, getattr(default, part))
    found: Field[Any] = made
    return found


def _initializer(name: str, every: dict[str, Field[Any]], positional: tuple[str, ...]) -> Callable[..., None]:
    """Return the `__init__` of one class."""
    defaults = {each.name: each.default for each in every.values() if each.default is not MISSING}
    factories = {each.name: each.default_factory for each in every.values() if each.default_factory is not MISSING}
    put = object.__setattr__

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 - it becomes the method of this name
        if given:
            _name_given(name, positional, given, named)
        for key in every:
            if key in named:
                put(self, key, named.pop(key))
            elif key in defaults:
                put(self, key, defaults[key])
            elif key in factories:
                put(self, key, factories[key]())
            else:
                raise TypeError(f"{name}() lacks the argument {key!r}")
        if named:
            raise TypeError(f"{name}() takes no argument {next(iter(named))!r}")

    return __init__


def _name_given(name: str, positional: tuple[str, ...], given: tuple[Any, ...], named: dict[str, Any]) -> None:
    if len(given) > len(positional):
        raise TypeError(f"{name}() takes {len(positional)} positional arguments, not {len(given)}")
    for key, value in zip(positional, given, strict=False):
        if key in named:
            raise TypeError(f"{name}() got two values for {key!r}")
        named[key] = value


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name, each in self.__dataclass_fields__.items() if each.compare)


def _equal(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _shown(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, each in self.__dataclass_fields__.items() if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse_change(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change {name!r} of {self.__class__.__name__}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


_METHODS: dict[str, Any] = {
    "__dataclass_params__": vars(_Sample)["__dataclass_params__"],
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__setattr__": _refuse_change,
    "__delattr__": _refuse_change,
    "__getstate__": _state,
    "__setstate__": _restore,
}
