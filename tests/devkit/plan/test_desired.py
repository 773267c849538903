from __future__ import annotations

import pytest

from devkit.api.actions import Block, FileAction, Merge, Render, Seed, Write
from devkit.errors import BAD_PATH, COLLIDING_PATH, CONTESTED_FILE, CONTESTED_VALUE, PLUGIN_INVALID, DevkitError, Kind
from devkit.plan.desired import Contribution, Desired, desired_files


def gather(*actions: FileAction) -> dict[str, Desired]:
    names = ("acme", "bolt", "crux")
    return desired_files(
        Contribution(stage=name, plugin=f"plugin {name}", action=action)
        for name, action in zip(names, actions, strict=False)
    )


def refusal(*actions: FileAction) -> DevkitError:
    with pytest.raises(DevkitError) as refused:
        gather(*actions)
    return refused.value


def test_paths_come_sorted_each_with_its_owners() -> None:
    found = gather(
        Write(path="b.txt", text="b"), Block(path="a", name="x", text="x"), Block(path="b.txt", name="y", text="")
    )

    assert list(found) == ["a", "b.txt"]
    assert found["b.txt"].owners == ("acme", "crux")


def test_the_skeleton_comes_with_keys_and_blocks_in_it() -> None:
    found = gather(
        Write(path="a.toml", text="a = 1\n"),
        Merge(path="a.toml", data={"b": 2}),
        Block(path="a.toml", name="x", text="# x\n"),
    )["a.toml"]

    assert found.text == "a = 1\nb = 2\n\n# >>> devkit: x >>>\n# x\n# <<< devkit: x <<<\n"
    assert found.keys is None


def test_the_order_of_stages_does_not_change_what_a_skeleton_and_a_key_make() -> None:
    skeleton, merge = Write(path="a.toml", text="a = 1\n"), Merge(path="a.toml", data={"b": 2})

    assert gather(skeleton, merge)["a.toml"].text == gather(merge, skeleton)["a.toml"].text


def test_a_merge_of_no_keys_wants_nothing() -> None:
    assert gather(Merge(path="a.toml", data={})) == {}


def test_a_seed_may_be_text_or_bytes() -> None:
    found = gather(Seed(path="a", text="ä"), Seed(path="b", text=b"\xff"))

    assert found["a"].seed == "ä".encode()
    assert found["b"].seed == b"\xff"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Write(path="a.toml", text=""), Write(path="a.toml", text="")),
        (Seed(path="a.toml", text=""), Seed(path="a.toml", text="")),
        (Write(path="a.toml", text=""), Seed(path="a.toml", text="")),
        (Seed(path="a.toml", text=""), Merge(path="a.toml", data={"a": 1})),
        (Block(path="a.toml", name="x", text=""), Seed(path="a.toml", text="")),
        (Block(path="a.toml", name="x", text="a"), Block(path="a.toml", name="x", text="a")),
    ],
)
def test_what_cannot_go_together_names_both_plugins(first: FileAction, second: FileAction) -> None:
    error = refusal(first, second)

    assert error.kind is CONTESTED_FILE
    assert "plugin acme" in error.message
    assert "plugin bolt" in error.message
    assert "a.toml" in error.message


@pytest.mark.parametrize(
    "others",
    [
        [Merge(path="a.toml", data={"a": {"b": 1}}), Merge(path="a.toml", data={"a": {"b": 2}})],
        [Write(path="a.toml", text="[a]\nb = 1\n"), Merge(path="a.toml", data={"a": {"b": 2}})],
    ],
)
def test_two_values_for_one_key_name_both_plugins_and_the_key(others: list[FileAction]) -> None:
    error = refusal(*others)

    assert error.kind is CONTESTED_VALUE
    assert "plugin acme" in error.message
    assert "plugin bolt" in error.message
    assert "`a.b`" in error.message


@pytest.mark.parametrize("with_skeleton", [True, False])
def test_keys_for_a_file_that_has_none_are_a_fault_of_the_plugin(*, with_skeleton: bool) -> None:
    merge = Merge(path="notes.txt", data={"a": 1})
    error = refusal(*([Write(path="notes.txt", text="")] if with_skeleton else []), merge)

    assert error.kind is PLUGIN_INVALID
    assert "notes.txt" in error.message


@pytest.mark.parametrize(
    "second",
    [Merge(path="a.toml", data={"a": 1}), Block(path="a.toml", name="x", text="x")],
)
def test_a_skeleton_that_takes_neither_keys_nor_blocks_names_both_plugins(second: FileAction) -> None:
    broken = "= broken\n# >>> devkit: x >>>\n"
    error = refusal(Write(path="a.toml", text=broken), second)

    assert error.kind is CONTESTED_FILE
    assert "plugin acme" in error.message
    assert "plugin bolt" in error.message


def test_what_was_not_rendered_is_refused() -> None:
    assert refusal(Render(path="a", template="x:y")).kind is PLUGIN_INVALID


@pytest.mark.parametrize(
    ("paths", "kind"),
    [(["../a"], BAD_PATH), (["/a"], BAD_PATH), (["A", "a"], COLLIDING_PATH), (["a", "a/b"], COLLIDING_PATH)],
)
def test_paths_are_checked(paths: list[str], kind: Kind) -> None:
    assert refusal(*(Write(path=path, text="") for path in paths)).kind is kind
