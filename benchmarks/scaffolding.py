"""Scaffolding the same template of 40 and of 1,000 small files with devkit and with peers.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/scaffolding.py`.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import PAIRS, Contender, install_peers, measure, own_script, settled, table

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (40, 1000)
FEW_PAIRS = 5
NUMBERS = itertools.count()
IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Bench"), ("EMAIL", "bench@example.com"))
}
TEXT = "# {{ cookiecutter.project_name }}\nNUMBER = %d\nNAME = '{{ cookiecutter.project_slug }}'\n"


def main() -> None:
    """Print the tables of scaffolding."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        scripts = install_peers(work / "peers", ["cookiecutter", "copier"])
        for size in SIZES:
            template = cookiecutter_template(work / f"template-{size}", size)
            copier = copier_template(work / f"copier-{size}", size)
            own = own_contenders(work, template)
            for contender in own:
                settled(contender)
            found = measure([*peers(work, scripts, template, copier), *own], PAIRS if size < 1000 else FEW_PAIRS)
            table(f"{size} files", found, "cookiecutter")


def peers(work: Path, scripts: Path, template: Path, copier: Path) -> list[Contender]:
    """Return the peers' commands that make the project in a fresh folder."""
    fresh = fresh_folders(work)
    bare = [str(scripts / "cookiecutter"), "--no-input", str(template)]
    copy = [str(scripts / "copier"), "copy", "--defaults", "--quiet", str(copier), "shop"]
    return [
        Contender(name="cookiecutter", argv=bare, prepare=fresh),
        Contender(name="copier", argv=copy, prepare=fresh),
    ]


def own_contenders(work: Path, template: Path) -> list[Contender]:
    """Return devkit's commands that make the same project; the cold one has never seen the template's texts."""
    init = [own_script(), "init", "shop", "--template", str(template), "--defaults", "--no-env"]
    warm, cold = ({**IDENTITY, "XDG_CACHE_HOME": str(work / name)} for name in ("warm", "cold"))
    fresh = fresh_folders(work)
    return [
        Contender(name="devkit, warm", argv=[*init, "--no-git"], prepare=fresh, env=warm),
        Contender(name="devkit, cold", argv=[*init, "--no-git"], prepare=emptied(work / "cold", fresh), env=cold),
        Contender(name="devkit, warm, with git", argv=init, prepare=fresh, env=warm),
    ]


def fresh_folders(work: Path) -> Callable[[], Path]:
    """Return a function that gives a new empty folder each time; deleting old ones would disturb the clock."""

    def make() -> Path:
        folder = work / "runs" / str(next(NUMBERS))
        folder.mkdir(parents=True)
        return folder

    return make


def emptied(cache: Path, fresh: Callable[[], Path]) -> Callable[[], Path]:
    """Return a function like `fresh` that also takes the compiled templates away."""

    def make() -> Path:
        for pack in cache.rglob("*.pack"):
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


if __name__ == "__main__":
    main()
