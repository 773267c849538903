"""Locking and installing a Python project's dependencies, with uv or pip."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devkit.api import TOOL_MISSING, DevkitError
from devkit_env.interpreters import interpreter
from devkit_env.stamps import could_not_get, digest, install_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext

PIP_LOCK = "requirements.lock"
UV_LOCK = "uv.lock"
VENV = ".venv"
STAMP = f"{VENV}/devkit-installed"


def lock(context: TaskContext, *, installer: str, groups: Sequence[str]) -> None:
    """Write the lock file of the installer in use: `uv.lock`, or `requirements.lock` for pip."""
    if _uses_uv(context, installer):
        install_step(context, ["uv", "lock", "--quiet", *offline(context)])
        return
    requirements = _requirements(context.root, groups)
    header = f"# Made from pyproject.toml by `devkit run env:lock`; requirements {digest(*requirements)}\n"
    target = context.root / PIP_LOCK
    if target.is_file() and target.read_text("utf-8").startswith(header):
        context.up_to_date(f"{PIP_LOCK} is current")
        return
    target.write_text(header + "".join(f"{pin}\n" for pin in _resolve(context, requirements)), "utf-8")


def install(context: TaskContext, *, installer: str, groups: Sequence[str]) -> None:
    """Make `.venv` hold the locked dependencies, the named groups, and the project itself in editable mode."""
    if _uses_uv(context, installer):
        chosen = [word for group in _present(context.root, groups) for word in ("--group", group)]
        install_step(context, ["uv", "sync", "--quiet", "--no-default-groups", *chosen, *offline(context)])
        return
    clear_dead(context)
    mark = digest(*((context.root / name).read_text("utf-8") for name in ("pyproject.toml", PIP_LOCK)))
    install_once(context, STAMP, mark, lambda: _pip_install(context))


def _pip_install(context: TaskContext) -> None:
    python = context.root / VENV / "bin" / "python"
    if not python.exists() or context.capture([str(python), "-m", "pip", "--version"])[0] != 0:
        install_step(context, [interpreter(context), "-m", "venv", VENV])
    packages = ["--requirement", PIP_LOCK, "--editable", "."]
    install_step(context, [str(python), "-m", "pip", "install", "--quiet", *no_index(context), *packages])


def _uses_uv(context: TaskContext, installer: str) -> bool:
    """Whether uv installs: when asked for, or when it is there and the project is not locked for pip."""
    if installer != "auto":
        return installer == "uv"
    has_uv, has_uv_lock = context.which("uv") is not None, (context.root / UV_LOCK).is_file()
    if has_uv_lock and not has_uv:
        message = f"the project is locked in {UV_LOCK}, and uv is not on PATH"
        raise DevkitError(
            TOOL_MISSING, message, help="pip install uv, or change to pip: devkit config set env.installer pip"
        )
    return has_uv and (has_uv_lock or not (context.root / PIP_LOCK).is_file())


def _resolve(context: TaskContext, requirements: Sequence[str]) -> list[str]:
    """Return `name==version` of everything that the requirements need, as pip resolves them here."""
    if not requirements:
        return []
    import tempfile

    with tempfile.TemporaryDirectory(prefix="devkit-lock-") as folder:
        report = Path(folder, "report.json")
        resolver = [*_pip(context, Path(folder)), "install", "--quiet", "--dry-run", "--ignore-installed"]
        install_step(context, [*resolver, *no_index(context), "--report", str(report), *requirements])
        return sorted(map(_pin, json.loads(report.read_text("utf-8"))["install"]))


def _pin(item: dict[str, Any]) -> str:
    """Return the requirement of just what pip has chosen: pip.pypa.io/en/stable/reference/installation-report."""
    name, version = item["metadata"]["name"].lower(), item["metadata"]["version"]
    if not item.get("is_direct"):
        return f"{name}=={version}"
    info = item["download_info"]
    vcs = info.get("vcs_info")
    where = f"{vcs['vcs']}+{info['url']}@{vcs['commit_id']}" if vcs else info["url"]
    return f"{name} @ {where}" + (f"#subdirectory={info['subdirectory']}" if "subdirectory" in info else "")


def _pip(context: TaskContext, folder: Path) -> list[str]:
    """Return the command line of a pip: the chosen interpreter's own, or one in a passing environment."""
    python = interpreter(context)
    code, _, _ = context.capture([python, "-m", "pip", "--version"])
    if code == 0:
        return [python, "-m", "pip"]
    install_step(context, [python, "-m", "venv", str(folder / "venv")])
    return [str(folder / "venv" / "bin" / "python"), "-m", "pip"]


def _requirements(root: Path, groups: Sequence[str]) -> list[str]:
    manifest = _manifest(root)
    requirements = list(manifest.get("project", {}).get("dependencies", []))
    for group in _present(root, groups):
        requirements += _group(manifest["dependency-groups"], group)
    return sorted(set(requirements))


def _group(groups: dict[str, Any], name: str, above: tuple[str, ...] = ()) -> list[str]:
    """Return the requirements of a dependency group with those it includes (PEP 735)."""
    found = []
    for item in groups.get(name, []):
        if isinstance(item, str):
            found.append(item)
        elif item["include-group"] not in above:
            found += _group(groups, item["include-group"], (*above, name))
    return found


def _present(root: Path, groups: Sequence[str]) -> list[str]:
    declared = _manifest(root).get("dependency-groups", {})
    return [group for group in groups if group in declared]


def _manifest(root: Path) -> dict[str, Any]:
    path = root / "pyproject.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def clear_dead(context: TaskContext) -> None:
    """Remove an environment whose Python is gone, as after an upgrade: neither pip nor venv mends it."""
    import shutil

    folder = context.root / VENV
    python = folder / "bin" / "python"
    if python.is_symlink() and not python.exists() and not folder.is_symlink():
        shutil.rmtree(folder)


def install_step(context: TaskContext, argv: list[str]) -> None:
    """Run a program that gets dependencies; DEPENDENCIES_MISSING when it cannot."""
    if context.run(argv) != 0:
        raise could_not_get(Path(argv[0]).name)


def offline(context: TaskContext) -> list[str]:
    """Return the option that keeps uv off the network where that is asked for."""
    return ["--offline"] if context.offline else []


def no_index(context: TaskContext) -> list[str]:
    """Return the option that keeps pip off the index where that is asked for."""
    return ["--no-index"] if context.offline else []
