"""How each Node package manager fills `node_modules` in an image, as data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from devkit_build.dockerfile import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree

_NPMRC = ("npmrc", "/root/.npmrc")
NPM_SOURCE = Source(cache="/root/.npm", secrets=(_NPMRC,), authority="NODE_EXTRA_CA_CERTS")


class Manager(Struct, frozen=True, kw_only=True):
    """A package manager: its files, the commands that install all or what runs, and how it runs a script.

    `program` is what npm installs to have it, where it does not come with Node.
    """

    files: tuple[str, ...]
    source: Source
    all: str
    production: str
    run: str
    program: str = ""
    env: Mapping[str, str] = field(default_factory=dict)


def manager_of(tree: Tree, manifest: Mapping[str, Any]) -> Manager:
    """Return the manager that a project is locked with; npm where it is locked with none."""
    if tree.exists("pnpm-lock.yaml"):
        return _pnpm(tree, manifest)
    if tree.exists("yarn.lock"):
        is_classic = "# yarn lockfile v1" in (tree.read_text("yarn.lock") or "")
        return _yarn_classic() if is_classic else _yarn(tree, manifest)
    return _npm(tree)


def _npm(tree: Tree) -> Manager:
    lock = [name for name in ("npm-shrinkwrap.json", "package-lock.json") if tree.exists(name)]
    install = "npm ci --no-audit --no-fund" if lock else "npm install --no-audit --no-fund"
    return Manager(
        files=("package.json", *lock, *_there(tree, ".npmrc")),
        source=NPM_SOURCE,
        all=install,
        production=f"{install} --omit=dev",
        run="npm run",
    )


def _pnpm(tree: Tree, manifest: Mapping[str, Any]) -> Manager:
    files = _there(tree, "pnpm-workspace.yaml", ".npmrc")
    install = "pnpm install --frozen-lockfile"
    return Manager(
        files=("package.json", "pnpm-lock.yaml", *files),
        source=Source(cache="/pnpm/store", secrets=(_NPMRC,), authority="NODE_EXTRA_CA_CERTS"),
        all=install,
        production=f"{install} --prod",
        run="pnpm run",
        program=f"pnpm@{_version(manifest, 'pnpm', '12.21.0')}",
        env={"CI": "true", "npm_config_store_dir": "/pnpm/store"},
    )


def _yarn_classic() -> Manager:
    install = "yarn install --frozen-lockfile --non-interactive"
    cache = "/usr/local/share/.cache/yarn"
    return Manager(
        files=("package.json", "yarn.lock"),
        source=Source(cache=cache, secrets=(_NPMRC,), authority="NODE_EXTRA_CA_CERTS"),
        all=install,
        production=f"{install} --production",
        run="yarn run",
    )


def _yarn(tree: Tree, manifest: Mapping[str, Any]) -> Manager:
    cache = "/root/.yarn/berry/cache"
    return Manager(
        files=("package.json", "yarn.lock", *_there(tree, ".yarnrc.yml")),
        source=Source(cache=cache, secrets=(("yarnrc.yml", "/root/.yarnrc.yml"),), authority="NODE_EXTRA_CA_CERTS"),
        all="yarn install --immutable",
        production="yarn workspaces focus --production",
        run="yarn run",
        program=f"@yarnpkg/cli-dist@{_version(manifest, 'yarn', '4.18.1')}",
        env={"YARN_ENABLE_TELEMETRY": "0", "YARN_NODE_LINKER": "node-modules"},
    )


def _there(tree: Tree, *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if tree.exists(name))


def _version(manifest: Mapping[str, Any], name: str, otherwise: str) -> str:
    """Return the version that `packageManager` asks for, without the digest that may follow it."""
    match = re.fullmatch(rf"{name}@(\d+\.\d+\.\d+)(?:\+.*)?", str(manifest.get("packageManager", "")))
    return match[1] if match else otherwise
