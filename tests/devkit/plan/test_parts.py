from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from devkit.api.actions import Block, KeyedList, Merge, SetList, Verdict, Write
from devkit.plan.fileplan import OnDisk
from devkit.plan.rejects import written_conflict
from devkit.plan.splice import Format, format_of, parse
from devkit.project.state import ABSENT

if TYPE_CHECKING:
    from devkit.api.values import Value
    from tests.devkit.plan.conftest import Simulation


def keys(path: str = "a.toml", **data: Value) -> Merge:
    return Merge(path=path, data=data)


def block(text: str, name: str = "b", path: str = ".gitignore") -> Block:
    return Block(path=path, name=name, text=text)


@pytest.mark.parametrize("path", ["a.toml", "a.yaml", "a.json", "tsconfig.json"])
def test_keys_make_a_file_and_take_it_away_again(disk: Simulation, path: str) -> None:
    merge = Merge(path=path, data={"tool": {"limit": 1, "names": ["a"]}}, lists={"tool.names": SetList()})
    file_format = format_of(path)
    assert file_format is not None

    assert disk.apply(merge).verdict is Verdict.CREATE
    assert parse(disk.text, file_format) == merge.data
    assert disk.plan(merge).verdict is Verdict.IDENTICAL
    assert disk.apply().verdict is Verdict.REMOVE
    assert disk.base is None


def test_a_block_makes_a_file_and_takes_it_away_again(disk: Simulation) -> None:
    assert disk.apply(block("x\n")).verdict is Verdict.CREATE
    assert disk.apply().verdict is Verdict.REMOVE


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["", "\ufeff"])
@pytest.mark.parametrize("tail", [True, False])
def test_the_users_text_is_the_same_byte_for_byte_after_keys_and_block_came_and_went(
    disk: Simulation, end: str, head: str, *, tail: bool
) -> None:
    mine = head + "# mine\n[tool]\nown = 1".replace("\n", end) + (end if tail else "")
    disk.content = mine.encode()
    disk.apply(keys(tool={"limit": 1}), block("# x\n", path="a.toml"))
    assert (end == "\r\n") == ("\r\n" in disk.text)
    assert disk.text.replace("\r\n", "").count("\n") == 0 or end == "\n"

    disk.apply()
    assert disk.text == mine


def test_a_key_of_the_users_is_a_conflict_until_they_agree(disk: Simulation) -> None:
    disk.content = b"limit = 5\n"
    assert disk.apply(keys(limit=1)).verdict is Verdict.CONFLICT
    assert disk.content == b"limit = 5\n"
    assert disk.base is None

    disk.content = b"limit = 1\n"
    assert disk.apply(keys(limit=1)).verdict is Verdict.IDENTICAL
    disk.apply()
    assert disk.content is None


def test_a_conflict_leaves_the_whole_file_alone_and_names_every_key(disk: Simulation) -> None:
    disk.apply(keys(a=1, b=1, c=1))
    disk.content = b"a = 5\nb = 5\nc = 1\n"
    plan = disk.apply(keys(a=2, b=2, c=2))

    assert plan.verdict is Verdict.CONFLICT
    assert "`a`" in plan.reason
    assert "`b`" in plan.reason
    assert disk.content == b"a = 5\nb = 5\nc = 1\n"


def test_the_baseline_advances_for_keys_that_are_as_they_should_be_and_not_for_others(disk: Simulation) -> None:
    disk.apply(keys(tool={"clash": 1, "agreed": 1, "waiting": 1, "list": ["a"]}))
    disk.content = b'[tool]\nclash = 5\nagreed = 2\nwaiting = 1\nlist = ["a"]\n'
    wanted = Merge(
        path="a.toml",
        data={"tool": {"clash": 2, "agreed": 2, "waiting": 2, "new": 2, "list": ["b"]}},
        lists={"tool.list": SetList()},
    )
    disk.apply(wanted)
    assert disk.base is not None
    assert disk.base.keys == {"tool": {"clash": 1, "agreed": 2, "waiting": 1, "list": ["a"]}}

    disk.edit("clash = 5", "clash = 2")
    assert disk.apply(wanted).verdict is Verdict.MERGE
    assert parse(disk.text, Format.TOML) == wanted.data
    assert disk.base.keys == wanted.data


