"""Git hooks: a commit of one file, and a run over all files, beside pre-commit, prek and lefthook.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/hooks.py [FILES ...]`.
All of them make the same six checks, devkit some more; before a clock runs, each has to refuse each of six faults.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hook_runners import Runner, make_runners
from measure import Contender, bare_python, environment, install_peers, measure, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIZES = (2000, 20000)
FOLDER = 100
FAULTS = {
    "trailing white space": ("a.txt", b"a \n"),
    "no final newline": ("b.txt", b"b"),
    "a merge marker": ("c.txt", b"<<<<<<< HEAD\n\n=======\n\n>>>>>>> other\n"),
    "a large file": ("d.txt", b"d" * 79 + b"\n" + b"0123456789abcde\n" * 40000),
    "YAML that is none": ("e.yaml", b"e: [\n"),
    "TOML that is none": ("f.toml", b"f =\n"),
}
STAGED = {"one file": ("folder-0/file-3.txt",), "YAML and TOML too": ("file.txt", "file.yaml", "file.toml")}
TEXT = "".join(f"line {number} of a file that has some lines, as files do\n" for number in range(30))
CONTENTS = {
    ".yaml": "name: a\nlist: [1, 2, 3]\nmap:\n  key: value\n",
    ".toml": '[table]\nname = "a"\nlist = [1, 2]\n',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A work tree with many files, all committed and packed."""

    root: Path

    def git(self, *words: str) -> None:
        """Run git."""
        subprocess.run(["git", *words], cwd=self.root, env=variables(), check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Print the two tables for each size."""
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        scripts = install_peers(work / "peers", ["pre-commit", "prek", "pre-commit-hooks", "lefthook"])
        for size in sizes:
            repository = make_repository(work / f"files-{size}", size)
            runners = make_runners(repository.root, work / f"hooks-{size}", scripts, variables())
            agree(repository, runners)
            commits(repository, runners, size)
            everything(repository, runners, size)
            shutil.rmtree(repository.root)


def commits(repository: Repository, runners: list[Runner], size: int) -> None:
    """Print what a commit takes."""
    for title, names in STAGED.items():
        plain = Runner(name="no hooks", hooks=repository.root / ".git" / "no-hooks", run=("git", "status"))
        contenders = [commit(repository, each, names) for each in (plain, *runners)]
        found = measure([bare_python(), *contenders])
        table(f"commit of {title}, {size:,} files", found, "prek, built-in")


def commit(repository: Repository, runner: Runner, names: tuple[str, ...]) -> Contender:
    """Return a commit with the hook of a runner; what is committed is changed and staged outside of the clock."""
    turns = itertools.count()

    def prepare() -> Path:
        turn = f"{runner.name} {next(turns)}"
        for name in names:
            text = CONTENTS.get(Path(name).suffix, TEXT)
            (repository.root / name).write_text(f"# {turn}\n{text}", "utf-8")
        repository.git("add", *names)
        return repository.root

    return Contender(name=runner.name, argv=committing(runner), prepare=prepare, env=variables(runner.env))


def committing(runner: Runner) -> list[str]:
    """Return the command of a commit."""
    return ["git", "-c", f"core.hooksPath={runner.hooks}", "commit", "-q", "--allow-empty", "-m", "a commit"]


def everything(repository: Repository, runners: list[Runner], size: int) -> None:
    """Print what a run over all files takes, with what is kept by blob and without it."""
    kept = repository.root / ".git" / "devkit"

    def warm() -> Path:
        return repository.root

    def cold() -> Path:
        shutil.rmtree(kept, ignore_errors=True)
        return repository.root

    def contender(runner: Runner, prepare: Callable[[], Path]) -> Contender:
        return Contender(name=runner.name, argv=runner.run, prepare=prepare, env=variables(runner.env))

    own = next(each for each in runners if each.name == "devkit-hygiene")
    status = Runner(name="git status", hooks=kept, run=("git", "status"))
    found = measure(
        [
            *(contender(each, warm) for each in (status, *runners)),
            contender(replace(own, name="devkit-hygiene, nothing kept"), cold),
        ]
    )
    table(f"all of {size:,} files", found, "prek, built-in")


def agree(repository: Repository, runners: list[Runner]) -> None:
    """Fail unless every runner lets a clean commit pass and refuses each fault, in a commit and among all files."""
    for runner in runners:
        env = environment(variables(runner.env))
        subprocess.run(committing(runner), cwd=repository.root, env=env, check=True, capture_output=True)
        for fault, (name, data) in FAULTS.items():
            for argv in (committing(runner), list(runner.run)):
                (repository.root / name).write_bytes(data)
                repository.git("add", name)
                done = subprocess.run(argv, cwd=repository.root, env=env, check=False, capture_output=True, text=True)
                if done.returncode == 0:
                    sys.exit(f"{runner.name} does not find {fault}: {argv}\n{done.stdout}{done.stderr}")
                repository.git("rm", "-qf", name)
    print(f"all {len(runners)} refuse all {len(FAULTS)} faults")


def make_repository(root: Path, size: int) -> Repository:
    """Return a repository with so many files, a few of them YAML and TOML, all in one packed commit."""
    for number in range(size - 3):
        folder = root / f"folder-{number // FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        suffix = {1: ".yaml", 2: ".toml"}.get(number % FOLDER, ".txt")
        (folder / f"file-{number}{suffix}").write_text(f"# {number}\n{CONTENTS.get(suffix, TEXT)}", "utf-8")
    for suffix in (".txt", *CONTENTS):
        (root / f"file{suffix}").write_text(CONTENTS.get(suffix, TEXT), "utf-8")
    repository = Repository(root=root)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"], ["repack", "-adq"]):
        repository.git(*words)
    return repository


def variables(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which git finds an author and no settings of this machine."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        own |= {f"GIT_{role}_NAME": "Bench", f"GIT_{role}_EMAIL": "bench@example.org"}
    return environment({**own, **(more or {})})


if __name__ == "__main__":
    main()
