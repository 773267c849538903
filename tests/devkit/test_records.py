from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

import pytest

from devkit.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One with names."""

    name: str
    tags: tuple[str, ...] = ()
    more: dict[str, int] = field(default_factory=dict, metadata={"help": "More."})
    hidden: str = field(default="", repr=False, compare=False)

    @property
    def upper(self) -> str:
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """One with places."""

    value: T
    count: int = 1


@dataclass(frozen=True, slots=True)
class Below(Placed[int]):
    """One below another."""

    depth: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The same as `Named` as the standard library makes it."""

    name: str
    tags: tuple[str, ...] = ()
    more: dict[str, int] = field(default_factory=dict, metadata={"help": "More."})
    hidden: str = field(default="", repr=False, compare=False)


def facts(cls: Any) -> list[tuple[object, ...]]:
    parts = ("name", "type", "default", "default_factory", "init", "repr", "hash", "compare", "metadata", "kw_only")
    return [tuple(getattr(each, part) for part in parts) for each in fields(cls)]


def test_a_record_is_a_dataclass_to_everybody_who_asks() -> None:
    assert is_dataclass(Named)
    assert facts(Named) == facts(Compiled)
    assert Named.__match_args__ == Compiled.__match_args__ == ()
    assert Below.__match_args__ == ("value", "count", "depth")
    assert Named.__slots__ == Compiled.__slots__
    assert asdict(Named(name="a", more={"b": 1})) == asdict(Compiled(name="a", more={"b": 1}))
    assert repr(Named(name="a", hidden="s")) == repr(Compiled(name="a", hidden="s")).replace("Compiled", "Named")
    assert Named.__doc__ == "One with names."


def test_values_come_by_name_place_and_default() -> None:
    assert replace(Named(name="a"), tags=("b",)) == Named(name="a", tags=("b",))
    assert Named(name="a").more is not Named(name="a").more
    assert (Placed("a").value, Placed("a").count, Placed("a", 2).count, Placed(value="a", count=3).count) == (
        *("a", 1, 2, 3),
    )
    assert Below(1, 2, 3) == Below(value=1, count=2, depth=3)
    assert Named(name="a").upper == "A"


def test_records_are_equal_and_hash_by_their_values() -> None:
    assert Placed("a") == Placed("a", 1) != Placed("b")
    assert Placed(1) != Below(1)
    assert Named(name="a", hidden="x") == Named(name="a", hidden="y")
    assert hash(Placed("a")) == hash(Placed("a", 1))
    assert len({Below(1), Below(1), Below(2)}) == 2
    alike: object = ("a", 1)
    assert Placed("a") != alike


def test_nothing_of_a_record_can_be_changed() -> None:
    record: Any = Placed("a")
    for name in ("count", "new"):
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, 2)
    with pytest.raises(FrozenInstanceError):
        del record.count
    assert not hasattr(record, "__dict__")


def test_a_record_can_be_copied_and_pickled() -> None:
    for record in (Named(name="a", more={"b": 1}), Placed("a"), Below(1)):
        assert copy.deepcopy(record) == copy.copy(record) == pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("given", "named", "words"),
    [
        ((), {}, "lacks the argument 'value'"),
        ((1, 2, 3), {}, "takes 2 positional arguments"),
        ((1,), {"value": 2}, "two values for 'value'"),
        ((1,), {"other": 2}, "takes no argument 'other'"),
    ],
)
def test_wrong_arguments_are_refused_by_name(given: tuple[Any, ...], named: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        Placed(*given, **named)
    with pytest.raises(TypeError, match="positional"):
        Named("a")  # type: ignore[call-arg]


def test_a_record_can_be_matched() -> None:
    match Placed("a", 2):
        case Placed(value, count):
            assert (value, count) == ("a", 2)


def test_a_record_that_may_change_is_compiled_as_ever() -> None:
    @dataclass(slots=True)
    class Open:
        value: int = 1

    opened = Open()
    opened.value = 2
    assert opened == Open(2)
