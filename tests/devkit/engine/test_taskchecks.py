from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.api.tasks import RunCommand, Task
from devkit.api.tools import Remedy, Tool
from devkit.engine.taskchecks import install_help, require_outputs, require_tools
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from pathlib import Path


def task(*, outputs: tuple[str, ...] = (), tools: tuple[str, ...] = ()) -> Task:
    return Task(name="a:make", action=RunCommand(argv=("true",)), outputs=outputs, tools=tools)


@pytest.mark.parametrize("output", ["dist/app.js", "dist", "dist/", "dist/*.js", "**/app.js", "link"])
def test_an_output_that_is_there_is_found_by_path_and_by_pattern(tmp_path: Path, output: str) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/app.js").touch()
    (tmp_path / "link").symlink_to("nowhere")
    require_outputs(task(outputs=(output,)), tmp_path)


@pytest.mark.parametrize("output", ["dist/app.js", "dist/*.js", "dist/**", "[a].txt"])
def test_an_output_that_was_not_made_is_named(tmp_path: Path, output: str) -> None:
    (tmp_path / "made").touch()
    with pytest.raises(DevkitError, match="did not make") as caught:
        require_outputs(task(outputs=("made", output)), tmp_path)
    assert (caught.value.exit, output in caught.value.message) == (1, True)


def test_a_name_that_looks_like_a_pattern_is_a_name_first(tmp_path: Path) -> None:
    (tmp_path / "[a].txt").touch()
    require_outputs(task(outputs=("[a].txt",)), tmp_path)


def test_a_missing_tool_comes_with_the_command_that_installs_it(tmp_path: Path) -> None:
    needy = task(tools=("sh-of-nobody",))
    tool = Tool(
        name="sh-of-nobody", remedies=(Remedy(needs="nobody", command="no"),), install="pipx install sh-of-nobody"
    )
    with pytest.raises(DevkitError) as caught:
        require_tools(needy, str(tmp_path), {tool.name: tool})
    assert (caught.value.exit, caught.value.help) == (69, "pipx install sh-of-nobody")


def test_a_tool_that_is_there_is_not_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o755)
    require_tools(task(tools=("tool",)), str(tmp_path), {})


def test_nobody_knows_how_to_install_any_program() -> None:
    assert install_help("/usr/bin/x", {}) == "install `x`, or mend PATH"


def test_the_first_remedy_that_the_machine_has_a_way_for_is_told() -> None:
    tool = Tool(name="x", remedies=(Remedy(needs="nobody", command="no"), Remedy(needs="sh", command="sh x.sh")))
    assert install_help("x", {"x": tool}) == "sh x.sh"


def test_what_is_left_out_of_the_outputs_need_not_be_there(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/a").touch()
    require_outputs(task(outputs=("dist/**", "!dist/b")), tmp_path)
