"""Whole plans over random generators and users: what is planned, applied, edited, and planned again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api.actions import Block, KeyedList, Merge, Seed, SetList, Verdict, Write
from devkit.plan.splice import AddItem, DropKey, Format, SetKey, SpliceProblem, format_of, parse, splice
from devkit.plan.structure import parses
from devkit.plan.values import is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from devkit.api.actions import FileAction, ListRule
    from devkit.api.values import Value
    from tests.devkit.plan.conftest import Simulation

    NewSimulation = Callable[[], Simulation]

STRUCTURED = ("a.toml", "a.yaml", "a.json", "tsconfig.json")
LISTS: dict[str, ListRule] = {"names": SetList(), "tool.names": SetList(), "repos": KeyedList("id")}
COMMENTS = {Format.TOML: "#", Format.YAML: "#", Format.JSONC: "//"}


@dataclass
class World:
    """A simulated file that generators and a user work on in turns; `mine` is what the user put in."""

    path: str
    disk: Simulation
    mine: list[str] = field(default_factory=list)

    @property
    def format(self) -> Format | None:
        """The format of the file."""
        return format_of(self.path)

    @property
    def data(self) -> Value:
        """The data of the file; it must be structured and there."""
        assert self.format is not None
        return parse(self.disk.text, self.format)

    def token(self) -> str:
        """Return a word that nothing else holds."""
        self.mine.append(f"mine{len(self.mine)}x")
        return self.mine[-1]

    def forget(self) -> None:
        """Leave out what the user took away again."""
        text = "" if self.disk.content is None else self.disk.text
        self.mine = [token for token in self.mine if token in text]


# Generators

SCALARS = st.sampled_from([1, 2, True, "a", "b c", "3.10", "no"])
NAMES = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, min_size=1, max_size=3)
TABLES = st.fixed_dictionaries({}, optional={"a": SCALARS, "b": SCALARS, "names": NAMES, "all": NAMES})
REPOS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("pqr")}, optional={"rev": SCALARS}),
    unique_by=lambda repo: str(repo["id"]),
    min_size=1,
    max_size=3,
)
DATA: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {}, optional={"a": SCALARS, "tool": TABLES, "other": TABLES, "repos": REPOS}
)
LINES = st.lists(st.sampled_from(["one", "two", "three", "", "four"]), max_size=6)


def text_of(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def document(path: str, data: Mapping[str, Value]) -> str:
    """Return a document as an author of a template may write it, with a comment on top."""
    file_format = format_of(path)
    assert file_format is not None
    text = splice("", [SetKey((key,), value) for key, value in data.items()], file_format)
    comment = COMMENTS.get(file_format)
    return f"{comment} made for you\n{text}" if comment else text


@st.composite
def generated(draw: st.DrawFn, path: str) -> list[FileAction]:
    """Return actions that go together."""
    if format_of(path) is None:
        blocks = [
            Block(path=path, name=name, text=text_of(draw(LINES))) for name in draw(st.sets(st.sampled_from("xy")))
        ]
        whole = [Write(path=path, text=text_of(draw(LINES)), executable=draw(st.booleans()))]
        return draw(st.sampled_from([[], whole, [*blocks], [*whole, *blocks], [Seed(path=path, text="seed\n")]]))
    data: Any = draw(DATA)
    lists = {name: rule for name, rule in LISTS.items() if draw(st.booleans())}
    merge = Merge(path=path, data=data, lists=lists)
    again = Merge(path=path, data={key: data[key] for key in data if draw(st.booleans())}, lists=lists)
    table: Any = draw(TABLES)
    extra = Merge(path=path, data={"extra": table}, lists=lists)
    skeleton = Write(path=path, text=document(path, draw(DATA | st.just(data))))
    skeletal = [Write(path=path, text=document(path, data)), extra]
    seed = Seed(path=path, text=document(path, data))
    return draw(st.sampled_from([[], [merge], [merge, again], [merge, extra], [skeleton], skeletal, [seed]]))


def is_wanted(action: FileAction) -> bool:
    """Whether an action asks for anything."""
    return not isinstance(action, Merge) or bool(action.data)


# The user

EDITS = ("line", "change", "cut", "key", "value", "drop", "item", "delete")


@dataclass(frozen=True)
class UserEdit:
    """What the user does to the file, and where (a number that is cut down to what is there)."""

    kind: str
    at: int


def edit(world: World, doing: UserEdit) -> None:
    """Do it, if there is a file and it still is what it was afterwards."""
    if world.disk.content is None:
        if doing.kind == "key":
            create(world)
        return
    if doing.kind == "delete":
        world.disk.content = None
    elif world.format is None or doing.kind == "line":
        edit_lines(world, doing)
    else:
        edit_keys(world, doing, world.format)
    world.forget()


def create(world: World) -> None:
    token = world.token()
    if world.format is None:
        world.disk.content = f"{token}\n".encode()
    else:
        world.disk.content = splice("", [SetKey(("own",), token)], world.format).encode()


def edit_lines(world: World, doing: UserEdit) -> None:
    comment = COMMENTS.get(world.format, "") if world.format else "mine"
    if not comment:
        return
    lines = world.disk.text.splitlines(keepends=True)
    at = doing.at % (len(lines) + 1)
    new = [f"{comment} {world.token()}\n"] if doing.kind != "cut" else []
    stop = at if doing.kind == "line" else at + 1
    text = "".join([*lines[:at], *new, *lines[stop:]])
    if world.format is None or is_same_data(world, text):
        world.disk.content = text.encode()


def is_same_data(world: World, text: str) -> bool:
    assert world.format is not None
    return parses(text, world.format) and is_same(parse(text, world.format), world.data)


def edit_keys(world: World, doing: UserEdit, file_format: Format) -> None:
    places = list(leaves(world.data))
    path, value = places[doing.at % len(places)] if places else ((), None)
    top = ("tool",) if doing.at % 2 and isinstance(world.data, dict) and "tool" in world.data else ()
    edits: dict[str, Any] = {
        "key": lambda: SetKey((*top, f"own{doing.at}"), world.token()),
        "value": lambda: SetKey(path, world.token()),
        "drop": lambda: DropKey(path),
        "cut": lambda: DropKey(path[:1]),
        "item": lambda: AddItem(path, world.token()) if isinstance(value, list) else SetKey(path, world.token()),
        "change": lambda: SetKey(path[:1], world.token()),
    }
    if not path and doing.kind != "key":
        return
    try:
        world.disk.content = splice(world.disk.text, [edits[doing.kind]()], file_format).encode()
    except SpliceProblem:
        return


def leaves(data: Value, path: tuple[str | int, ...] = ()) -> Any:
    """Yield every value below a document's root that is no mapping, lists before what is in them."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        yield path, data
        for number, item in enumerate(data):
            yield from leaves(item, (*path, number))
    elif path:
        yield path, data


