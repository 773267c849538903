from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from devkit_env.node import install, lock

from devkit.api import DEPENDENCIES_MISSING, TOOL_MISSING, DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from devkit.api import Evidence, Figure

REQUIREMENTS = {"dependencies": {"fastify": "^5.12.0"}, "devDependencies": {"vitest": "^4.1.0"}}
NPM = "/usr/bin/npm"
QUIET = ["--no-audit", "--no-fund", "--no-update-notifier"]


@dataclass
class Context:
    """A task context with an npm that locks and installs what it is told to, and remembers it."""

    root: Path
    tools: tuple[str, ...] = ("npm",)
    offline: bool = False
    code: int = 0
    node: str = "v20.1.0\n"
    ran: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    arguments: tuple[str, ...] = ()

    def record(self, name: str, value: Figure) -> None:
        raise NotImplementedError

    def run(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str = ".") -> int:  # noqa: ARG002
        self.ran.append(list(argv))
        if self.code == 0:
            manifest = json.loads((self.root / "package.json").read_text())
            if "--package-lock-only" in argv:
                write(self.root, "package-lock.json", {"packages": {"": manifest}})
            else:
                (self.root / "node_modules").mkdir(exist_ok=True)
        return self.code

    def follow(
        self,
        argv: Sequence[str],
        hear: Callable[[str, str], None],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str = ".",
    ) -> int:
        raise NotImplementedError

    def pause(self, seconds: float) -> None:
        raise NotImplementedError

    def capture(
        self,
        argv: Sequence[str],  # noqa: ARG002 - only Node's version is asked for
        *,
        env: Mapping[str, str] | None = None,  # noqa: ARG002
        cwd: str = ".",  # noqa: ARG002
    ) -> tuple[int, str, str]:
        return 0, self.node, ""

    def which(self, tool: str) -> str | None:
        return f"/usr/bin/{tool}" if tool in self.tools else None

    def say(self, line: str) -> None:
        self.said.append(line)

    def up_to_date(self, reason: str) -> None:
        self.said.append(reason)

    def rest_on(self, evidence: Evidence) -> None:
        raise NotImplementedError


def write(folder: Path, name: str, document: Mapping[str, object]) -> None:
    (folder / name).write_text(json.dumps(document))


def project(folder: Path, manifest: Mapping[str, object] = {}, *, offline: bool = False, code: int = 0) -> Context:
    write(folder, "package.json", {"name": "shop", **REQUIREMENTS, **manifest})
    return Context(folder, offline=offline, code=code)


def locked(folder: Path, manifest: Mapping[str, object] = {}) -> Context:
    """Return the context of a project that has been locked, with nothing remembered."""
    context = project(folder, manifest)
    lock(context)
    context.ran.clear()
    return context


def test_npm_locks_without_running_code_of_packages(tmp_path: Path) -> None:
    context = project(tmp_path)
    lock(context)

    assert context.ran == [[NPM, "install", "--package-lock-only", "--ignore-scripts", *QUIET]]


def test_a_current_lock_is_not_made_again(tmp_path: Path) -> None:
    context = locked(tmp_path)
    lock(context)

    assert context.ran == []
    assert context.said == ["package-lock.json is current"]


@pytest.mark.parametrize(
    "change",
    [
        {"dependencies": {"fastify": "^6.0.0"}},
        {"dependencies": {}},
        {"devDependencies": {"vitest": "^4.1.0", "eslint": "^10.0.0"}},
        {"optionalDependencies": {"fsevents": "^2.0.0"}},
    ],
)
def test_a_changed_requirement_is_locked(tmp_path: Path, change: dict[str, object]) -> None:
    locked(tmp_path)
    context = project(tmp_path, change)
    lock(context)

    assert len(context.ran) == 1


def test_a_changed_script_is_no_reason_to_lock(tmp_path: Path) -> None:
    locked(tmp_path)
    context = project(tmp_path, {"scripts": {"test": "vitest"}, "version": "2.0.0"})
    lock(context)

    assert context.ran == []


def test_what_a_lock_does_not_repeat_is_left_to_npm(tmp_path: Path) -> None:
    context = locked(tmp_path, {"overrides": {"cookie": "^1.0.0"}})
    lock(context)

    assert len(context.ran) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"packages": []}', '{"packages": {"": 1}}', "[" * 100_000])
def test_a_lock_that_cannot_be_read_is_left_to_npm(tmp_path: Path, text: str) -> None:
    context = project(tmp_path)
    (tmp_path / "package-lock.json").write_text(text)
    lock(context)

    assert len(context.ran) == 1


def test_a_shrinkwrap_is_a_lock(tmp_path: Path) -> None:
    context = project(tmp_path)
    write(tmp_path, "npm-shrinkwrap.json", {"packages": {"": REQUIREMENTS}})
    lock(context)
    install(context)

    assert context.said == ["npm-shrinkwrap.json is current"]
    assert context.ran == [[NPM, "ci", *QUIET]]


def test_what_is_locked_is_installed(tmp_path: Path) -> None:
    context = locked(tmp_path)
    install(context)

    assert context.ran == [[NPM, "ci", *QUIET]]


def test_installing_twice_installs_once(tmp_path: Path) -> None:
    context = locked(tmp_path)
    for _ in range(2):
        install(context)

    assert len(context.ran) == 1
    assert context.said == ["dependencies are current"]


def test_another_lock_is_installed(tmp_path: Path) -> None:
    context = locked(tmp_path)
    install(context)
    write(tmp_path, "package-lock.json", {"packages": {}})
    install(context)

    assert len(context.ran) == 2


def test_another_node_installs_again(tmp_path: Path) -> None:
    context = locked(tmp_path)
    install(context)
    context.node = "v22.1.0\n"
    install(context)

    assert len(context.ran) == 2


def test_modules_that_were_taken_away_are_installed_again(tmp_path: Path) -> None:
    context = locked(tmp_path)
    install(context)
    (tmp_path / "node_modules" / ".devkit-installed").unlink()
    install(context)

    assert len(context.ran) == 2


def test_an_installation_that_failed_is_tried_again(tmp_path: Path) -> None:
    context = locked(tmp_path)
    context.code = 1
    for _ in range(2):
        with pytest.raises(DevkitError):
            install(context)

    assert len(context.ran) == 2


def test_without_a_lock_npm_chooses(tmp_path: Path) -> None:
    context = project(tmp_path)
    for _ in range(2):
        install(context)

    assert context.ran == [[NPM, "install", *QUIET]] * 2


def test_offline_tells_npm(tmp_path: Path) -> None:
    context = project(tmp_path, offline=True)
    lock(context)
    install(context)

    assert [words[-1] for words in context.ran] == ["--offline", "--offline"]


@pytest.mark.parametrize("task", [lock, install])
def test_without_npm_the_way_to_get_it_is_named(tmp_path: Path, task: Callable[[Context], None]) -> None:
    context = project(tmp_path)
    context.tools = ()
    with pytest.raises(DevkitError, match="`npm` is not on PATH") as caught:
        task(context)

    assert (caught.value.kind, caught.value.exit) == (TOOL_MISSING, 69)
    assert "https://nodejs.org" in caught.value.help


@pytest.mark.parametrize("task", [lock, install])
def test_dependencies_that_cannot_be_had_say_how_to_go_on(tmp_path: Path, task: Callable[[Context], None]) -> None:
    with pytest.raises(DevkitError) as caught:
        task(project(tmp_path, code=1))

    assert (caught.value.kind, caught.value.exit) == (DEPENDENCIES_MISSING, 69)
    assert "devkit run env" in caught.value.help
