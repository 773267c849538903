from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from devkit_build.node import node_dockerfile

from tests.plugins.build.projects import NODE_SERVICE, project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def dockerfile(root: Path, files: Mapping[str, str]) -> str:
    return node_dockerfile(project(root, files))


def manifest(**changes: Any) -> str:
    return json.dumps({**json.loads(NODE_SERVICE), **changes})


@pytest.mark.parametrize(
    ("files", "production"),
    [
        ({"package-lock.json": "{}"}, "npm ci --no-audit --no-fund --omit=dev"),
        ({"pnpm-lock.yaml": ""}, "pnpm install --frozen-lockfile --prod"),
        ({"yarn.lock": "# yarn lockfile v1\n"}, "yarn install --frozen-lockfile --non-interactive --production"),
        ({"yarn.lock": "__metadata:\n"}, "yarn workspaces focus --production"),
        ({}, "npm install --no-audit --no-fund --omit=dev"),
    ],
)
def test_only_what_runs_is_in_the_image(files: Mapping[str, str], production: str, tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"package.json": NODE_SERVICE, **files})
    final = text[text.rindex("\nFROM ") :]

    assert text.index("AS dependencies") < text.index(production) < text.index("AS build")
    assert [line for line in final.splitlines() if line.startswith("COPY")] == [
        "COPY --from=dependencies /app/node_modules ./node_modules",
        "COPY --from=build /app/dist ./dist",
        "COPY package.json ./",
    ]
    assert 'CMD ["node", "--enable-source-maps", "dist/main.js"]' in final


def test_what_needs_no_build_is_copied_as_it_is(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"package.json": manifest(scripts={}, main="server.js"), "server.js": ""})

    assert "AS build" not in text
    assert text.count("COPY . .") == 1
    assert 'CMD ["node", "server.js"]' in text


@pytest.mark.parametrize(
    ("start", "expected"),
    [("npm run serve", "dist/main.js"), ("node a.js && node b.js", "dist/main.js"), ("node 'a", "dist/main.js")],
)
def test_no_shell_and_no_npm_stands_between_node_and_the_signals(start: str, expected: str, tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"package.json": manifest(scripts={"build": "tsc", "start": start})})

    assert f'CMD ["node", "{expected}"]' in text


@pytest.mark.parametrize(
    ("files", "engines", "version"),
    [
        ({}, ">=20.19", 22),
        ({}, ">=23", 24),
        ({}, "^20", 20),
        ({}, ">=20 <21", 20),
        ({}, "", 22),
        ({}, "<21", 20),
        ({}, ">18", 22),
        ({}, ">=22.5 <23", 22),
        ({}, "18 || 20", 20),
        ({}, "20.11.1", 20),
        ({}, "<18", 16),
        ({}, "latest", 22),
        ({".nvmrc": "lts/iron\n"}, "", 20),
        ({".node-version": "lts/*\n"}, "^24", 24),
        ({".nvmrc": "v24.1\n"}, ">=20", 24),
    ],
)
def test_the_base_image_has_a_version_that_the_project_allows(
    files: Mapping[str, str], engines: str, version: int, tmp_path: Path
) -> None:
    text = dockerfile(tmp_path, {"package.json": manifest(engines={"node": engines}), **files})

    assert f"FROM node:{version}-trixie-slim\n" in text


def test_the_version_of_the_manager_is_the_projects_own(tmp_path: Path) -> None:
    files = {"package.json": manifest(packageManager="pnpm@10.2.0+sha512.ab"), "pnpm-lock.yaml": ""}

    assert "npm install --global pnpm@10.2.0" in dockerfile(tmp_path, files)


def test_a_script_of_the_projects_own_does_not_run_where_its_source_is_not(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"package.json": manifest(scripts={"prepare": "husky", "build": "tsc"})})

    assert "--omit=dev --ignore-scripts" in text


@pytest.mark.parametrize("text", ["", "[]", '{"scripts": 1, "engines": [], "main": 2}'])
def test_a_manifest_that_says_nothing_is_no_failure(text: str, tmp_path: Path) -> None:
    assert "FROM node:" in dockerfile(tmp_path, {"package.json": text})
