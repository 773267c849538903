"""The tools that a project needs, as data: found wherever a version manager may keep them, with the way to each."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api import Place, Remedy, Tool, lowest_version
from devkit_env.declared import wishes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Tree
    from devkit_env.declared import Wish
    from devkit_env.managers import Manager

PYTHONS = tuple(f"python3.{minor}" for minor in range(20, 8, -1))
"""What interpreters are called on PATH, the newest first."""
KEPT_PYTHONS = (
    "$PYENV_ROOT/versions/*/bin/python3",
    "~/.pyenv/versions/*/bin/python3",
    "~/.local/share/mise/installs/python/*/bin/python3",
    "~/.asdf/installs/python/*/bin/python3",
)
"""Where version managers keep interpreters that PATH may not lead to; uv is asked."""
_PROBES = {
    "go": ("version",),
    "kubectl": ("version", "--client"),
    "helm": ("version", "--short"),
    "terraform": ("version",),
}
_PROGRAMS = {"rust": "rustc", "java": "java", "ruby": "ruby", "awscli": "aws"}
_KNOWN = [
    "bun",
    "deno",
    "go",
    "hadolint",
    "helm",
    "jq",
    "just",
    "kubectl",
    "pre-commit",
    "prek",
    "ruff",
    "shellcheck",
    "shfmt",
    "task",
    "terraform",
    "yq",
    "poetry",
    "pdm",
    "pipenv",
]
"""Programs that are called as version managers call them; of others nobody knows what to look for."""
_NODE_SITE = "https://nodejs.org/en/download"
_UV_SITE = "https://docs.astral.sh/uv/getting-started/installation"


def tools(tree: Tree, manager: Manager | None, *, uses_uv: bool, uses_npm: bool) -> Iterator[Tool]:
    """Yield the tools that the files of a project ask for, and the package manager that it is locked with."""
    named: set[str] = set()
    for wish in wishes(tree):
        tool = _tool(wish)
        if tool is not None:
            named.add(tool.name)
            yield tool
    if manager is not None and manager.name not in named:
        yield replace(_package_manager(manager.name, ""), place=_lock_place(tree, manager), install=manager.way)
    if uses_uv and "uv" not in named:
        yield replace(_uv(""), place=Place(path="uv.lock"))
    if uses_npm and "npm" not in named:
        yield replace(_package_manager("npm", ""), place=Place(path="package.json"))


def _lock_place(tree: Tree, manager: Manager) -> Place:
    return Place(path=manager.lock_file if tree.exists(manager.lock_file) else manager.manifest)


def _tool(wish: Wish) -> Tool | None:
    match wish.name:
        case "python":
            tool = _python(wish)
        case "node":
            tool = _node(wish)
        case "uv":
            tool = _uv(wish.version)
        case "npm" | "pnpm" | "yarn":
            tool = _package_manager(wish.name, wish.version)
        case name if name in _PROGRAMS or name in _KNOWN:
            tool = _other(name, wish.version)
        case _:
            return None
    return replace(tool, version=wish.version, place=wish.place)


def python_finders(wish: Wish) -> tuple[tuple[str, ...], ...]:
    """Return the commands that print where a version manager keeps a Python; none gets one from the network."""
    pin = _pin(wish.version)
    asked = (wish.version,) if wish.version else ()
    return (
        ("uv", "python", "find", "--system", "--no-python-downloads", "--offline", *asked),
        ("mise", "which", "--tool", f"python@{pin}", "python3") if pin else ("mise", "which", "python3"),
    )


def python_remedies(wish: Wish) -> tuple[Remedy, ...]:
    """Return the commands that install a Python that a project asks for."""
    pin = _pin(wish.version)
    at = f"@{pin}" if pin else ""
    return (
        _mise("python", pin, wish.place),
        Remedy(needs="uv", command=f"uv python install {pin}".rstrip()),
        Remedy(needs="pyenv", command=f"pyenv install {pin or 3}"),
        Remedy(needs="brew", command=f"brew install python{at}"),
        Remedy(needs="apt-get", command=f"sudo apt-get install python{pin or 3} python{pin or 3}-venv"),
    )


def _python(wish: Wish) -> Tool:
    return Tool(
        name="python3",
        candidates=(*PYTHONS, "python", sys.executable, *KEPT_PYTHONS),
        finders=python_finders(wish),
        remedies=python_remedies(wish),
        install=f"install uv ({_UV_SITE}), then: uv python install {_pin(wish.version)}".rstrip(),
    )


def _node(wish: Wish) -> Tool:
    pin = lowest_version(wish.version) if wish.version.startswith("==") else _pin(wish.version, 1)
    at = f"@{pin}" if pin else ""
    version = pin or "--lts"
    return Tool(
        name="node",
        remedies=(
            _mise("node", pin, wish.place),
            Remedy(needs="fnm", command=f"fnm use --install-if-missing {pin or 'lts-latest'}"),
            Remedy(needs="$NVM_DIR/nvm.sh", command=f"nvm install {version}"),
            Remedy(needs="~/.nvm/nvm.sh", command=f"nvm install {version}"),
            Remedy(needs="volta", command=f"volta install node{at}"),
            Remedy(needs="brew", command=f"brew install node{_major_at(pin)}"),
            *(() if pin else (Remedy(needs="apt-get", command="sudo apt-get install nodejs npm"),)),
        ),
        install=f"install Node.js {pin or 'LTS'}: {_NODE_SITE}",
    )


def _uv(version: str) -> Tool:
    return Tool(
        name="uv",
        version=version,
        remedies=(
            Remedy(needs="mise", command="mise use --global uv"),
            Remedy(needs="brew", command="brew install uv"),
            Remedy(needs="pipx", command="pipx install --force uv" if version else "pipx install uv"),
        ),
        install=f"pip install --upgrade uv, or: {_UV_SITE}",
    )


def _package_manager(name: str, version: str) -> Tool:
    """Return npm, pnpm or yarn, or a manager of Python packages, which pipx installs."""
    exact = version.removeprefix("==") if re.fullmatch(r"==\d+\.\d+\.\d+", version) else _pin(version, 1)
    at = f"@{exact}" if exact else ""
    if name not in {"npm", "pnpm", "yarn"}:
        return Tool(name=name, version=version, install=f"pipx install {name}")
    corepack = () if name == "npm" else (Remedy(needs="corepack", command=f"corepack enable {name}"),)
    package = "@yarnpkg/cli-dist" if name == "yarn" and exact and not exact.startswith("1.") else name
    return Tool(
        name=name,
        version=version,
        remedies=(*corepack, Remedy(needs="npm", command=f"npm install --global {package}{at}")),
        install=f"install Node.js, which brings npm: {_NODE_SITE}",
    )


def _other(name: str, version: str) -> Tool:
    pin = lowest_version(version)
    return Tool(
        name=_PROGRAMS.get(name, name),
        probe=_PROBES.get(name, ("--version",)),
        finders=(("mise", "which", _PROGRAMS.get(name, name)),),
        remedies=(
            Remedy(needs="mise", command=f"mise install {name}{f'@{pin}' if pin else ''}"),
            Remedy(needs="asdf", command=f"asdf install {name}{f' {pin}' if pin else ''}"),
            Remedy(needs="brew", command=f"brew install {name}"),
        ),
        install=f"install {name}{f' {pin}' if pin else ''}",
    )


def _mise(name: str, pin: str, place: Place) -> Remedy:
    """Return the way of mise: it installs what its own files name, and has to be told of anything else."""
    is_its_own = "mise" in place.path or place.path == ".tool-versions"
    command = "mise install" if is_its_own else f"mise use {name}{f'@{pin}' if pin else ''}"
    return Remedy(needs="mise", command=command)


def _pin(wanted: str, parts: int = 2) -> str:
    """Return the first parts of the version that an installer is asked for."""
    return ".".join(lowest_version(wanted).split(".")[:parts])


def _major_at(pin: str) -> str:
    return f"@{pin.partition('.')[0]}" if pin else ""
