"""What plugins see: a read-only tree, and a context of facts, settings and published values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from devkit.api.evidence import Evidence
    from devkit.api.keys import Fact, Key
    from devkit.api.tasks import Figure
    from devkit.api.values import Value

T = TypeVar("T")


class Tree(Protocol):
    """The project's files, read-only; every read is recorded, so that a plan knows what it depends on."""

    def read_text(self, path: str) -> str | None:
        """The text of a file; `None` when there is no such regular file or it is not UTF-8."""
        ...

    def exists(self, path: str) -> bool:
        """Whether a regular file is at `path`."""
        ...

    def glob(self, pattern: str) -> Sequence[str]:
        """The files that match a pattern such as `src/*/__init__.py` (`*` stays within a folder), sorted."""
        ...


class Context(Protocol):
    """What a lifecycle hook may know: all of it immutable."""

    @property
    def tree(self) -> Tree:
        """The project's files as they will be after rendering."""
        ...

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What was detected, by name, corrected by configuration."""
        ...

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers that the project's template was rendered with; empty without a template."""
        ...

    @property
    def stages(self) -> Sequence[str]:
        """The enabled stages in their order."""
        ...

    @property
    def mirrors(self) -> Mapping[str, str]:
        """The mirrors of indexes and registries, by the name of the original, such as `pypi.org` or `docker.io`."""
        ...

    def settings(self, settings_type: type[T]) -> T:
        """The settings that a plugin declared with this dataclass."""
        ...

    def get(self, key: Key[T]) -> T:
        """The published value; a missing one is an error that names the asking plugin."""
        ...

    def find(self, key: Key[T]) -> T | None:
        """The published value, or `None` when nobody published it."""
        ...

    def collect(self, key: Key[T]) -> Sequence[T]:
        """All values of a key with `many`, in stage order."""
        ...


def fact_text(context: Context, name: str) -> str:
    """Return a fact as text, empty where nothing is known of it."""
    fact = context.facts.get(name)
    return "" if fact is None else str(fact.value)


class TaskContext(Protocol):
    """What a `Call` gets when it runs: the project's root and the ways to act and to speak."""

    @property
    def root(self) -> Path:
        """The project's folder."""
        ...

    @property
    def offline(self) -> bool:
        """Whether the network may not be used."""
        ...

    @property
    def arguments(self) -> Sequence[str]:
        """The user's own arguments for the task, those after `--`; empty unless the task accepts some."""
        ...

    def record(self, name: str, value: Figure) -> None:
        """Remember a figure of this run of the task, such as a count or a digest; never a secret.

        What is no finite number is left out.
        """
        ...

    def run(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str = ".") -> int:
        """Run a program as part of the task, its output shown as the task's; return its exit code."""
        ...

    def capture(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str = "."
    ) -> tuple[int, str, str]:
        """Run a program and return `(exit code, stdout, stderr)` as text."""
        ...

    def follow(
        self,
        argv: Sequence[str],
        hear: Callable[[str, str], None],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str = ".",
    ) -> int:
        """Run a program whose lines `hear(stream, line)` takes as they come, of `"stdout"` and `"stderr"`."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait; when the run is stopped, the wait ends at once, and the task with it."""
        ...

    def which(self, tool: str) -> str | None:
        """The path of a program on PATH, or `None`; folders inside the project do not count."""
        ...

    def say(self, line: str) -> None:
        """Add a line to the task's output."""
        ...

    def up_to_date(self, reason: str) -> None:
        """Say that there was nothing to do, and why: the task then counts as skipped, not as done."""
        ...

    def rest_on(self, evidence: Evidence) -> None:
        """Say by what it can be told that the task has nothing to do: while all of that holds, it is not called.

        A task with `inputs` needs none of this. Without it, a task with neither is called in every run.
        """
        ...
