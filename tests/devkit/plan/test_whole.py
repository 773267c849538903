from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.api.actions import Block, Merge, Verdict, Write
from devkit.plan.splice import Format, parse

if TYPE_CHECKING:
    from tests.devkit.plan.conftest import Simulation

LINES = "one\ntwo\nthree\nfour\nfive\n"


def write(text: str, path: str = "a.txt", *, executable: bool = False) -> Write:
    return Write(path=path, text=text, executable=executable)


def test_a_file_that_is_not_there_is_created(disk: Simulation) -> None:
    plan = disk.apply(write(LINES))

    assert plan.verdict is Verdict.CREATE
    assert disk.text == LINES


def test_a_file_as_it_was_generated_is_identical(disk: Simulation) -> None:
    disk.apply(write(LINES))
    plan = disk.plan(write(LINES))

    assert plan.verdict is Verdict.IDENTICAL
    assert not plan.changes_file


def test_an_untouched_file_is_updated(disk: Simulation) -> None:
    disk.apply(write(LINES))

    assert disk.apply(write("new\n")).verdict is Verdict.UPDATE
    assert disk.text == "new\n"


def test_an_edited_file_is_kept_while_the_generator_wants_nothing_new(disk: Simulation) -> None:
    disk.apply(write(LINES))
    disk.edit("three", "mine")
    plan = disk.plan(write(LINES))

    assert plan.verdict is Verdict.IDENTICAL
    assert "you changed it" in plan.reason


def test_an_edit_and_a_change_elsewhere_are_merged(disk: Simulation) -> None:
    disk.apply(write(LINES))
    disk.edit("one", "mine")

    assert disk.apply(write(LINES.replace("five", "FIVE"))).verdict is Verdict.MERGE
    assert disk.text == "mine\ntwo\nthree\nfour\nFIVE\n"


def test_an_edit_of_the_same_line_is_a_conflict_that_leaves_file_and_baseline_alone(disk: Simulation) -> None:
    disk.apply(write(LINES))
    disk.edit("three", "mine")
    before = disk.content, disk.base
    plan = disk.apply(write(LINES.replace("three", "theirs")))

    assert plan.verdict is Verdict.CONFLICT
    assert (disk.content, disk.base) == before


def test_a_conflict_offers_both_sides_without_what_does_not_conflict(disk: Simulation) -> None:
    disk.apply(write(LINES))
    disk.edit("three", "mine")
    dispute = disk.plan(write("ONE\ntwo\ntheirs\nfour\nfive\n")).dispute

    assert dispute is not None
    assert dispute.settled == b"ONE\ntwo\nmine\nfour\nfive\n"
    assert dispute.wanted == b"ONE\ntwo\ntheirs\nfour\nfive\n"
    assert dispute.inline == b"ONE\ntwo\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> devkit\nfour\nfive\n"


def test_a_file_that_devkit_did_not_make_is_a_conflict(disk: Simulation) -> None:
    disk.content = b"mine\n"
    plan = disk.apply(write(LINES))

    assert plan.verdict is Verdict.CONFLICT
    assert disk.base is None


def test_without_a_readable_baseline_equal_files_are_taken_over(disk: Simulation) -> None:
    disk.content = LINES.encode()

    assert disk.apply(write(LINES)).verdict is Verdict.IDENTICAL
    assert disk.base is not None
    assert disk.apply(write("new\n")).verdict is Verdict.UPDATE


def test_a_file_that_is_no_longer_text_is_kept_and_a_conflict_once_the_generator_changes_it(
    disk: Simulation,
) -> None:
    disk.apply(write(LINES))
    disk.content = b"\xff\xfe mine"

    assert disk.plan(write(LINES)).verdict is Verdict.IDENTICAL
    assert disk.plan(write("new\n")).verdict is Verdict.CONFLICT
    assert disk.content == b"\xff\xfe mine"


@pytest.mark.parametrize("edit", ["mine", ""])
def test_line_ends_byte_order_mark_and_missing_final_newline_are_kept_in_a_merge(disk: Simulation, edit: str) -> None:
    disk.apply(write(LINES))
    mine = "\ufeff" + LINES.replace("one", edit or "one").replace("\n", "\r\n").removesuffix("\r\n")
    disk.content = mine.encode()
    disk.apply(write(LINES.replace("four", "FOUR")))

    assert disk.content == mine.replace("four", "FOUR").encode()


