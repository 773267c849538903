"""What tests and checks read, as patterns: code in the broad sense for tests, what its tool reads for a check."""

from __future__ import annotations

_PROSE = ("!docs/**", "!**/*.md", "!**/*.rst", "!LICENSE")
_OF_OTHER_STAGES = ("!Dockerfile", "!compose*.yaml")
_MADE = (
    *("!build/**", "!dist/**", "!site/**", "!**/*.egg-info/**", "!**/*.tsbuildinfo"),  # what is built
    *("!coverage/**", "!htmlcov/**", "!reports/**", "!coverage.*", "!junit*.xml"),  # what tests write
    *("!**/*.log", "!**/*.db", "!**/*.sqlite3", "!**/*.pyc"),  # what runs leave behind
)
_NO_CODE = (*_PROSE, *_OF_OTHER_STAGES, *_MADE)
_NODE_SETTINGS = (
    *(".npmrc", ".nvmrc", ".node-version", ".babelrc*", ".mocharc*", ".nycrc*", ".swcrc"),
    *(".eslintrc*", ".eslintignore", ".prettierrc*", ".prettierignore", ".stylelintrc*", ".editorconfig"),
)
_PYTHON = ("**/*.py", "**/*.pyi", "pyproject.toml", "setup.cfg", "tox.ini")

PYTHON_TESTS = ("**", ".env", ".coveragerc", ".python-version", *_NO_CODE)
NODE_TESTS = ("**", ".env", *_NODE_SETTINGS, *_NO_CODE)
NODE_SCRIPTS = ("**", *_NODE_SETTINGS, *_MADE)
"""A script may be any program, formatters of prose among them."""


def python_check(*settings: str) -> tuple[str, ...]:
    """Return what a tool reads that looks at Python code, with its own files of settings."""
    return (*_PYTHON, *settings)
