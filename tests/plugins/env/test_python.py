from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from devkit_env.python import install, lock

from devkit.api import DevkitError

PYPROJECT = """\
[project]
name = "shop"
version = "1"
requires-python = "{requires}"
dependencies = ["fastapi>=0.1"]

[dependency-groups]
dev = ["pytest", {{ include-group = "lint" }}]
lint = ["ruff"]
"""


@dataclass
class Context:
    """A task context whose programs succeed, write pip's report, and are remembered."""

    root: Path
    tools: tuple[str, ...] = ()
    offline: bool = False
    code: int = 0
    ran: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    chosen: list[dict[str, object]] = field(
        default_factory=lambda: [{"metadata": {"name": name, "version": "1.0"}} for name in ("pytest", "FastAPI")]
    )

    def run(self, argv: list[str], **_: object) -> int:
        self.ran.append(list(argv))
        if "--report" in argv:
            Path(argv[argv.index("--report") + 1]).write_text(json.dumps({"install": self.chosen}))
        if "venv" in argv:
            (self.root / ".venv" / "bin").mkdir(parents=True)
            (self.root / ".venv" / "bin" / "python").touch()
        return self.code

    def capture(self, argv: list[str], **_: object) -> tuple[int, str, str]:
        answer = argv[0].rpartition("python")[2]
        return 0, f"Python {answer}.1" if argv[1:] == ["--version"] else "pip 26", ""

    def which(self, tool: str) -> str | None:
        return f"/usr/bin/{tool}" if tool in self.tools else None

    def say(self, line: str) -> None:
        self.said.append(line)

    def up_to_date(self, reason: str) -> None:
        self.said.append(reason)


def project(folder: Path, requires: str = ">=3.11", **settings: object) -> Context:
    (folder / "pyproject.toml").write_text(PYPROJECT.format(requires=requires))
    return Context(folder, **settings)  # type: ignore[arg-type]


def test_uv_locks_when_it_is_there(tmp_path: Path) -> None:
    context = project(tmp_path, tools=("uv",))
    lock(context, installer="auto", groups=["dev"])  # type: ignore[arg-type]

    assert context.ran == [["uv", "lock", "--quiet"]]


def test_a_project_locked_for_pip_stays_with_pip(tmp_path: Path) -> None:
    context = project(tmp_path, tools=("uv",))
    (tmp_path / "requirements.lock").touch()
    lock(context, installer="auto", groups=["dev"])  # type: ignore[arg-type]

    assert "pip" in context.ran[0]


def test_pip_locks_what_the_project_and_its_groups_need(tmp_path: Path) -> None:
    context = project(tmp_path)
    lock(context, installer="auto", groups=["dev"])  # type: ignore[arg-type]

    assert context.ran[0][-3:] == ["fastapi>=0.1", "pytest", "ruff"]
    assert (tmp_path / "requirements.lock").read_text().splitlines()[1:] == ["fastapi==1.0", "pytest==1.0"]


def test_a_current_lock_is_not_made_again(tmp_path: Path) -> None:
    context = project(tmp_path)
    lock(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]
    lock(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]

    assert len(context.ran) == 1
    assert context.said == ["requirements.lock is current"]


def test_installing_twice_installs_once(tmp_path: Path) -> None:
    context = project(tmp_path)
    lock(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]
    for _ in range(2):
        install(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]

    assert sum("install" in words and "--editable" in words for words in context.ran) == 1
    assert context.said == ["dependencies are current"]


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    context = project(tmp_path)
    lock(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]
    install(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]
    python = tmp_path / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    install(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]

    assert python.is_file()
    assert "dependencies are current" not in context.said


def test_offline_tells_the_installer(tmp_path: Path) -> None:
    with_uv = project(tmp_path, tools=("uv",), offline=True)
    lock(with_uv, installer="auto", groups=[])  # type: ignore[arg-type]
    install(with_uv, installer="auto", groups=["dev"])  # type: ignore[arg-type]

    assert with_uv.ran
    assert all("--offline" in words for words in with_uv.ran)


def test_dependencies_that_cannot_be_had_say_how_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        lock(project(tmp_path, code=1), installer="pip", groups=[])  # type: ignore[arg-type]

    assert caught.value.exit == 69
    assert "devkit run env" in caught.value.help


def test_without_a_python_that_fits_the_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match=r">=4") as caught:
        lock(project(tmp_path, requires=">=4"), installer="pip", groups=[])  # type: ignore[arg-type]

    assert caught.value.exit == 69


def test_another_python_is_taken_from_path_when_this_one_does_not_fit(tmp_path: Path) -> None:
    newer = f"3.{sys.version_info.minor + 1}"
    context = project(tmp_path, requires=f">={newer}", tools=(f"python{newer}",))
    lock(context, installer="pip", groups=[])  # type: ignore[arg-type]

    assert context.ran[0][0] == f"/usr/bin/python{newer}"


def test_a_project_locked_for_uv_is_not_locked_again_for_pip(tmp_path: Path) -> None:
    context = project(tmp_path)
    (tmp_path / "uv.lock").touch()

    for act in (lock, install):
        with pytest.raises(DevkitError, match="uv is not on PATH") as caught:
            act(context, installer="auto", groups=["dev"])  # type: ignore[arg-type]
        assert caught.value.exit == 69
    assert context.ran == []
    assert not (tmp_path / "requirements.lock").exists()


def test_a_requirement_that_says_where_it_is_stays_there(tmp_path: Path) -> None:
    context = project(tmp_path)
    git, archive, local = {"url": "https://x.example/g.git"}, {"url": "https://x.example/a.zip"}, {"url": "file:///l"}
    git |= {"vcs_info": {"vcs": "git", "commit_id": "c0ffee"}, "subdirectory": "py"}  # type: ignore[dict-item]
    context.chosen = [
        {"metadata": {"name": name, "version": "1.0"}, "is_direct": True, "download_info": info}
        for name, info in {"G": git, "a": archive, "l": local}.items()
    ]
    lock(context, installer="pip", groups=[])  # type: ignore[arg-type]

    assert (tmp_path / "requirements.lock").read_text().splitlines()[1:] == [
        "a @ https://x.example/a.zip",
        "g @ git+https://x.example/g.git@c0ffee#subdirectory=py",
        "l @ file:///l",
    ]


def test_a_project_that_needs_nothing_is_locked_without_pip(tmp_path: Path) -> None:
    context = Context(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    lock(context, installer="pip", groups=["dev"])  # type: ignore[arg-type]

    assert context.ran == []
    assert len((tmp_path / "requirements.lock").read_text().splitlines()) == 1
