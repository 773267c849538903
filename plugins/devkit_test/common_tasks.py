"""Tasks of a project in any language: k6 and Semgrep, where the project has a script or rules for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit.api import Call, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from devkit.api import Tree, Value
    from devkit_test.settings import TestSettings

_SCRIPTS = tuple(f"{folder}/*.{suffix}" for folder in ("tests/load", "test/load", "load") for suffix in ("js", "ts"))
_IMPORTS_K6 = re.compile(r"""(?:from|require\()\s*["']k6["'/]""")
_RULES = (".semgrep.yml", ".semgrep.yaml", ".semgrep/*.yml", ".semgrep/*.yaml")


def common_tasks(tree: Tree, settings: TestSettings, taken: Collection[str]) -> Iterator[Task]:
    """Return the tasks that a project's files call for and that are not `taken`: names such as `test:load`."""
    script = "" if "test:load" in taken else _k6_script(tree)
    if script:
        arguments: dict[str, Value] = {"script": script, "url": settings.load_url}
        yield Task(
            name="test:load",
            summary="Put the running application under load with k6.",
            action=Call(function="devkit_test.load:run_k6", arguments=arguments),
            accepts_arguments=True,
            is_manual=True,
        )
    if rules := [path for pattern in _RULES for path in tree.glob(pattern)]:
        configs = sorted({path.partition("/")[0] for path in rules})
        yield Task(
            name="test:semgrep",
            summary="Hold the code to the project's own Semgrep rules.",
            action=Call(function="devkit_test.semgrep:scan", arguments={"configs": list(configs)}),
            needs=("env:install?",),
            accepts_arguments=True,
        )


def _k6_script(tree: Tree) -> str:
    """Return the first script that imports from k6, or `""`: a folder `load` may hold anything."""
    scripts = (path for pattern in _SCRIPTS for path in tree.glob(pattern))
    return next((path for path in scripts if _IMPORTS_K6.search(tree.read_text(path) or "")), "")
