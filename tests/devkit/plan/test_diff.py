from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devkit.plan.diff import unified

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_and_a_gone_file_are_shown_against_nothing() -> None:
    assert unified("a", None, b"x\n") == "--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n"
    assert unified("a", b"x\n", None) == "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"


def test_equal_contents_have_no_difference() -> None:
    assert unified("a", b"x\n", b"x\n") == ""


def test_what_is_no_text_is_said_to_differ() -> None:
    assert unified("a", b"\xff", b"x\n") == "binary file a differs\n"


def test_only_a_line_feed_ends_a_line() -> None:
    diff = unified("a", b"", "one\x0btwo\x0cthree\u2028four\rfive\r\n".encode())

    assert diff.count("\n+") == 2
    assert "\\ No newline" not in diff


def test_a_missing_final_newline_is_marked() -> None:
    assert unified("a", b"x\n", b"x") == ("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file\n")


@pytest.mark.skipif(shutil.which("git") is None, reason="git reads the patch")
@given(
    before=st.text("ab\n\r\x0c", min_size=1, max_size=12),
    after=st.text("ab\n\r\x0c", min_size=1, max_size=12),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_makes_the_new_content_of_the_difference(tmp_path: Path, before: str, after: str) -> None:
    target = tmp_path / "a"
    target.write_bytes(before.encode())
    diff = unified("a", before.encode(), after.encode())
    if diff:
        words = ["git", "-c", "core.autocrlf=false", "apply", "--unidiff-zero", "--whitespace=nowarn", "-"]
        subprocess.run(words, cwd=tmp_path, input=diff.encode(), check=True)

    assert target.read_bytes() == after.encode()
