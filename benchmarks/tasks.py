"""What it costs to start tasks: 1,000 that do nothing, beside xargs, make, go-task and doit, one and two at a time.

Run it with the interpreter of an environment that has devkit installed: `python benchmarks/tasks.py`. Every program
starts the same `/bin/true`, without a shell where it can do without one.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from measure import Contender, Times, install_peers, measure, own_script, settled, table

COUNT = 1_000
PAIRS = 3
PROGRAM = "/bin/true"


def main() -> None:
    """Print a table for one and one for two tasks at a time, then what devkit adds to each process."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        scripts = install_peers(work / "peers", ["doit", "go-task-bin"])
        many, one = make_project(work / "many", COUNT), make_project(work / "one", 1)
        found = {jobs: measured(many, one, scripts, jobs) for jobs in (1, 2)}
        for jobs, times in found.items():
            table(f"{COUNT:,} tasks that do nothing, {jobs} at a time", times, "go-task")
        for jobs, times in found.items():
            print(f"\n{jobs} at a time, above the bare process: {overhead(times):.2f} ms for each task")


def measured(many: Path, one: Path, scripts: Path, jobs: int) -> dict[str, Times]:
    """Return the times of all programs."""
    contenders = all_contenders(many, scripts, jobs)
    contenders.append(devkit("devkit, one task", one, jobs))
    for contender in contenders:
        if contender.name.startswith("devkit"):
            settled(contender)
    return measure(contenders, PAIRS)


def all_contenders(tree: Path, scripts: Path, jobs: int) -> list[Contender]:
    """Return every program that starts the same tasks, each with its own description of them."""
    here = {"prepare": lambda: tree}
    count = str(jobs)
    return [
        Contender(name="xargs", argv=["xargs", "-a", "numbers", "-n", "1", "-P", count, PROGRAM], **here),
        Contender(name="make -r", argv=["make", "-r", "-s", "-j", count, "all"], **here),
        Contender(name="go-task", argv=[str(scripts / "task"), "-s", "-C", count, "all"], **here),
        Contender(name="doit", argv=[str(scripts / "doit"), "-v", "0", *(["-n", count] if jobs > 1 else [])], **here),
        devkit("devkit", tree, jobs),
    ]


def devkit(name: str, tree: Path, jobs: int) -> Contender:
    """Return devkit's run of all tasks of a project."""
    return Contender(name=name, argv=[own_script(), "run", "project", "-q", "-j", str(jobs)], prepare=lambda: tree)


def overhead(times: dict[str, Times]) -> float:
    """Return what devkit takes for one more task, less what xargs takes for its process, in milliseconds."""
    wall = {name: statistics.median(each.wall) for name, each in times.items()}
    return 1000 * ((wall["devkit"] - wall["devkit, one task"]) / (COUNT - 1) - wall["xargs"] / COUNT)


def make_project(root: Path, count: int) -> Path:
    """Return a folder with so many tasks, as each program describes them."""
    root.mkdir()
    names = [f"t{number}" for number in range(count)]
    own = "".join(f'[tasks.{name}]\nrun = ["{PROGRAM}"]\n' for name in names)
    rules = "".join(f"{name}:\n\t{PROGRAM}\n" for name in names)
    tasks = "".join(f'  {name}: {{cmds: ["{PROGRAM}"]}}\n' for name in names)
    dodo = (
        f"def task_t():\n    for n in range({count}):\n        yield {{'name': str(n), 'actions': [['{PROGRAM}']]}}\n"
    )
    texts = {
        "devkit.toml": own,
        "Makefile": f".PHONY: all {' '.join(names)}\nall: {' '.join(names)}\n{rules}",
        "Taskfile.yml": f"version: '3'\ntasks:\n  all: {{deps: [{', '.join(names)}]}}\n{tasks}",
        "dodo.py": dodo,
        "numbers": "".join(f"{number}\n" for number in range(count)),
    }
    for name, text in texts.items():
        (root / name).write_text(text, "utf-8")
    return root


if __name__ == "__main__":
    main()
