from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_env.mirrors import index_variables

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

MIRRORS = {"pypi.org": "https://pypi.example/simple", "docker.io": "registry.example"}


def test_only_the_package_managers_of_a_mirrored_index_learn_of_it() -> None:
    variables = index_variables(MIRRORS)

    assert variables["UV_DEFAULT_INDEX"] == variables["PIP_INDEX_URL"] == "https://pypi.example/simple"
    assert "NPM_CONFIG_REGISTRY" not in variables


@pytest.mark.parametrize(
    ("manifest", "index", "program"),
    [("pyproject.toml", "pypi.org", "uv"), ("package.json", "registry.npmjs.org", "npm")],
)
def test_what_installs_is_pointed_to_the_mirror(
    devkit_project: Callable[..., DevkitProject],
    monkeypatch: pytest.MonkeyPatch,
    manifest: str,
    index: str,
    program: str,
) -> None:
    text = '[project]\nname = "a"\nversion = "1"\n' if program == "uv" else "{}"
    project = devkit_project({manifest: text, "devkit.toml": f'[mirrors]\n"{index}" = "https://mirror.example/x"\n'})
    for name in index_variables({index: ""}):
        monkeypatch.delenv(name, raising=False)
    programs = project.root.parent / "programs"
    programs.mkdir()
    script = programs / program
    script.write_text(f'#!/bin/sh\nenv > "{programs}/seen"\n', "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    assert project.run("add", "env").code == 0

    assert project.run("run", "env:lock").code == 0

    assert "=https://mirror.example/x" in (programs / "seen").read_text("utf-8")
