from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit import __version__
from devkit.config.core import CoreSettings
from devkit.config.load import load
from devkit.config.requirements import check_plugins, check_version
from devkit.errors import CONFIG_TYPE, PLUGIN_MISSING, REQUIRED_VERSION, DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("required", ["", ">=1.2", ">=1.2,<2", "~=1.2", "==1.2.1rc1", ">=1.2.1rc1"])
def test_a_version_that_fits_passes(required: str) -> None:
    check_version(required, "1.2.1rc1" if "rc" in required else "1.2.3")


def test_another_version_is_refused_with_the_command_that_installs_it(project: Callable[..., Path]) -> None:
    root = project(pyproject='[tool.devkit]\nzzz = 1\nplugins = 3\nrequired-version = ">=99,<100"\n')
    with pytest.raises(DevkitError) as caught:
        load(root, environ={})
    error = caught.value
    assert error.kind is REQUIRED_VERSION
    assert error.message == f"the project requires devkit >=99,<100, and this is {__version__}"
    assert error.help == "pip install 'devkit-cycle>=99,<100'"
    assert str(error.place) == "pyproject.toml:4:1"


@pytest.mark.parametrize("required", ['"1.2"', '"latest"', "3"])
def test_what_is_no_version_range_is_refused_with_its_place(project: Callable[..., Path], required: str) -> None:
    with pytest.raises(DevkitError) as caught:
        load(project(devkit=f"required-version = {required}\n"), environ={})
    assert (caught.value.kind, str(caught.value.place)) == (CONFIG_TYPE, "devkit.toml:1:1")


def test_installed_plugins_pass_whatever_the_spelling_of_their_names() -> None:
    core = CoreSettings(plugins=("Acme_Stage>=1,<2", "other", 'never; python_version < "3"'))
    check_plugins(core, {"acme.stage": "1.5", "other": "not-a-version"})


@pytest.mark.parametrize(
    ("installed", "message"),
    [
        ({}, "the plugin `acme<2,>=1` is not installed"),
        ({"acme": "2.0"}, "the plugin `acme<2,>=1` is needed, and 2.0 is installed"),
    ],
)
def test_a_missing_plugin_names_the_command_that_installs_it(
    project: Callable[..., Path], installed: dict[str, str], message: str
) -> None:
    configuration = load(project(devkit='plugins = ["acme>=1,<2"]\n'), environ={})
    with pytest.raises(DevkitError) as caught:
        configuration.check_plugins(installed)
    assert (caught.value.kind, caught.value.message) == (PLUGIN_MISSING, message)
    assert caught.value.help == "pip install 'acme<2,>=1'"
    assert str(caught.value.place) == "devkit.toml:1:1"


def test_what_is_no_requirement_is_an_error_of_the_configuration() -> None:
    with pytest.raises(DevkitError, match="not a requirement") as caught:
        check_plugins(CoreSettings(plugins=("acme >> 1",)), {})
    assert caught.value.kind is CONFIG_TYPE
