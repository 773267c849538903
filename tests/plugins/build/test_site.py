from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_build.project import site_folder
from devkit_build.settings import BuildSettings, Stack
from devkit_build.site import site_dockerfile

from tests.plugins.build.projects import project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VITE = json.dumps({"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}})


def test_a_site_is_built_by_node_and_served_without_it(tmp_path: Path) -> None:
    site = project(tmp_path, {"package.json": VITE, "package-lock.json": "{}"})
    text = site_dockerfile(site)
    final = text[text.rindex("\nFROM ") :]

    assert site.stack is Stack.STATIC
    assert final.startswith("\nFROM nginxinc/nginx-unprivileged:")
    assert "COPY --from=build /app/dist /usr/share/nginx/html" in final
    assert "USER 101:101" in final


@pytest.mark.parametrize(
    ("files", "copied"),
    [({"index.html": ""}, "COPY . "), ({"public/index.html": ""}, "COPY public ")],
)
def test_a_site_that_needs_no_build_is_copied(files: Mapping[str, str], copied: str, tmp_path: Path) -> None:
    assert copied in site_dockerfile(project(tmp_path, files))


def test_the_settings_name_the_folder(tmp_path: Path) -> None:
    site = project(tmp_path, {"www/a.html": ""}, BuildSettings(stack=Stack.STATIC, folder="www/"))

    assert "COPY www /usr/share/nginx/html" in site_dockerfile(site)


def test_what_only_looks_like_a_site_is_none(tmp_path: Path) -> None:
    files = {"package.json": '{"devDependencies": {"vite": "7"}}', "public/index.html": ""}

    assert site_folder(project(tmp_path, files).tree) == ""


def test_a_folder_with_a_blank_in_its_name_is_one_folder(tmp_path: Path) -> None:
    settings = BuildSettings(stack=Stack.STATIC, folder="my site")

    plain = site_dockerfile(project(tmp_path / "plain", {"my site/a.html": ""}, settings))
    built = site_dockerfile(project(tmp_path / "built", {"package.json": VITE}, settings))

    assert 'COPY ["my site", "/usr/share/nginx/html"]' in plain
    assert 'COPY --from=build ["/app/my site", "/usr/share/nginx/html"]' in built
