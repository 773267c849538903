"""Start-up: version, help and warm reading commands, with 0 and with 200 plugins, beside peers.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/startup.py`.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Contender, bare_python, environment, install_peers, measure, own_script, ratio, settled, table

if TYPE_CHECKING:
    from collections.abc import Iterator

PEERS = {"pre-commit": "--version", "cookiecutter": "--version", "copier": "--version", "tox": "--version"}
PLUGIN = """\
from devkit.api import Stage, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="many{number}", summary="One of many.", after=("env",))]
"""
EMPTY = "devkit_empty_main"
LAUNCHER = """\
#!{python}
import sys
from {module} import main
if __name__ == "__main__":
    sys.exit(main())
"""


def main() -> None:
    """Print the table of start-up."""
    with tempfile.TemporaryDirectory() as folder, empty_main():
        work = Path(folder)
        plugins = many_plugins(work / "site", 200)
        peers = installed_peers(work)
        own = own_contenders(make_launchers(work), make_project(work), plugins, work)
        for contender in own:
            settled(contender)
        found = measure([bare_python(), *own, *peers])
        table("start-up", found, "python -I -S -c pass")
        print(f"\n{'':40} {'median':>10} {'least':>10} {'processor':>10}")
        for word in ("--version", "--help"):
            print(f"{f'{word} / empty main':<40} {ratio(found, f'devkit {word}', 'empty main')}")
            many = ratio(found, f"devkit {word}, 200 plugins", f"devkit {word}")
            print(f"{f'{word}, 200 plugins / none':<40} {many}")


def own_contenders(launchers: dict[str, Path], project: Path, plugins: Path, work: Path) -> list[Contender]:
    """Return devkit's own commands; those with many plugins have a cache of their own."""
    (work / "nothing").mkdir()
    few = {"XDG_CACHE_HOME": str(work / "cache-0"), "PYTHONPATH": str(work / "nothing")}
    many = {"XDG_CACHE_HOME": str(work / "cache-200"), "PYTHONPATH": str(plugins)}
    devkit = str(launchers["devkit"])
    words = {
        "status, warm": ["status"],
        "apply --check, warm": ["apply", "--check"],
        "config show, warm": ["config", "show"],
        "apply, nothing to do": ["apply"],
    }
    commands = {name: ["-C", str(project), *own] for name, own in reversed(words.items())}
    return [
        Contender(name="empty main", argv=[str(launchers["empty"])], env=few),
        *(Contender(name=f"devkit {word}", argv=[devkit, word], env=few) for word in ("--version", "--help")),
        *(
            Contender(name=f"devkit {word}, 200 plugins", argv=[devkit, word], env=many)
            for word in ("--version", "--help")
        ),
        *(Contender(name=f"devkit {name}", argv=[devkit, *own], env=few) for name, own in commands.items()),
    ]


def installed_peers(work: Path) -> list[Contender]:
    """Return peers, installed from the package index into an environment of their own."""
    scripts = install_peers(work / "peers", list(PEERS))
    return [Contender(name=f"{name} {word}", argv=[str(scripts / name), word]) for name, word in PEERS.items()]


@contextmanager
def empty_main() -> Iterator[None]:
    """Put a module with a main function that does nothing where devkit's is, for the block."""
    module = Path(sysconfig.get_paths()["purelib"], f"{EMPTY}.py")
    module.write_text("def main():\n    return 0\n", "utf-8")
    try:
        yield
    finally:
        module.unlink()


def make_launchers(work: Path) -> dict[str, Path]:
    """Return two scripts of the same form: one starts devkit, one an empty main."""
    found = {}
    for name, module in {"devkit": "devkit.cli.launch", "empty": EMPTY}.items():
        found[name] = work / name
        found[name].write_text(LAUNCHER.format(python=sys.executable, module=module), "utf-8")
        found[name].chmod(0o755)
    return found


def make_project(work: Path) -> Path:
    """Return a project made from the default template, without an environment or a repository."""
    init = [own_script(), "-C", str(work), "init", "shop", "--defaults", "--no-env", "--no-git"]
    subprocess.run(init, check=True, env=environment(), stdout=subprocess.DEVNULL)
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
