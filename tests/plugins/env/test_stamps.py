from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_env.stamps import could_not_get, digest, install_once

from tests.plugins.env.test_python import Context

if TYPE_CHECKING:
    from pathlib import Path


class KilledError(Exception):
    """What ends an installation before it is done."""


def test_an_installation_that_was_killed_is_not_taken_for_done(tmp_path: Path) -> None:
    context = Context(tmp_path)
    (tmp_path / ".venv").mkdir()
    done: list[str] = []

    def killed() -> None:
        raise KilledError

    install_once(context, ".venv/stamp", "old", lambda: done.append("old"))  # type: ignore[arg-type]
    with pytest.raises(KilledError):
        install_once(context, ".venv/stamp", "new", killed)  # type: ignore[arg-type]
    install_once(context, ".venv/stamp", "old", lambda: done.append("again"))  # type: ignore[arg-type]
    install_once(context, ".venv/stamp", "old", killed)  # type: ignore[arg-type]

    assert done == ["old", "again"]
    assert context.said == ["dependencies are current"]


def test_what_has_no_mark_is_installed_every_time(tmp_path: Path) -> None:
    context = Context(tmp_path)
    done: list[str] = []

    for _ in range(2):
        install_once(context, "stamp", "", lambda: done.append("done"))  # type: ignore[arg-type]

    assert done == ["done", "done"]
    assert list(tmp_path.iterdir()) == []


def test_texts_that_are_cut_elsewhere_have_another_digest() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_a_failed_installation_blames_no_index_for_what_its_program_has_told() -> None:
    error = could_not_get("uv")

    assert (error.exit, "index" in error.help) == (69, False)
