"""One sweep over a random state: hooks that pass, that are interrupted in every way, and that change files."""

from __future__ import annotations

import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

from devkit_hooks.rescue import keeping, restoring
from devkit_hooks.rescue.git import Git

from tests.plugins.hooks.git_states import lost_bytes, make_state, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SIGNALS = ("INT", "TERM", "KILL")
RECEIVERS = ("group", "runner")
"""Whom the hook sends a signal: all processes, as a terminal does, or only what runs the hooks."""
HOOK = """\
#!/bin/sh
case "$SWEEP" in
*group) kill -"${SWEEP% group}" -- "-$(cat "$SWEEP_GROUP")" ;;
*runner) kill -"${SWEEP% runner}" "$PPID" ;;
fixer) for file; do [ ! -f "$file" ] || [ -L "$file" ] || printf 'fixed\\n' >> "$file"; done; exit 1 ;;
esac
exit 0
"""
CONFIG = """\
repos:
  - repo: local
    hooks:
      - {id: sweep, name: sweep, entry: %s, language: system, always_run: true, require_serial: true}
"""


class Sweep:
    """A folder to sweep in, and the runner of hooks."""

    def __init__(self, folder: Path, runner: Sequence[str], environ: Mapping[str, str]) -> None:
        self.root, self.runner = folder / "tree", runner
        self.hook, self.group = folder / "hook", folder / "group"
        self.hook.write_text(HOOK, "utf-8")
        self.hook.chmod(0o755)
        self.environ = {**environ, "SWEEP_GROUP": str(self.group), "GIT_CONFIG_NOSYSTEM": "1"}

    def over(self, seed: int) -> list[str]:
        """Return what was not as it should be for one state: after every ending it is the same again."""
        make_state(self.root, seed, CONFIG % self.hook)
        random = Random(seed)  # noqa: S311 - to be repeated
        wrong: list[str] = []
        before = state_of(self.root)
        for ending in ("pass", *(f"{signal} {random.choice(RECEIVERS)}" for signal in SIGNALS)):
            said = self._run(ending)
            lost = lost_bytes(self.root, before)
            self._bring_back(said)
            now = state_of(self.root)
            differing = [
                name for name in {*before.files, *now.files} if before.files.get(name) != now.files.get(name)
            ]
            wrong += [f"{seed} {ending}: {name!r} was lost" for name in lost]
            wrong += [f"{seed} {ending}: {name!r} is not as it was" for name in differing]
            wrong += [f"{seed} {ending}: the index has changed"] if now.index != before.index else []
            before = now
        self._run("fixer")
        wrong += [f"{seed} fixer: {name!r} was lost" for name in lost_bytes(self.root, before)]
        return wrong + ([f"{seed} fixer: the index has changed"] if state_of(self.root).index != before.index else [])

    def _run(self, ending: str) -> str:
        """Run the hooks to an ending; return what was said to the user."""
        words = [sys.executable, "-P", "-m", "devkit_hooks.rescue.guarding", *self.runner]
        script = f'echo $$ > "{self.group}"; exec "$@"'
        done = subprocess.run(
            ["/bin/sh", "-c", script, "sh", *words],
            cwd=self.root,
            env={**self.environ, "SWEEP": ending},
            capture_output=True,
            check=False,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        return done.stderr.decode("utf-8", "replace")

    def _bring_back(self, said: str) -> None:
        """Do what `devkit hooks rescue` does for a run that was killed or whose end named a rescue; then forget all.

        What was there when another one was put back is kept too, and is nothing to bring back.
        """
        git = Git(str(self.root), self.environ)
        assert git.find()
        names = keeping.names(git)
        for name in [each for each in names if keeping.is_marked(git, each) or f"apply {each}\n" in said][:1]:
            restoring.put_back(git, keeping.find(git, name))
        for name in keeping.names(git) if names else ():
            keeping.drop(git, name)
