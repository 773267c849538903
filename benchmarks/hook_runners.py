"""What runs hooks: devkit's own script, prek, lefthook and pre-commit, each with a folder of git hooks of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CHECKS = {
    "trailing-whitespace": ("trailing-whitespace-fixer", "text"),
    "end-of-file-fixer": ("end-of-file-fixer", "text"),
    "check-merge-conflict": ("check-merge-conflict", "text"),
    "check-added-large-files": ("check-added-large-files", "file"),
    "check-yaml": ("check-yaml", "yaml"),
    "check-toml": ("check-toml", "toml"),
}
"""By id: the console script of pre-commit-hooks, and the type of the files that it is for."""

ARGUMENTS = {"check-merge-conflict": "--assume-in-merge"}
GLOBS = {"yaml": "*.yaml", "toml": "*.toml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A folder of git hooks, the command that looks at all files, and variables that both want."""

    name: str
    hooks: Path
    run: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def make_runners(root: Path, work: Path, scripts: Path, variables: Mapping[str, str]) -> list[Runner]:
    """Return all runners for a repository."""
    work.mkdir()
    own = os.path.join(os.path.dirname(sys.executable), "devkit-hygiene")
    local, builtin = _write(work / "local.yaml", _local(scripts)), _write(work / "builtin.yaml", _builtin())
    devkit = _write(work / "devkit.yaml", _of_devkit(own))
    prek, pre_commit = str(scripts / "prek"), str(scripts / "pre-commit")
    return [
        Runner(name="devkit-hygiene", hooks=_own_hook(work / "own", own), run=(own, "--all-files")),
        _installed("prek, built-in", prek, builtin, root, variables),
        _installed("prek, devkit-hygiene", prek, devkit, root, variables),
        _installed("prek, scripts", prek, local, root, variables),
        _lefthook(root, work, scripts, variables),
        _installed("pre-commit, devkit-hygiene", pre_commit, devkit, root, variables),
        _installed("pre-commit, scripts", pre_commit, local, root, variables),
    ]


def _own_hook(folder: Path, script: str) -> Path:
    folder.mkdir()
    hook = _write(folder / "pre-commit", f"#!/bin/sh\nexec {script}\n")
    hook.chmod(0o755)
    return folder


def _installed(name: str, program: str, config: Path, root: Path, variables: Mapping[str, str]) -> Runner:
    """Install a runner in the repository, and move the hook that it wrote into a folder of its own."""
    installing = [program, "install", "--config", str(config)]
    subprocess.run(installing, cwd=root, env=dict(variables), check=True, capture_output=True)
    running = (program, "run", "--config", str(config), "--all-files")
    return Runner(name=name, hooks=_moved(root, config.with_name(f"{name.replace(', ', '-')}-hooks")), run=running)


def _lefthook(root: Path, work: Path, scripts: Path, variables: Mapping[str, str]) -> Runner:
    """Return lefthook, its own program without the start of an interpreter that its package for Python adds."""
    config = _write(work / "lefthook.yml", _lefthook_config(scripts))
    program = next(str(path) for path in (scripts.parent / "lib").rglob("lefthook") if _is_program(path))
    own = {"LEFTHOOK_CONFIG": str(config), "LEFTHOOK_BIN": program}
    environment = {**variables, **own}
    subprocess.run([program, "install"], cwd=root, env=environment, check=True, capture_output=True)
    running = (program, "run", "pre-commit", "--all-files", "--force")
    return Runner(name="lefthook, scripts", hooks=_moved(root, work / "lefthook-hooks"), run=running, env=own)


def _is_program(path: Path) -> bool:
    if not path.is_file():
        return False
    machine = "arm64" if os.uname().machine == "aarch64" else "x86_64"
    return sys.platform in str(path.parent) and machine in str(path.parent)


def _moved(root: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.move(root / ".git" / "hooks" / "pre-commit", folder / "pre-commit")
    return folder


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def _builtin() -> str:
    hooks = "".join(f"      - {{id: {name}{_arguments(name)}}}\n" for name in CHECKS)
    return f"repos:\n  - repo: builtin\n    hooks:\n{hooks}"


def _local(scripts: Path) -> str:
    hooks = "".join(
        f"      - {{id: {name}, name: {name}, entry: {scripts / script}, language: system, types: [{kind}]"
        f"{_arguments(name)}}}\n"
        for name, (script, kind) in CHECKS.items()
    )
    return f"repos:\n  - repo: local\n    hooks:\n{hooks}"


def _arguments(name: str) -> str:
    return f", args: [{ARGUMENTS[name]}]" if name in ARGUMENTS else ""


def _of_devkit(script: str) -> str:
    hook = f"{{id: devkit-hygiene, name: hygiene, entry: {script}, language: system, require_serial: true}}"
    return f"repos:\n  - repo: local\n    hooks:\n      - {hook}\n"


def _lefthook_config(scripts: Path) -> str:
    lines = ["output: [failure]", "pre-commit:", "  parallel: true", "  commands:"]
    for name, (script, kind) in CHECKS.items():
        lines += [f"    {name}:", f"      run: {scripts / script} {ARGUMENTS.get(name, '')} {{staged_files}}"]
        lines += [f'      glob: "{GLOBS[kind]}"'] if kind in GLOBS else []
    return "\n".join(lines) + "\n"