def test_a_conflict_seen_again_changes_nothing_more(disk: Simulation) -> None:
    disk.apply(keys(a=1, b=1))
    disk.edit("a = 1", "a = 5")
    wanted = keys(a=2, b=2)
    disk.apply(wanted)
    before = disk.content, disk.base
    disk.apply(wanted)

    assert (disk.content, disk.base) == before


def test_items_of_a_keyed_list_wait_together_when_one_conflicts(disk: Simulation) -> None:
    def hooks(*revisions: str) -> Merge:
        repos = [{"repo": name, "rev": rev} for name, rev in zip("xyz", revisions, strict=False)]
        return Merge(path="a.yaml", data={"repos": repos}, lists={"repos": KeyedList("repo")})

    disk.apply(hooks("1", "1"))
    base = disk.base
    disk.edit("rev: '1'" if "rev: '1'" in disk.text else 'rev: "1"', "rev: mine")
    plan = disk.apply(hooks("2", "2", "2"))

    assert plan.verdict is Verdict.CONFLICT
    assert base is not None
    assert disk.base is not None
    assert disk.base.keys == base.keys


def test_a_block_that_both_sides_changed_is_a_conflict_and_others_wait_with_it(disk: Simulation) -> None:
    disk.apply(block("a\n", "one"), block("b\n", "two"), block("c\n", "three"))
    disk.edit("a\n", "mine\n")
    disk.edit("c\n", "C\n")
    plan = disk.apply(block("A\n", "one"), block("B\n", "two"), block("C\n", "three"))

    assert plan.verdict is Verdict.CONFLICT
    assert "`one`" in plan.reason
    assert disk.base is not None
    assert disk.base.blocks == {"one": "a\n", "two": "b\n", "three": "C\n"}


def test_a_block_without_record_is_a_conflict_that_says_so(disk: Simulation) -> None:
    disk.apply(block("a\n"))
    disk.base = None
    plan = disk.apply(block("b\n"))

    assert plan.verdict is Verdict.CONFLICT
    assert "no record" in plan.reason
    assert disk.base is None


def test_a_block_that_the_user_deleted_stays_deleted(disk: Simulation) -> None:
    disk.content = b"mine\n"
    disk.apply(block("a\n"))
    disk.content = b"mine\n"

    assert disk.apply(block("b\n")).verdict is Verdict.IDENTICAL
    assert disk.content == b"mine\n"


def test_keys_and_blocks_are_merged_in_one_file(disk: Simulation) -> None:
    disk.content = b"own = 1\n"
    disk.apply(keys(limit=1), block("# x\n", path="a.toml"))
    disk.apply(keys(limit=2), block("# y\n", path="a.toml"))

    assert disk.text.startswith("own = 1\nlimit = 2\n")
    assert "# y" in disk.text
    disk.apply()
    assert disk.content == b"own = 1\n"


def test_of_two_owners_the_one_that_goes_takes_its_own_along(disk: Simulation) -> None:
    one, two = keys(shared=1, one=1), keys(shared=1, two=2)
    disk.apply(one, two, block("# x\n", path="a.toml"))

    disk.apply(two)
    assert parse(disk.text, Format.TOML) == {"shared": 1, "two": 2}
    assert "# x" not in disk.text
    assert disk.apply().verdict is Verdict.REMOVE


def test_what_the_user_wrote_keeps_the_file_when_all_owners_go(disk: Simulation) -> None:
    disk.apply(keys(limit=1))
    disk.content = disk.text.encode() + b"# note to self\n"
    disk.apply()

    assert disk.text.strip() == "# note to self"


def test_a_changed_key_stays_when_its_owner_goes(disk: Simulation) -> None:
    disk.apply(keys(a=1, b=1))
    disk.edit("a = 1", "a = 5")
    disk.apply()

    assert disk.content == b"a = 5\n"


def test_an_ejected_key_is_left_alone_even_when_its_owner_goes(disk: Simulation) -> None:
    disk.apply(keys(a=1, b=1))
    disk.ejected = [("a",)]
    disk.apply(keys(a=2, b=2))
    assert disk.content == b"a = 1\nb = 2\n"

    disk.apply()
    assert disk.content == b"a = 1\n"


def test_an_ejected_key_of_an_item_whose_name_holds_dots_is_left_alone(disk: Simulation) -> None:
    def hooks(revision: str) -> Merge:
        data = {"repos": [{"repo": "https://a.example/b.git", "rev": revision}]}
        return Merge(path="a.yaml", data=data, lists={"repos": KeyedList("repo")})

    disk.apply(hooks("v1"))
    content = disk.content
    disk.ejected = [("repos", "https://a", "example/b", "git", "rev")]

    assert disk.apply(hooks("v2")).verdict is Verdict.IDENTICAL
    assert disk.content == content