# What must hold


def apply_and_check(world: World, actions: Sequence[FileAction]) -> None:
    before = world.disk.content
    parsed = before is None or world.format is None or parses(before.decode(), world.format)
    if not any(map(is_wanted, actions)) and world.disk.base is None:
        return
    plan = world.disk.apply(*actions)
    text = "" if world.disk.content is None else world.disk.text

    assert [token for token in world.mine if token not in text] == [], plan
    if plan.verdict is Verdict.CONFLICT:
        assert world.disk.content == before
    if parsed and world.disk.content is not None and world.format is not None:
        assert parses(text, world.format)
    check_again(world, actions)


def check_again(world: World, actions: Sequence[FileAction]) -> None:
    """A second apply has nothing to do, and finds the same baseline."""
    base = world.disk.base
    if any(map(is_wanted, actions)) or base is not None:
        again = world.disk.plan(*actions)
        assert not again.changes_file, again
        assert again.entry == base


def unordered(data: Value) -> Value:
    """Return data with its lists sorted: what is added to a set comes last, wherever a new list would have it."""
    if isinstance(data, dict):
        return {key: unordered(value) for key, value in data.items()}
    if not isinstance(data, list):
        return data
    return sorted(map(unordered, data), key=lambda item: json.dumps(item, sort_keys=True, default=str))


STEPS = st.builds(UserEdit, kind=st.sampled_from(EDITS), at=st.integers(0, 30))


@pytest.fixture
def new_disk(disk: Simulation) -> NewSimulation:
    """Return a function that makes an empty disk."""
    return type(disk)


@pytest.mark.parametrize("path", ["notes.txt", *STRUCTURED])
def test_whatever_generators_and_the_user_do_in_turns_nothing_of_the_users_is_lost(
    path: str, new_disk: NewSimulation
) -> None:
    @given(steps=st.lists(STEPS | generated(path), max_size=8))
    @settings(max_examples=60, deadline=None)
    def hold(steps: list[UserEdit | list[FileAction]]) -> None:
        world = World(path=path, disk=new_disk())
        for step in steps:
            if isinstance(step, UserEdit):
                edit(world, step)
            else:
                apply_and_check(world, step)

    hold()


@pytest.mark.parametrize("path", ["notes.txt", *STRUCTURED])
def test_what_nobody_edits_follows_the_generators_and_goes_with_them(path: str, new_disk: NewSimulation) -> None:
    @given(steps=st.lists(generated(path), max_size=4))
    @settings(max_examples=40, deadline=None)
    def hold(steps: list[list[FileAction]]) -> None:
        disk, fresh = new_disk(), new_disk()
        steps = [step for step in steps if not any(isinstance(action, Seed) for action in step)]
        for step in steps:
            if any(map(is_wanted, step)) or disk.base is not None:
                assert disk.apply(*step).verdict is not Verdict.CONFLICT
        if steps and any(map(is_wanted, steps[-1])):
            fresh.apply(*steps[-1])
            assert (fresh.content is None) == (disk.content is None)
            file_format = format_of(path)
            if file_format and fresh.content is not None:
                now, anew = (parse(one.text, file_format) for one in (disk, fresh))
                assert is_same(unordered(now), unordered(anew))
        elif steps:
            assert disk.content is None

    hold()


@pytest.mark.parametrize("path", STRUCTURED)
def test_a_file_that_already_has_the_data_stays_byte_for_byte(path: str, new_disk: NewSimulation) -> None:
    @given(actions=generated(path))
    @settings(max_examples=40, deadline=None)
    def hold(actions: list[FileAction]) -> None:
        disk = new_disk()
        if not any(map(is_wanted, actions)):
            return
        disk.apply(*actions)
        content, disk.base = disk.content, None
        if content is not None:
            assert not disk.apply(*actions).changes_file
        assert disk.content == content

    hold()
