"""The variables by which package managers learn of a mirror of their index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES = {
    "pypi.org": ("UV_DEFAULT_INDEX", "PIP_INDEX_URL", "PDM_PYPI_URL", "PIPENV_PYPI_MIRROR"),
    "registry.npmjs.org": ("NPM_CONFIG_REGISTRY", "YARN_NPM_REGISTRY_SERVER"),
}
"""By the name of the index. Poetry reads no such variable: it wants a `source` in `pyproject.toml`."""


def index_variables(mirrors: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that point uv, pip, PDM, Pipenv, npm, pnpm and Yarn to the mirrors of their indexes."""
    return {name: mirrors[index] for index, names in _VARIABLES.items() if index in mirrors for name in names}
