"""Virtual environments of the tests' own, and commands that run in them as a stranger would run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPOSITORY = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13")
_PASSED = re.compile(r"PATH$|TMPDIR$|LANG$|LC_|PIP_|UV_|(?i:https?_proxy|no_proxy)$|SSL_CERT_|CURL_CA_|REQUESTS_CA_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that ended: its exit code and what it printed."""

    code: int
    stdout: str
    stderr: str

    def passed(self) -> Ended:
        """Return this, which has to have succeeded."""
        assert self.code == 0, f"exit {self.code}\n{self.stdout}{self.stderr}"
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment, and the variables that its commands are given."""

    folder: Path
    variables: Mapping[str, str]

    def script(self, name: str) -> str:
        """Return the path of a command in this environment."""
        return str(self.folder / "bin" / name)

    def run(self, *argv: str | Path, cwd: Path) -> Ended:
        """Run a command without a terminal, its first word a script of this environment or a path."""
        program = str(argv[0]) if os.sep in str(argv[0]) else self.script(str(argv[0]))
        return run([program, *argv[1:]], cwd=cwd, variables=self.variables)

    def pip(self, *words: str | Path) -> None:
        """Run pip, which has to succeed."""
        self.run("python", "-m", "pip", "--disable-pip-version-check", *words, cwd=self.folder).passed()

    def devkit(self, *words: str | Path, cwd: Path) -> Ended:
        """Run devkit."""
        return self.run("devkit", *words, cwd=cwd)

    def having(self, **variables: str) -> Environment:
        """Return this environment with other variables."""
        return replace(self, variables={**self.variables, **variables})


def run(argv: Sequence[str | Path], *, cwd: Path, variables: Mapping[str, str]) -> Ended:
    """Run a command without a terminal, in a session of its own, and return how it ended."""
    done = subprocess.run(
        [str(word) for word in argv],
        cwd=cwd,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    return Ended(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


def make_environment(folder: Path, home: Path, python: str = sys.executable) -> Environment:
    """Return a new virtual environment of an interpreter."""
    environment = Environment(folder=folder, variables=variables_of_a_stranger(home))
    run([python, "-m", "venv", folder], cwd=home, variables=environment.variables).passed()
    return environment


def variables_of_a_stranger(home: Path) -> dict[str, str]:
    """Return the variables of somebody with another home, who reaches the package index as this process does."""
    variables = {name: value for name, value in os.environ.items() if _PASSED.match(name)}
    variables["PATH"] = _without_environment(os.environ.get("PATH", os.defpath))
    variables |= {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
    return _pip_and_uv_settings() | variables


def make_home(folder: Path) -> Path:
    """Return a home in which git knows who commits."""
    text = "[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
    (folder / ".gitconfig").write_text(text, "utf-8")
    return folder


def path_without(tool: str, path: str, folder: Path) -> str:
    """Return a search path on which a tool is not found, but git is; `folder` is for a link to it."""
    git = shutil.which("git", path=path)
    assert git is not None
    folder.mkdir()
    (folder / "git").symlink_to(git)
    others = [entry for entry in path.split(os.pathsep) if not shutil.which(tool, path=entry)]
    return os.pathsep.join([str(folder), *others])


def interpreters() -> dict[str, str]:
    """Return the interpreters on this machine by version: this one, those on PATH, and those of pyenv."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = {version: _interpreter(version) for version in VERSIONS}
    return {version: path for version, path in (found | {here: sys.executable}).items() if path}


def _interpreter(version: str) -> str | None:
    found = shutil.which(f"python{version}")
    if found is None or Path(found).parent.name != "shims":
        return found
    versions = Path(found).parents[1] / "versions"  # a shim refuses a version that is not switched on
    installed = versions.glob(f"{version}.*/bin/python{version}")
    return next((str(path) for path in sorted(installed)), None)


def _without_environment(path: str) -> str:
    """Return a search path without the environment that the tests run in, as if it had not been activated."""
    own = str(Path(sys.prefix, "bin"))
    return os.pathsep.join(entry for entry in path.split(os.pathsep) if entry != own)


def _pip_and_uv_settings() -> dict[str, str]:
    """Return variables for what pip and uv would find in the user's own home: settings, and caches to be quick."""
    home = Path.home()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    settings = {"PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv")}
    for name, path in {"PIP_CONFIG_FILE": "pip/pip.conf", "UV_CONFIG_FILE": "uv/uv.toml"}.items():
        file = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", path)
        if file.is_file():
            settings[name] = str(file)
    return settings
