"""What `devkit test` adds to the bare runner: pytest with the same report and coverage, in a new library.

Run it with the interpreter of an environment that has devkit installed, where an index of packages can be reached:
`python benchmarks/testing.py`.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from measure import Contender, measure, own_script, run, settled, table

BARE = "pytest"
OWN = "devkit test --kind unit"


def main() -> None:
    """Print the table, and what is added in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        run([own_script(), "init", "shop", "--yes", "--template", "python-library"], Path(folder))
        project = Path(folder, "shop")
        report = Path(folder, "report")
        words = [".venv/bin/python", "-m", "pytest", f"--junitxml={report}.xml", "-o", "junit_family=xunit1"]
        words += ["--cov", f"--cov-report=xml:{report}-cov.xml", "--cov-report=term-missing:skip-covered"]
        contenders = [
            Contender(name=BARE, argv=words, prepare=lambda: project),
            Contender(name=OWN, argv=[own_script(), "test", "--kind", "unit"], prepare=lambda: project),
        ]
        for contender in contenders:
            settled(contender)
        found = measure(contenders)
        table("the tests of a new library", found, BARE)
        added = [statistics.median(found[OWN].wall) - statistics.median(found[BARE].wall)]
        added += [min(found[OWN].wall) - min(found[BARE].wall)]
        print(f"added: {added[0] * 1000:.0f} ms by median, {added[1] * 1000:.0f} ms at least")


if __name__ == "__main__":
    main()