def test_a_file_of_which_all_keys_are_ejected_is_not_made(disk: Simulation) -> None:
    disk.ejected = [("a",)]
    plan = disk.apply(keys(a=1))

    assert not plan.changes_file
    assert plan.entry is None


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = = 1\n"])
def test_what_cannot_be_read_is_a_conflict_that_leaves_it_alone(disk: Simulation, content: bytes) -> None:
    disk.apply(keys(a=1))
    base = disk.base
    disk.content = content

    assert disk.apply(keys(a=2)).verdict is Verdict.CONFLICT
    assert disk.apply().verdict is Verdict.CONFLICT
    assert disk.content == content
    assert disk.base == base


def test_a_document_that_is_no_mapping_is_a_conflict(disk: Simulation) -> None:
    disk.content = b"[1, 2]\n"
    plan = disk.apply(keys("a.json", a=1))

    assert plan.verdict is Verdict.CONFLICT
    assert disk.content == b"[1, 2]\n"


def test_a_block_that_would_break_a_document_is_a_conflict(disk: Simulation) -> None:
    disk.content = b'{"own": 1}\n'

    assert disk.apply(block("x\n", path="a.json")).verdict is Verdict.CONFLICT
    assert disk.content == b'{"own": 1}\n'


def test_a_block_goes_into_a_file_that_was_no_document_before(disk: Simulation) -> None:
    disk.content = b"{{ templated }}: {{\n"

    assert disk.apply(block("# x\n", path="a.yaml")).verdict is Verdict.MERGE


def test_markers_that_were_torn_apart_are_a_conflict(disk: Simulation) -> None:
    disk.apply(block("a\n"))
    disk.edit("# <<< devkit: b <<<\n", "")

    assert disk.apply(block("b\n")).verdict is Verdict.CONFLICT


def test_the_settled_side_of_a_conflict_has_all_that_does_not_conflict(disk: Simulation) -> None:
    disk.apply(keys(a=1, b=1), block("# x\n", path="a.toml"))
    disk.edit("a = 1", "a = 5")
    disk.edit("# x", "# mine")
    plan = disk.plan(keys(a=2, b=2), block("# y\n", path="a.toml"))
    settled, rejected = written_conflict(plan, OnDisk(state=ABSENT), is_inline=False)

    assert settled.content is not None
    assert parse(settled.content.decode(), Format.TOML) == {"a": 5, "b": 2}
    assert b"# mine" in settled.content
    assert rejected.content is not None
    assert b"-a = 5\n+a = 2\n" in rejected.content
    assert b"-# mine\n+# y\n" in rejected.content
    assert b"b = 2" not in rejected.content.replace(b" b = 2", b"")


def test_a_conflict_that_was_written_down_does_not_come_back(disk: Simulation) -> None:
    wanted = keys(a=2, b=2)
    disk.apply(keys(a=1, b=1))
    disk.edit("a = 1", "a = 5")
    settled, _ = written_conflict(disk.plan(wanted), OnDisk(state=ABSENT), is_inline=True)
    disk.content, disk.base = settled.content, settled.entry

    assert disk.apply(wanted).verdict is Verdict.IDENTICAL
    assert disk.apply(keys(a=2, b=3)).verdict is Verdict.MERGE
    assert parse(disk.text, Format.TOML) == {"a": 5, "b": 3}


def test_a_whole_file_that_becomes_keys_keeps_what_the_user_changed(disk: Simulation) -> None:
    disk.apply(Write(path="a.toml", text="a = 1\nb = 1\n"))
    disk.edit("b = 1", "b = 5")
    plan = disk.apply(keys(a=2, b=2))

    assert plan.verdict is Verdict.CONFLICT
    assert "`b`" in plan.reason
    assert "`a`" not in plan.reason


def test_a_list_that_loses_its_rule_is_one_value_from_then_on(disk: Simulation) -> None:
    by_id = {"repos": KeyedList("id")}
    disk.apply(Merge(path="a.json", data={"repos": [{"id": "q"}]}, lists=by_id))
    disk.apply(Merge(path="a.json", data={"repos": [{"id": "p"}, {"id": "q"}]}))

    assert json.loads(disk.text) == {"repos": [{"id": "p"}, {"id": "q"}]}
    disk.apply()
    assert disk.content is None
