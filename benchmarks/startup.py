"""Start-up: version, help and warm reading commands, with 0 and with 200 plugins, beside peers.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/startup.py`.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

from measure import Contender, bare_python, environment, measure, table

PEERS = {"pre-commit": "--version", "cookiecutter": "--version", "copier": "--version", "tox": "--version"}
PLUGIN = """\
from devkit.api import Stage, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="many{number}", summary="One of many.", after=("env",))]
"""
LAUNCHER = """\
#!{python}
import sys
from {module} import main
if __name__ == "__main__":
    sys.exit(main())
"""


def main() -> None:
    """Print the table of start-up."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        plugins = many_plugins(work / "site", 200)
        launchers = make_launchers(work)
        project = make_project(work)
        medians = measure([bare_python(), *own(launchers, project, plugins, work), *peers(work)])
        table("start-up", medians, "python -I -S -c pass")
        print(f"--help / empty main: {medians['devkit --help'] / medians['empty main']:.2f}")
        print(f"--version / empty main: {medians['devkit --version'] / medians['empty main']:.2f}")
        print(f"--help at 200 / at 0 plugins: {medians['devkit --help, 200 plugins'] / medians['devkit --help']:.2f}")


def own(launchers: dict[str, Path], project: Path, plugins: Path, work: Path) -> list[Contender]:
    """Return devkit's own commands, each with a cache of its own."""
    few = {"XDG_CACHE_HOME": str(work / "cache-0")}
    many = {"XDG_CACHE_HOME": str(work / "cache-200"), "PYTHONPATH": str(plugins)}
    devkit = str(launchers["devkit"])
    return [
        Contender(name="empty main", argv=[str(launchers["empty"])], env=few),
        Contender(name="devkit --version", argv=[devkit, "--version"], env=few),
        Contender(name="devkit --help", argv=[devkit, "--help"], env=few),
        Contender(name="devkit --version, 200 plugins", argv=[devkit, "--version"], env=many),
        Contender(name="devkit --help, 200 plugins", argv=[devkit, "--help"], env=many),
        Contender(name="devkit status, warm", argv=[devkit, "status"], prepare=lambda: project, env=few),
        Contender(
            name="devkit apply --check, warm", argv=[devkit, "apply", "--check"], prepare=lambda: project, env=few
        ),
        Contender(name="devkit apply, nothing to do", argv=[devkit, "apply"], prepare=lambda: project, env=few),
        Contender(name="devkit config show, warm", argv=[devkit, "config", "show"], prepare=lambda: project, env=few),
    ]


def peers(work: Path) -> list[Contender]:
    """Return peers, installed from the package index into an environment of their own."""
    environment_folder = work / "peers"
    venv.create(environment_folder, with_pip=True)
    scripts = environment_folder / "bin"
    subprocess.run([scripts / "pip", "install", "--quiet", *PEERS], check=True, env=environment())
    return [Contender(name=f"{name} {word}", argv=[str(scripts / name), word]) for name, word in PEERS.items()]


def make_launchers(work: Path) -> dict[str, Path]:
    """Return two scripts of the same form: one starts devkit, one an empty main."""
    (work / "devkit_empty_main.py").write_text("def main():\n    return 0\n", "utf-8")
    site = Path(sysconfig.get_paths()["purelib"]) / "devkit_empty_main.py"
    site.write_text("def main():\n    return 0\n", "utf-8")
    found = {}
    for name, module in {"devkit": "devkit.cli.launch", "empty": "devkit_empty_main"}.items():
        found[name] = work / name
        found[name].write_text(LAUNCHER.format(python=sys.executable, module=module), "utf-8")
        found[name].chmod(0o755)
    return found


def make_project(work: Path) -> Path:
    """Return a project made from the default template, without an environment."""
    devkit = [sys.executable, "-m", "devkit"]
    env = environment({"XDG_CACHE_HOME": str(work / "cache-0")})
    subprocess.run([*devkit, "-C", str(work), "init", "shop", "--defaults", "--no-env"], check=True, env=env)
    subprocess.run([*devkit, "-C", str(work / "shop"), "apply"], check=True, env=env)
    return work / "shop"


def many_plugins(site: Path, count: int) -> Path:
    """Return a folder of installed distributions, each with one plugin that declares one stage."""
    for number in range(count):
        name = f"devkit_many{number}"
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{name}.py").write_text(PLUGIN.format(number=number), "utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[devkit.plugins]\nmany{number} = {name}\n", "utf-8")
    return site


if __name__ == "__main__":
    main()