def test_other_line_ends_alone_do_not_make_a_file_the_users(disk: Simulation) -> None:
    disk.apply(write(LINES))
    disk.content = LINES.replace("\n", "\r\n").encode()

    assert disk.plan().verdict is Verdict.REMOVE


def test_a_change_of_the_executable_bit_is_followed(disk: Simulation) -> None:
    disk.apply(write(LINES))
    assert disk.mode == 0o644

    assert disk.apply(write(LINES, executable=True)).verdict is Verdict.UPDATE
    assert disk.mode == 0o755
    disk.apply(write(LINES))
    assert disk.mode == 0o644


def test_the_users_own_mode_is_kept_while_the_generator_does_not_change_it(disk: Simulation) -> None:
    disk.apply(write(LINES, executable=True))
    disk.mode = 0o600

    assert disk.apply(write(LINES, executable=True)).verdict is Verdict.IDENTICAL
    assert disk.apply(write("new\n", executable=True)).executable is None
    assert disk.mode == 0o600


@pytest.mark.parametrize("new", [LINES, LINES.replace("five", "FIVE")])
def test_a_change_of_the_executable_bit_reaches_a_file_that_the_user_edited(disk: Simulation, new: str) -> None:
    disk.apply(write(LINES))
    disk.edit("one", "mine")
    disk.apply(write(new, executable=True))

    assert disk.mode == 0o755
    assert disk.text == new.replace("one", "mine")
    assert disk.apply(write(new, executable=True)).verdict is Verdict.IDENTICAL


def test_lines_that_merge_but_make_no_document_are_merged_by_key(disk: Simulation) -> None:
    path = "a.toml"
    old = "a = 1\n\n# middle\n\n[z]\nb = 1\n"
    disk.apply(write(old, path))
    disk.content = (old + "\n[mine]\nx = 1\n").encode()
    disk.apply(write("a = 1\n\n[mine]\ny = 2\n\n# middle\n\n[z]\nb = 1\n", path))

    data = parse(disk.text, Format.TOML)
    assert data == {"a": 1, "z": {"b": 1}, "mine": {"x": 1, "y": 2}}


def test_lines_that_merge_into_the_wrong_table_are_merged_by_key(disk: Simulation) -> None:
    path = "a.toml"
    disk.apply(write("a = 1\n# one\n# two\n# three\n", path))
    disk.edit("a = 1\n", "a = 1\n[mine]\nx = 1\n")
    disk.apply(write("a = 1\n# one\n# two\n# three\nb = 2\n", path))

    assert parse(disk.text, Format.TOML) == {"a": 1, "b": 2, "mine": {"x": 1}}


def test_a_text_with_the_wrong_data_is_never_offered_to_settle_a_conflict_with(disk: Simulation) -> None:
    old = "l = [\n  1,\n  2,\n  3,\n  4,\n]\n# middle\n# end\n"
    disk.apply(write(old, "a.toml"))
    disk.edit("  1,", "  10,")
    disk.edit("# middle\n", "# middle\n[mine]\nx = 1\n")
    plan = disk.plan(write(old.replace("  4,", "  40,") + "b = 2\n", "a.toml"))

    assert plan.verdict is Verdict.CONFLICT
    assert "do not fit together" in plan.reason
    assert plan.dispute is not None
    assert plan.dispute.settled == disk.content


def test_two_changes_of_one_line_are_merged_when_they_are_of_different_keys(disk: Simulation) -> None:
    disk.apply(write('{"a": {"x": 1, "y": 1}}\n', "a.json"))
    disk.edit('"x": 1', '"x": 5')
    plan = disk.apply(write('{"a": {"x": 1, "y": 2}}\n', "a.json"))

    assert plan.verdict is Verdict.MERGE
    assert disk.text == '{"a": {"x": 5, "y": 2}}\n'


def test_two_changes_of_one_key_are_a_conflict(disk: Simulation) -> None:
    disk.apply(write("a = 1\n", "a.toml"))
    disk.edit("1", "2")

    assert disk.plan(write("a = 3\n", "a.toml")).verdict is Verdict.CONFLICT


