from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import devkit_githooks
import pytest

if TYPE_CHECKING:
    from tests.hooks.repository import Repository

SCRIPT = Path(sys.executable).with_name("devkit-hygiene")
OTHERS = ("branch-name", "commit-message", "compose", "dockerfile", "kubernetes", "drift")
ALLOWED = {"gc", "os", "sys", "zlib", "_blake2", "unicodedata"}


def launched(
    repository: Repository, *words: str, script: Path = SCRIPT, **variables: str
) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, script, *words],
        cwd=repository.root,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_named_like_a_module_in_the_repository_is_never_imported(repository: Repository) -> None:
    for name in ("json", "tomllib", "yaml", "ruamel", "fnmatch", "unicodedata", "time", "_blake2", "subprocess"):
        repository.stage(f"{name}.py", b"raise SystemExit('taken')\n")
    repository.stage("devkit_githooks/hygiene.py", b"raise SystemExit('taken')\n")
    repository.stage("é.yaml", b"a: 1\na: 2\n")
    repository.stage("a.toml", b"a =\n")
    repository.stage("b.json", b"{")
    for path in ("", ".", str(repository.root)):
        done = launched(repository, "--json", "--exclude=x", PYTHONPATH=path)
        assert (done.returncode, done.stderr, "taken" in done.stdout) == (1, "", False)


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_hooks_never_import_from_the_repository_either(repository: Repository, name: str) -> None:
    modules = ("json", "difflib", "fnmatch", "subprocess", "yaml", "ruamel", "kubernetes_validate")
    for module in (*modules, "click", "tomllib", "logging", "devkit"):
        repository.stage(f"{module}.py", b"raise SystemExit('taken')\n")
    repository.stage("compose.yaml", b"servcies: {}\nservices: {a: {image: b, environmen: {}}}\n")
    repository.stage("Dockerfile", b"FROM a\nCOPPY a\n")
    repository.stage("k.yaml", b"apiVersion: v1\nkind: Sevice\nmetadata: {name: a}\n")
    repository.write("M", b"Feet: a\n")
    repository.git("symbolic-ref", "HEAD", "refs/heads/wrong,name")
    words = ["M"] if name == "commit-message" else []
    for path in ("", ".", str(repository.root)):
        done = launched(repository, *words, PYTHONPATH=path, script=SCRIPT.with_name(f"devkit-{name}"))
        expected = 66 if name == "drift" else 1
        assert (done.returncode, "taken" in done.stdout + done.stderr) == (expected, False), done.stderr


@pytest.mark.parametrize("name", ["compose", "dockerfile", "kubernetes"])
def test_a_commit_without_such_files_needs_no_parser(repository: Repository, name: str) -> None:
    repository.stage("a.txt")
    repository.stage("a.yaml", b"a: 1\n")
    code = (
        "import sys; before = set(sys.modules); from devkit_githooks import launch;"
        f"launch.{name}(); print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"yaml", "ruamel.yaml", "subprocess", "json", "difflib"} & set(done.stdout.split())


def test_a_clean_commit_needs_few_modules(repository: Repository) -> None:
    repository.stage("a.txt")
    code = (
        "import sys; before = set(sys.modules); from devkit_githooks import launch; launch.hygiene();"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    own = [name for name in done.stdout.split() if not name.startswith("devkit_githooks")]
    assert set(own) <= ALLOWED


def test_no_module_of_the_checks_imports_devkit() -> None:
    folder = Path(devkit_githooks.__file__).parent
    users = [path.name for path in folder.glob("*.py") if "from devkit." in path.read_text("utf-8")]
    assert users == ["drift.py"]


def test_a_reader_that_goes_away_is_no_traceback(repository: Repository) -> None:
    for number in range(4000):
        repository.write(f"a-file-with-a-long-name-{number}", b"a \n")
    repository.git("add", ".")
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" "$1" --all-files | head -1', sys.executable, SCRIPT],
        cwd=repository.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")
