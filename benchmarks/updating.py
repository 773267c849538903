"""Updating a generated project after five files of its template changed, with devkit and with peers.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/updating.py`. The template
is a git repository, and so is the project, in which nothing was edited; every run works on a fresh copy of it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import PAIRS, Contender, environment, install_peers, measure, own_script, run, settled, table
from scaffolding import FEW_PAIRS, IDENTITY, SIZES, cookiecutter_template, copier_template, fresh_folders

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGED = 5
ANSWERS = "{{ _copier_conf.answers_file }}.jinja"


def main() -> None:
    """Print the tables of updating, and how devkit's own time grows with the files."""
    own = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        scripts = install_peers(work / "peers", ["copier", "cruft", "cookiecutter"])
        for size in SIZES:
            here = work / str(size)
            here.mkdir()
            found = measure(contenders(here, scripts, size), PAIRS if size < 1000 else FEW_PAIRS)
            table(f"{size} files, {CHANGED} of them changed in the template", found, "cruft update")
            own[size] = min(found["devkit update"].wall)
    small, large = (own[size] for size in SIZES)
    print(f"\ndevkit update: {large / small:.2f} times as long with {SIZES[1]:,} files as with {SIZES[0]}, at least")


def contenders(work: Path, scripts: Path, size: int) -> list[Contender]:
    """Return every program's update of its own project, made from the template before it changed."""
    templates = cookiecutter_template(work / "template", size), copier_template(work / "copier", size)
    (templates[1] / "project" / ANSWERS).write_text("{{ _copier_answers|to_nice_yaml }}\n", "utf-8")
    for template in templates:
        git(template, "init", "--quiet")
        commit(template, "v1.0.0")
    bare, plain = (f"file://{template}" for template in templates)
    cruft, copier = str(scripts / "cruft"), str(scripts / "copier")
    made = {
        "cruft update": [cruft, "create", "--no-input", bare],
        "copier update": [copier, "copy", "--defaults", "--quiet", f"git+{plain}", "shop"],
        "devkit update": [own_script(), "init", "shop", "--template", bare, "--defaults", "--no-env"],
    }
    projects = {name: project(work / f"of {name}", words) for name, words in made.items()}
    for template in templates:
        change(template)
        commit(template, "v2.0.0")
    updates = {
        "cruft update": [cruft, "update", "--skip-apply-ask"],
        "copier update": [copier, "update", "--defaults", "--quiet"],
        "devkit update": [own_script(), "update"],
    }
    found = [Contender(name=n, argv=updates[n], prepare=copies(work, projects[n]), env=IDENTITY) for n in updates]
    settled(found[-1])
    return found


def project(folder: Path, words: list[str]) -> Path:
    """Return the project that a command makes, committed."""
    folder.mkdir()
    run(words, folder, environment(IDENTITY))
    made = folder / "shop"
    if not (made / ".git").exists():
        git(made, "init", "--quiet")
        commit(made, "v1.0.0")
    return made


def change(template: Path) -> None:
    """Add a line to the first files of a template."""
    files = sorted(path for path in template.rglob("file*.py*") if ".git" not in path.parts)
    for path in files[:CHANGED]:
        path.write_text(f"{path.read_text('utf-8')}MORE = True\n", "utf-8")


def copies(work: Path, made: Path) -> Callable[[], Path]:
    """Return a function that gives a fresh copy of a project each time."""
    fresh = fresh_folders(work)

    def copy() -> Path:
        return Path(shutil.copytree(made, fresh() / "shop", symlinks=True))

    return copy


def commit(folder: Path, tag: str) -> None:
    """Commit all there is, and tag it."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", tag)
    git(folder, "tag", tag)


def git(folder: Path, *words: str) -> None:
    """Run git."""
    run(["git", *words], folder, environment(IDENTITY))


if __name__ == "__main__":
    main()
