"""The package managers that a project may have been locked with, beside uv, pip and npm: their commands, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.api import table, toml_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree

VENV = ".venv"
MODULES = "node_modules"
INSTALLED = (f"{VENV}/pyvenv.cfg", f"{VENV}/bin/python", f"{VENV}/lib/*/site-packages/*.dist-info/RECORD")
"""What tells of a virtual environment: whoever adds or removes a package, or its Python, changes these files."""
NPM_INSTALLED = f"{MODULES}/.package-lock.json"
PYTHON_LOCKS = ("uv.lock", "requirements.lock")
NODE_LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
"""What npm locks versions in; where both are there, it reads the first."""


class Manager(Struct, frozen=True, kw_only=True):
    """A package manager: what it locks into, and how it locks, checks its lock and installs what is locked.

    `check` ends with 0 when the lock fits the manifest; where it is empty, a lock that is there is taken as it is.
    `folder` is what it installs into, and `installed` the files there that tell of what is installed; where none of
    them is there, it is asked every time. `offline` is the option that keeps it off the network, if it has one.
    """

    name: str
    manifest: str
    lock_file: str
    lock: tuple[str, ...]
    install: tuple[str, ...]
    way: str
    folder: str = VENV
    installed: tuple[str, ...] = INSTALLED
    check: tuple[str, ...] = ()
    offline: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)


POETRY = Manager(
    name="poetry",
    manifest="pyproject.toml",
    lock_file="poetry.lock",
    lock=("poetry", "lock", "--no-interaction"),
    check=("poetry", "check", "--lock", "--no-interaction"),
    install=("poetry", "install", "--no-interaction"),
    env={"POETRY_VIRTUALENVS_IN_PROJECT": "true"},
    way="pipx install poetry",
)
PDM = Manager(
    name="pdm",
    manifest="pyproject.toml",
    lock_file="pdm.lock",
    lock=("pdm", "lock", "--quiet"),
    check=("pdm", "lock", "--check", "--quiet"),
    install=("pdm", "sync", "--quiet"),
    env={"PDM_CHECK_UPDATE": "false", "PDM_IGNORE_ACTIVE_VENV": "1"},
    way="pipx install pdm",
)
PIPENV = Manager(
    name="pipenv",
    manifest="Pipfile",
    lock_file="Pipfile.lock",
    lock=("pipenv", "lock"),
    check=("pipenv", "verify"),
    install=("pipenv", "sync", "--dev"),
    env={"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_YES": "1", "PIPENV_NOSPIN": "1"},
    way="pipx install pipenv",
)
PNPM = Manager(
    name="pnpm",
    manifest="package.json",
    lock_file="pnpm-lock.yaml",
    lock=("pnpm", "install", "--lockfile-only"),
    check=("pnpm", "install", "--lockfile-only", "--frozen-lockfile"),
    install=("pnpm", "install", "--frozen-lockfile"),
    offline=("--offline",),
    folder=MODULES,
    installed=(f"{MODULES}/.modules.yaml",),
    env={"CI": "true"},
    way="npm install --global pnpm",
)
YARN_CLASSIC = Manager(
    name="yarn",
    manifest="package.json",
    lock_file="yarn.lock",
    lock=("yarn", "install", "--non-interactive", "--ignore-scripts"),
    check=("yarn", "check", "--integrity", "--silent"),
    install=("yarn", "install", "--non-interactive", "--frozen-lockfile"),
    offline=("--offline",),
    folder=MODULES,
    installed=(f"{MODULES}/.yarn-integrity",),
    way="npm install --global yarn",
)
YARN = Manager(
    name="yarn",
    manifest="package.json",
    lock_file="yarn.lock",
    lock=("yarn", "install", "--mode=update-lockfile"),
    check=(),
    install=("yarn", "install", "--immutable"),
    folder=MODULES,
    installed=(),  # which may be a single file anywhere
    env={"YARN_ENABLE_TELEMETRY": "0"},
    way="corepack enable, or: npm install --global @yarnpkg/cli-dist",
)
MANAGERS = {
    "poetry": POETRY,
    "pdm": PDM,
    "pipenv": PIPENV,
    "pnpm": PNPM,
    "yarn-classic": YARN_CLASSIC,
    "yarn": YARN,
}
"""The managers by the name that a task is given."""


def python_manager(tree: Tree) -> str:
    """Return the manager that a Python project is locked with or made for; `""` when uv or pip serve it."""
    if tree.exists("uv.lock") or tree.exists("requirements.lock"):
        return ""
    for name in ("poetry", "pdm"):
        if tree.exists(MANAGERS[name].lock_file):
            return name
    if tree.exists("Pipfile"):
        return "pipenv"
    tools = table(toml_table(tree.read_text("pyproject.toml")).get("tool"))
    return next((name for name in ("poetry", "pdm") if name in tools), "")


def node_manager(tree: Tree) -> str | None:
    """Return the manager that a Node project is locked with, `""` for npm, `None` for one that is left alone."""
    if tree.exists("bun.lock") or tree.exists("bun.lockb"):
        return None
    if tree.exists(PNPM.lock_file):
        return "pnpm"
    if not tree.exists(YARN.lock_file):
        return ""
    return "yarn-classic" if "# yarn lockfile v1" in (tree.read_text(YARN.lock_file) or "") else "yarn"
