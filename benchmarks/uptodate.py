"""Nothing to do: a task with 2,000 and 20,000 unchanged inputs, beside git, make, go-task, doit and turbo.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/uptodate.py`. turbo comes
from the npm registry, where npm is installed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Contender, bare_python, environment, install_peers, measure, own_script, settled, table

FOLDER = 100
"""Files in each folder."""
DEVKIT = '[tasks.check]\nrun = ["true"]\ninputs = ["src/**"]\n'
MAKE = "check: $(shell find src -type f)\n\ttouch check\n"
TASKFILE = """\
version: "3"
tasks:
  times:
    sources: ["src/**/*"]
    generates: [made]
    method: timestamp
    cmds: ["touch made"]
  sums:
    sources: ["src/**/*"]
    method: checksum
    cmds: ["true"]
"""
DODO = """\
from pathlib import Path


def task_check():
    return {"actions": ["true"], "file_dep": [str(path) for path in Path("src").rglob("*.py")]}
"""
PACKAGE = {
    "name": "bench",
    "version": "1.0.0",
    "packageManager": "npm@10.0.0",
    "scripts": {"check": "true"},
}
TURBO = {"tasks": {"check": {"inputs": ["src/**"]}}}
IGNORED = ".devkit/\n.task/\n.turbo/\nnode_modules/\n.doit.db*\ncheck\nmade\n"


def main() -> None:
    """Print one table for each number of files."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        scripts = install_peers(work / "peers", ["doit", "go-task-bin"])
        turbo = install_turbo(work / "npm")
        for count in (2_000, 20_000):
            tree = make_tree(work / str(count), count)
            contenders = all_contenders(tree, scripts, turbo)
            for contender in contenders:
                settled(contender)
            table(f"{count:,} inputs", measure([bare_python(), *contenders]), "git status")


def all_contenders(tree: Path, scripts: Path, turbo: Path | None) -> list[Contender]:
    """Return every program that can say that a task is up to date, each with its own description of the same task."""
    here = {"prepare": lambda: tree}
    found = [
        Contender(name="git status", argv=["git", "status", "--short"], **here),
        Contender(name="devkit run check", argv=[own_script(), "run", "check"], **here),
        Contender(name="devkit run check -q", argv=[own_script(), "run", "check", "-q"], **here),
        Contender(name="make -r", argv=["make", "-r", "check"], **here),
        Contender(name="go-task, time stamps", argv=[str(scripts / "task"), "times"], **here),
        Contender(name="go-task, checksums", argv=[str(scripts / "task"), "sums"], **here),
        Contender(name="doit", argv=[str(scripts / "doit"), "check"], **here),
    ]
    if turbo is not None:
        words = [str(turbo), "run", "check", "--no-daemon", "--output-logs=none"]
        found.append(Contender(name="turbo", argv=words, env={"TURBO_TELEMETRY_DISABLED": "1"}, **here))
    return found


def make_tree(root: Path, count: int) -> Path:
    """Return a committed project of so many small files."""
    for number in range(count):
        path = root / "src" / f"part{number // FOLDER}" / f"file{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"value = {number}\n" * 20, "utf-8")
    texts = {
        "devkit.toml": DEVKIT,
        "Makefile": MAKE,
        "Taskfile.yml": TASKFILE,
        "dodo.py": DODO,
        ".gitignore": IGNORED,
    }
    texts |= {"package.json": json.dumps(PACKAGE), "turbo.json": json.dumps(TURBO)}
    for name, text in texts.items():
        (root / name).write_text(text, "utf-8")
    lock = {"name": "bench", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "bench"}}}
    (root / "package-lock.json").write_text(json.dumps(lock), "utf-8")
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "Begin"], ["status"]):
        subprocess.run(["git", *words], cwd=root, check=True, env=environment(), stdout=subprocess.DEVNULL)
    return root


def install_turbo(folder: Path) -> Path | None:
    """Return turbo from the npm registry, `None` where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not on PATH, so turbo is left out", file=sys.stderr)
        return None
    folder.mkdir()
    subprocess.run([npm, "install", "--silent", "--prefix", str(folder), "turbo"], check=True, env=environment())
    return folder / "node_modules" / ".bin" / "turbo"


if __name__ == "__main__":
    main()