def test_a_document_that_the_user_broke_is_left_alone_by_key_merges(disk: Simulation) -> None:
    disk.apply(write("a = 1\n", "a.toml"))
    disk.content = b"a = = 1\n"

    assert disk.plan(write("a = 3\n", "a.toml")).verdict is Verdict.CONFLICT


@pytest.mark.parametrize("limit", ["1", "5"])
def test_an_ejected_key_of_a_whole_file_stays_while_the_rest_moves_on(disk: Simulation, limit: str) -> None:
    disk.apply(write("limit = 1\nother = 1\n", "a.toml"))
    disk.edit("limit = 1", f"limit = {limit}")
    disk.ejected = [("limit",)]
    new = write("limit = 2\nother = 2\n", "a.toml")
    disk.apply(new)

    assert disk.text == f"limit = {limit}\nother = 2\n"
    assert disk.plan(new).verdict is Verdict.IDENTICAL


def test_an_ejected_key_that_the_user_took_out_stays_out(disk: Simulation) -> None:
    disk.apply(write("limit = 1\nother = 1\n", "a.toml"))
    disk.content = b"other = 1\n"
    disk.ejected = [("limit",)]
    disk.apply(write("limit = 2\nother = 2\n", "a.toml"))

    assert disk.text == "other = 2\n"


def test_an_ejected_key_may_hold_dots(disk: Simulation) -> None:
    disk.apply(write('[files]\n"a.py" = 1\n"b.py" = 1\n', "a.toml"))
    disk.ejected = [("files", "a", "py")]
    disk.apply(write('[files]\n"a.py" = 2\n"b.py" = 2\n', "a.toml"))

    assert disk.text == '[files]\n"a.py" = 1\n"b.py" = 2\n'


def test_skeleton_merge_and_block_make_one_file(disk: Simulation) -> None:
    skeleton = write("# head\n[tool]\na = 1\n", "a.toml")
    merge = Merge(path="a.toml", data={"tool": {"b": 2}})
    block = Block(path="a.toml", name="note", text="# noted\n")
    disk.apply(skeleton, merge, block)

    assert parse(disk.text, Format.TOML) == {"tool": {"a": 1, "b": 2}}
    assert "# noted" in disk.text
    assert disk.plan(skeleton, merge, block).verdict is Verdict.IDENTICAL
    assert disk.apply(skeleton).verdict is Verdict.UPDATE
    assert disk.text == skeleton.text


def test_a_skeleton_takes_over_a_file_that_holds_nothing_but_devkits_keys(disk: Simulation) -> None:
    merge = Merge(path="a.toml", data={"tool": {"b": 2}})
    disk.apply(merge)
    plan = disk.apply(write("# head\n[tool]\na = 1\n", "a.toml"), merge)

    assert plan.verdict is Verdict.UPDATE
    assert parse(disk.text, Format.TOML) == {"tool": {"a": 1, "b": 2}}


def test_a_skeleton_for_a_file_with_the_users_keys_is_a_conflict(disk: Simulation) -> None:
    merge = Merge(path="a.toml", data={"tool": {"b": 2}})
    disk.content = b"own = 1\n"
    disk.apply(merge)

    assert disk.plan(write("[tool]\na = 1\n", "a.toml"), merge).verdict is Verdict.CONFLICT


def test_when_the_skeleton_goes_only_what_is_still_wanted_stays(disk: Simulation) -> None:
    merge = Merge(path="a.toml", data={"tool": {"b": 2}})
    disk.apply(write("# head\n[tool]\na = 1\n", "a.toml"), merge)

    assert disk.apply(merge).verdict is Verdict.UPDATE
    assert parse(disk.text, Format.TOML) == {"tool": {"b": 2}}
    assert disk.plan(merge).verdict is Verdict.IDENTICAL


def test_when_the_skeleton_of_an_edited_file_goes_the_file_is_the_users_and_the_keys_are_kept_up(
    disk: Simulation,
) -> None:
    merge = Merge(path="a.toml", data={"tool": {"b": 2}})
    disk.apply(write("# head\n[tool]\na = 1\n", "a.toml"), merge)
    disk.edit("a = 1", "a = 5")
    disk.apply(Merge(path="a.toml", data={"tool": {"b": 3}}))

    assert disk.text.startswith("# head\n[tool]\na = 5\n")
    assert parse(disk.text, Format.TOML) == {"tool": {"a": 5, "b": 3}}
