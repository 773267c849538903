from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject


def test_setting_a_key_keeps_the_line_ends_of_the_file(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project(
        {"pyproject.toml": '# mine\r\n[tool.devkit]\r\nplugins = []\r\n\r\n[other]\r\nkey = "a"\r\n'}
    )
    done = project.run("config", "set", "test.coverage", "false")

    assert done.code == 0, done.stderr
    text = project.read("pyproject.toml")
    assert text.count("\n") == text.count("\r\n")
    assert text.startswith("# mine\r\n[tool.devkit]\r\nplugins = []\r\n")


def test_a_required_version_that_shuts_this_devkit_out_is_not_set(
    devkit_project: Callable[..., DevkitProject],
) -> None:
    project = devkit_project({"devkit.toml": ""})
    done = project.run("config", "set", "required-version", ">=999")

    assert done.code == 78
    assert "state: nothing was changed" in done.stderr
    assert project.read("devkit.toml") == ""
