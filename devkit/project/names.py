"""Names that a project can have: as a folder, a distribution, a Python package, and an image."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

LONGEST = 63
"""Characters that a name may have: the limit of DNS labels, which services and containers are named by."""
_NAME = re.compile(r"[A-Za-z](?:[._-]?[A-Za-z0-9])*")
_TAKEN = frozenset(
    {"build", "dist", "docs", "hooks", "py", "pytest", "setup", "site", "src", "test", "tests", "venv"}
)
"""Names of folders that a repository has anyway, and of packages that tools for Python own: `py` is pytest's."""
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_FALLBACK = "my-project"


def is_valid_name(name: str) -> bool:
    """Whether a project can have this name: the form of PEP 508, and no package that Python itself imports."""
    return len(name) <= LONGEST and _NAME.fullmatch(name) is not None and not _is_taken(name)


def suggest_name(name: str) -> str:
    """Return the valid name that is nearest to `name`, in the normal form of PEP 503."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if words and not words[0].isalpha():
        words = f"app-{words}"
    near = words[:LONGEST].strip("-") or _FALLBACK
    return f"{near}-app" if _is_taken(near) else near


def package_of(name: str) -> str:
    """Return the name under which the project's package would be imported."""
    return re.sub(r"[.-]", "_", name).lower()


def _is_taken(name: str) -> bool:
    package = package_of(name)
    return (
        keyword.iskeyword(package)
        or keyword.iskeyword(package.capitalize())  # `none` and `true` are nobody's wish either
        or package in sys.stdlib_module_names
        or package in _TAKEN
        or name.lower().partition(".")[0] in _DEVICES
    )
