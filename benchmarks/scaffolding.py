"""Scaffolding the same template of 40 and of 1,000 small files with devkit and with peers.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/scaffolding.py`.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Contender, environment, measure, table

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (40, 1000)
TEXT = "# {{ cookiecutter.project_name }}\nNUMBER = %d\nNAME = '{{ cookiecutter.project_slug }}'\n"


def main() -> None:
    """Print the tables of scaffolding."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        scripts = install_peers(work / "peers")
        for size in SIZES:
            template = cookiecutter_template(work / f"template-{size}", size)
            copier = copier_template(work / f"copier-{size}", size)
            pairs = 9 if size < 1000 else 5
            medians = measure(contenders(work, scripts, template, copier), pairs)
            table(f"{size} files", medians, "cookiecutter")


def contenders(work: Path, scripts: Path, template: Path, copier: Path) -> list[Contender]:
    """Return one command each that makes the same project in a fresh folder."""
    devkit = [sys.executable, "-m", "devkit", "init", "shop", "--template", str(template), "--defaults", "--no-env"]
    cold = {"XDG_CACHE_HOME": str(work / "never")}
    bare = [str(scripts / "cookiecutter"), "--no-input", str(template)]
    fresh = fresh_folders(work)
    return [
        Contender(name="cookiecutter", argv=bare, prepare=fresh),
        Contender(
            name="copier", argv=[str(scripts / "copier"), "copy", "--defaults", str(copier), "shop"], prepare=fresh
        ),
        Contender(name="devkit, warm, no git", argv=[*devkit, "--no-git"], prepare=fresh),
        Contender(name="devkit, warm, with git", argv=devkit, prepare=fresh),
        Contender(
            name="devkit, cold, no git", argv=[*devkit, "--no-git"], prepare=emptied(work / "never", fresh), env=cold
        ),
    ]


def fresh_folders(work: Path) -> Callable[[], Path]:
    """Return a function that gives a new empty folder each time; deleting old ones would disturb the clock."""
    numbers = itertools.count()

    def make() -> Path:
        folder = work / "runs" / str(next(numbers))
        folder.mkdir(parents=True)
        return folder

    return make


def emptied(cache: Path, fresh: Callable[[], Path]) -> Callable[[], Path]:
    """Return a function like `fresh` that also takes the compiled templates away."""

    def make() -> Path:
        for pack in cache.rglob("*"):
            if pack.is_file() and "templates" in str(pack):
                pack.unlink()
        return fresh()

    return make


def cookiecutter_template(folder: Path, size: int) -> Path:
    """Return a cookiecutter template of `size` files."""
    folder.mkdir()
    (folder / "cookiecutter.json").write_text(json.dumps({"project_name": "shop", "project_slug": "shop"}), "utf-8")
    write_files(folder / "{{cookiecutter.project_slug}}", size, TEXT)
    return folder


def copier_template(folder: Path, size: int) -> Path:
    """Return the same template in copier's form."""
    folder.mkdir()
    questions = "project_name:\n  type: str\n  default: shop\nproject_slug:\n  type: str\n  default: shop\n"
    (folder / "copier.yml").write_text(f"{questions}_subdirectory: project\n", "utf-8")
    write_files(folder / "project", size, TEXT.replace("cookiecutter.", ""), ending=".jinja")
    return folder


def write_files(folder: Path, size: int, text: str, ending: str = "") -> None:
    """Write `size` files of a few lines, twenty a folder."""
    for number in range(size):
        target = folder / f"part{number // 20}" / f"file{number}.py{ending}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text % number, "utf-8")


def install_peers(folder: Path) -> Path:
    """Install the peers from the package index; return where their scripts are."""
    venv.create(folder, with_pip=True)
    subprocess.run(
        [folder / "bin" / "pip", "install", "--quiet", "cookiecutter", "copier"], check=True, env=environment()
    )
    return folder / "bin"


if __name__ == "__main__":
    main()
