"""Marked blocks: put, read, dropped and merged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api.actions import Block
from devkit.plan.blocks import drop_block, merge_block, put_block, read_block
from devkit.plan.splice import SpliceProblem


def block(text: str, name: str = "env", comment: str = "#", *, top: bool = False) -> Block:
    return Block(path="f", name=name, text=text, comment=comment, top=top)


def test_a_new_block_is_put_at_the_end_behind_a_blank_line() -> None:
    assert put_block("dist/\n", block(".env\n")) == ("dist/\n\n# >>> devkit: env >>>\n.env\n# <<< devkit: env <<<\n")
    assert put_block("", block(".env")) == "# >>> devkit: env >>>\n.env\n# <<< devkit: env <<<\n"


def test_a_block_at_the_top_comes_behind_what_must_be_first() -> None:
    assert put_block("#!/bin/sh\nrun\n", block("x", top=True)) == (
        "#!/bin/sh\n# >>> devkit: env >>>\nx\n# <<< devkit: env <<<\n\nrun\n"
    )
    docker = put_block("# syntax=docker/dockerfile:1\nFROM x\n", block("ARG y", top=True))
    assert docker.startswith("# syntax=docker/dockerfile:1\n# >>> devkit")
    assert put_block("run\n", block("x", top=True)).endswith("<<<\n\nrun\n")


def test_an_existing_block_is_replaced_where_it_is() -> None:
    text = "a\n\n# >>> devkit: env >>>\nold\n# <<< devkit: env <<<\nb\n"
    assert put_block(text, block("new\nlines\n")) == text.replace("old", "new\nlines")
    assert read_block(put_block(text, block("")), "env") == ""


def test_line_endings_follow_the_text() -> None:
    text = put_block("a\r\n", block("x\ny\n"))
    assert text == "a\r\n\r\n# >>> devkit: env >>>\r\nx\r\ny\r\n# <<< devkit: env <<<\r\n"
    assert read_block(text, "env") == "x\ny\n"


def test_other_comment_signs_are_understood() -> None:
    text = put_block("# Title\n", block("text", comment="<!--"))
    assert "<!-- >>> devkit: env >>> -->\ntext\n<!-- <<< devkit: env <<< -->\n" in text
    assert drop_block(text, "env") == "# Title\n"
    assert read_block(put_block("", block("set x", comment="//")), "env") == "set x\n"


def test_blocks_of_other_names_are_told_apart() -> None:
    text = put_block(put_block("a\n", block("x", "one")), block("y", "one.more"))
    assert (read_block(text, "one"), read_block(text, "one.more"), read_block(text, "o")) == ("x\n", "y\n", None)
    assert drop_block(drop_block(text, "one"), "one.more") == "a\n"


def test_text_that_only_mentions_a_marker_is_no_marker() -> None:
    assert read_block("write `# >>> devkit: env >>>` above it\n", "env") is None


@pytest.mark.parametrize(
    "text",
    [
        "# >>> devkit: env >>>\nx\n",
        "x\n# <<< devkit: env <<<\n",
        "# <<< devkit: env <<<\n# >>> devkit: env >>>\n",
        "# >>> devkit: env >>>\n# <<< devkit: env <<<\n" * 2,
        "# >>> devkit: env >>>\n# >>> devkit: b >>>\n# <<< devkit: env <<<\n# <<< devkit: b <<<\n",
    ],
)
def test_broken_markers_are_a_problem(text: str) -> None:
    with pytest.raises(SpliceProblem, match="env"):
        read_block(text, "env")
    with pytest.raises(SpliceProblem, match="env"):
        put_block(text, block(""))
    with pytest.raises(SpliceProblem, match="env"):
        drop_block(text, "env")


def test_the_users_edit_wins_where_devkits_block_did_not_change() -> None:
    text = put_block("a\n", block("x\nmine\n"))
    assert merge_block(text, "env", "x\n", block("x\n")).text == text


def test_a_block_the_user_deleted_stays_deleted() -> None:
    assert merge_block("a\n", "env", "x\n", block("y\n")).text == "a\n"


def test_both_changes_of_a_block_are_merged_by_line_or_conflict() -> None:
    text = put_block("a\n", block("1\n2\n3\n4\nmine\n"))
    merge = merge_block(text, "env", "1\n2\n3\n4\n", block("ONE\n2\n3\n4\n"))
    assert read_block(merge.text, "env") == "ONE\n2\n3\n4\nmine\n"
    clash = merge_block(text, "env", "1\n2\n3\n4\nx\n", block("1\n2\n3\n4\ny\n"))
    assert clash.has_conflict
    assert clash.text == text


def test_a_block_that_devkit_gave_up_goes_unless_the_user_edited_it() -> None:
    text = put_block("a\n", block("x\n"))
    assert merge_block(text, "env", "x\n", None).text == "a\n"
    assert merge_block(text, "env", "y\n", None).text == text


def test_a_block_without_a_baseline_is_put_or_conflicts() -> None:
    assert read_block(merge_block("a\n", "env", None, block("x")).text, "env") == "x\n"
    assert merge_block(put_block("", block("y")), "env", None, block("x")).has_conflict
    same = put_block("", block("x"))
    assert merge_block(same, "env", None, block("x")).text == same


LINES = st.lists(st.sampled_from(["a", "", "# c", "#!/bin/sh", "  b"]), max_size=5)
TEXTS = st.builds(
    lambda lines, newline, ended, mark: mark + newline.join(lines) + (newline if ended and lines else ""),
    LINES,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "\ufeff"]),
)


@settings(deadline=None)
@given(text=TEXTS, content=LINES, top=st.booleans())
def test_dropping_restores_the_text_exactly(text: str, content: list[str], *, top: bool) -> None:
    there = put_block(text, block("\n".join(content), top=top))
    assert read_block(there, "env") == ("\n".join(content).strip("\n") + "\n" if any(content) else "")
    assert drop_block(there, "env") == text
