"""How each Python package manager fills the virtual environment of an image, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.api import table, toml_table
from devkit_build.dockerfile import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree

VENV = "/opt/venv"
_NETRC = ("netrc", "/root/.netrc")
PIP_SOURCE = Source(cache="/root/.cache/pip", secrets=(("pip.conf", "/etc/pip.conf"), _NETRC), authority="PIP_CERT")
_PIP_INSTALL = f"pip --python {VENV}/bin/python install"
_DECLARED = (
    'python -c "import tomllib; '
    "print(*tomllib.load(open('pyproject.toml', 'rb'))['project'].get('dependencies', []), sep='\\n')\""
)


class Manager(Struct, frozen=True, kw_only=True):
    """A package manager in the stage that builds.

    `files` are the manifest and the lock, `dependencies` the command that installs what they name and not the
    project itself, which `project` installs. `program` is what pip installs to have it, if it does not come with
    Python or from an image of its own.
    """

    files: tuple[str, ...]
    source: Source
    dependencies: str
    project: str = f"{_PIP_INSTALL} --no-deps ."
    project_source: Source = PIP_SOURCE
    program: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    is_uv: bool = False


_UV_SOURCE = Source(
    cache="/root/.cache/uv", secrets=(("uv.toml", "/etc/uv/uv.toml"), _NETRC), authority="SSL_CERT_FILE"
)
UV = Manager(
    files=("pyproject.toml", "uv.lock"),
    source=_UV_SOURCE,
    dependencies="uv sync --locked --no-default-groups --no-install-project",
    project="uv sync --locked --no-default-groups --no-editable",
    project_source=_UV_SOURCE,
    env={
        "PYC_INVALIDATION_MODE": "UNCHECKED_HASH",
        "UV_COMPILE_BYTECODE": "1",
        "UV_LINK_MODE": "copy",
        "UV_PROJECT_ENVIRONMENT": VENV,
        "UV_PYTHON_DOWNLOADS": "never",
    },
    is_uv=True,
)
POETRY = Manager(
    files=("pyproject.toml", "poetry.lock"),
    source=Source(
        cache="/root/.cache/pypoetry",
        secrets=(("poetry-auth.toml", "/root/.config/pypoetry/auth.toml"), _NETRC),
        authority="REQUESTS_CA_BUNDLE",
    ),
    dependencies="poetry install --only main --no-root --no-interaction --compile",
    program="poetry==2.5.1",
)
_PDM_SOURCE = Source(
    cache="/root/.cache/pdm",
    secrets=(("pdm.toml", "/root/.config/pdm/config.toml"), _NETRC),
    authority="REQUESTS_CA_BUNDLE",
)
PDM = Manager(
    files=("pyproject.toml", "pdm.lock"),
    source=_PDM_SOURCE,
    dependencies="pdm sync --prod --no-self",
    program="pdm==2.29.4",
    env={"PDM_CHECK_UPDATE": "false"},
)
PIPENV = Manager(
    files=("Pipfile", "Pipfile.lock"),
    source=PIP_SOURCE,
    dependencies="pipenv sync",
    program="pipenv==2026.10.3",
    env={"PIPENV_NOSPIN": "1", "PIPENV_VERBOSITY": "-1"},
)


def manager_of(tree: Tree) -> Manager:
    """Return the manager that a project is locked with, else pip with whatever pins there are."""
    for lock, manager in {"uv.lock": UV, "poetry.lock": POETRY, "pdm.lock": PDM, "Pipfile.lock": PIPENV}.items():
        if tree.exists(lock) and not (lock != "uv.lock" and tree.exists("requirements.lock")):
            return manager
    return _pip(tree) if tree.exists("requirements.txt") else _unlocked(tree)


def _unlocked(tree: Tree) -> Manager:
    """Return the manager that a project was made for: its lock is still to come, and `env:lock` makes it."""
    if tree.exists("Pipfile"):
        return PIPENV
    manifest = toml_table(tree.read_text("pyproject.toml"))
    return POETRY if "project" not in manifest and "poetry" in table(manifest.get("tool")) else _pip(tree)


def _pip(tree: Tree) -> Manager:
    """Return pip: with `requirements.txt`, else with what `pyproject.toml` asks for within `requirements.lock`."""
    if tree.exists("requirements.txt"):
        command = f"{_PIP_INSTALL} --requirement requirements.txt"
        return Manager(files=("requirements.txt",), source=PIP_SOURCE, dependencies=command)
    lock = ("requirements.lock",) if tree.exists("requirements.lock") else ()
    within = "".join(f" --constraint {name}" for name in lock)
    return Manager(
        files=("pyproject.toml", *lock),
        source=PIP_SOURCE,
        dependencies=f"{_DECLARED} > /tmp/requirements.txt \\\n"
        f"    && {_PIP_INSTALL}{within} --requirement /tmp/requirements.txt",
    )
